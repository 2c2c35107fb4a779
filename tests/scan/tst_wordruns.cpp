// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/wordruns.h"

#include <QtTest>

#include <random>

using namespace coredact;

using Bytes = std::vector<std::uint8_t>;

class TestWordRuns : public QObject {
    Q_OBJECT

private slots:
    void marksAgreeWithASlowSearch();
    void allKernelsAgree();
};

void TestWordRuns::marksAgreeWithASlowSearch()
{
    std::mt19937 dice(3);
    Bytes bytes(16384 + 12);
    // Few kinds of words, so that every pattern comes up.
    for (std::size_t at = 0; at + 4 <= bytes.size(); at += 4) {
        constexpr std::array<std::uint32_t, 8> kinds {0, 0, 0, 0, 16, 32, 48, 49};
        const auto kind = dice() % 40;
        const auto word = kind < kinds.size() ? kinds[kind] : static_cast<std::uint32_t>(dice());
        for (std::size_t i = 0; i < 4; ++i)
            bytes[at + i] = static_cast<std::uint8_t>(word >> 8 * i);
    }
    // Runs of zeros of each length.
    for (std::size_t at = 0; at + 128 < bytes.size(); at += 128)
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), at / 128 % 9 * 4,
                    std::uint8_t {0});
    const auto word = [&](std::size_t at) {
        return at + 4 <= bytes.size() ? bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16
                | static_cast<int>(static_cast<unsigned>(bytes[at + 3]) << 24)
                                      : -1;
    };
    for (const std::size_t begin : {std::size_t {0}, std::size_t {4}, std::size_t {100}})
        for (const std::size_t end : {bytes.size(), std::size_t {8000}, std::size_t {9004}}) {
            std::vector<std::pair<WordMark, std::size_t>> wanted;
            for (std::size_t at = begin; at < end && at + 4 <= bytes.size(); at += 4) {
                if (word(at) == 32 || word(at) == 48)
                    wanted.emplace_back(WordMark::Length, at);
                bool ends = at >= 32;
                for (std::size_t i = 0; ends && i < 4; ++i)
                    ends = word(at + 4 * i) == 0;
                for (std::size_t i = 1; ends && i <= 8; ++i)
                    ends = word(at - 4 * i) != 0;
                if (ends)
                    wanted.emplace_back(WordMark::EndOfRun, at);
            }
            std::vector<std::pair<WordMark, std::size_t>> found;
            findWordMarks(bytes, begin, end, [&](WordMark mark, std::size_t position) {
                found.emplace_back(mark, position);
            });
            QVERIFY(wanted.size() > 100);
            QVERIFY(found == wanted);
        }
}

void TestWordRuns::allKernelsAgree()
{
    constexpr std::array<std::uint32_t, 10> kinds {
        0, 16, 32, 48, 49, 33, 1U << 31, 32 | 1U << 16, 48U << 24, 0x1030};
    std::mt19937 dice(4);
    std::uint64_t zeros = 0;
    std::uint64_t lengths = 0;
    for (int round = 0; round < 200; ++round) {
        Bytes bytes(257);
        for (std::size_t at = 1; at < bytes.size(); at += 4)
            for (std::size_t i = 0, word = kinds[dice() % kinds.size()]; i < 4; ++i)
                bytes[at + i] = static_cast<std::uint8_t>(word >> 8 * i);
        const WordMasks wanted = wordMaskKernels().front().kernel(bytes.data() + 1);
        for (const WordMaskKernelChoice& choice : wordMaskKernels())
            QVERIFY2(choice.kernel(bytes.data() + 1) == wanted, choice.name.data());
        zeros |= wanted.zero;
        lengths |= wanted.length;
    }
    QCOMPARE(zeros, ~std::uint64_t {0});
    QCOMPARE(lengths, ~std::uint64_t {0});
}

QTEST_GUILESS_MAIN(TestWordRuns)
#include "tst_wordruns.moc"
