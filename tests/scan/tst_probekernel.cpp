// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/probekernel.h"

#include "scanner/scan/wordkernel.h"

#include <QtTest>

#include <cstring>
#include <random>

using namespace coredact;

class TestProbeKernel : public QObject {
    Q_OBJECT

private slots:
    void everyKernelPassesWhatIsInTheTable();
    void allKernelsAgreeAtEveryLength();
    void zerosPassBeforeOtherBytesOnly();
    void fewOthersPass();
    void fewWordsAreFoundAtEveryPosition();
};

namespace {

std::vector<std::uint8_t> randomBytes(std::size_t size, unsigned seed)
{
    std::mt19937 dice(seed);
    std::vector<std::uint8_t> bytes(size);
    for (auto& byte : bytes)
        byte = static_cast<std::uint8_t>(dice());
    return bytes;
}

std::vector<std::uint32_t> passedBy(ProbeKernel kernel, const ProbeTable& table,
                                    const std::vector<std::uint8_t>& bytes, std::size_t begin,
                                    std::size_t end)
{
    std::vector<std::uint32_t> passed(bytes.size() / 4 + 1);
    passed.resize(kernel(table, bytes.data(), begin, end, passed.data()));
    return passed;
}

} // namespace

void TestProbeKernel::everyKernelPassesWhatIsInTheTable()
{
    const auto bytes = randomBytes(4096, 1);
    for (const std::size_t words : {1U, 100U, 100'000U, 5'000'000U}) {
        ProbeTable table;
        table.reserve(words);
        std::vector<std::uint32_t> wanted;
        for (std::size_t at = 3; at < 4000; at += 4 * 31) {
            std::uint32_t word = 0;
            std::memcpy(&word, bytes.data() + at, sizeof word);
            table.add(word);
            wanted.push_back(static_cast<std::uint32_t>(at));
        }
        for (const ProbeKernelChoice& choice : probeKernels()) {
            const auto passed = passedBy(choice.kernel, table, bytes, 3, 4000);
            for (const std::uint32_t at : wanted)
                QVERIFY2(std::find(passed.begin(), passed.end(), at) != passed.end(),
                         choice.name.data());
        }
    }
}

void TestProbeKernel::allKernelsAgreeAtEveryLength()
{
    const auto bytes = randomBytes(1024, 2);
    ProbeTable table;
    table.reserve(40);
    for (std::size_t at = 0; at < 500; at += 12) {
        std::uint32_t word = 0;
        std::memcpy(&word, bytes.data() + at, sizeof word);
        table.add(word);
    }
    for (std::size_t begin = 0; begin < 9; ++begin)
        for (std::size_t end = begin; end < 600; ++end) {
            const auto wanted = passedBy(probeKernels().front().kernel, table, bytes, begin, end);
            for (const ProbeKernelChoice& choice : probeKernels())
                QVERIFY2(passedBy(choice.kernel, table, bytes, begin, end) == wanted,
                         choice.name.data());
        }
}

void TestProbeKernel::zerosPassBeforeOtherBytesOnly()
{
    for (const bool asWord : {false, true}) {
        ProbeTable table;
        table.reserve(100);
        table.addZerosBeforeOther();
        if (asWord)
            table.add(0);
        for (const ProbeKernelChoice& choice : probeKernels())
            for (std::size_t other = 0; other < 200; ++other) {
                // One byte that is none among zeros; behind the last of them stands another.
                std::vector<std::uint8_t> bytes(201 + 64);
                bytes[other] = 0x80;
                bytes[200] = 1;
                std::vector<std::uint32_t> wanted;
                for (std::uint32_t at = 0; at < 200; at += 4)
                    if (!(other >= at && other < at + 4)
                        && (asWord || other == at + 4 || at + 4 == 200))
                        wanted.push_back(at);
                const auto passed = passedBy(choice.kernel, table, bytes, 0, 200);
                QVERIFY2(passed == wanted, choice.name.data());
            }
    }
}

void TestProbeKernel::fewOthersPass()
{
    const auto bytes = randomBytes(1 << 16, 3);
    std::mt19937 dice(4);
    for (const std::size_t words : {10U, 1000U, 20'000U}) {
        ProbeTable table;
        table.reserve(words);
        for (std::size_t i = 0; i < words; ++i)
            table.add(static_cast<std::uint32_t>(dice()));
        for (const ProbeKernelChoice& choice : probeKernels())
            QVERIFY(passedBy(choice.kernel, table, bytes, 0, bytes.size() - 4).size()
                    < bytes.size() / 4 / 10);
    }
}

void TestProbeKernel::fewWordsAreFoundAtEveryPosition()
{
    // Few different bytes, so that first and last ones agree often.
    std::mt19937 dice(6);
    std::vector<std::uint8_t> bytes(500);
    for (auto& byte : bytes)
        byte = static_cast<std::uint8_t>(dice() % 3);
    const auto wordAt = [&](std::size_t at) {
        std::uint32_t word = 0;
        std::memcpy(&word, bytes.data() + at, sizeof word);
        return word;
    };
    std::vector<std::uint32_t> words;
    for (std::size_t more = 0; more < 10; ++more) {
        words.push_back(wordAt(5 + 31 * more));
        const std::size_t begin = 7 * more;
        for (std::size_t end = begin; end < 497; end += 7) {
            std::vector<std::uint32_t> wanted {1};
            for (std::size_t at = begin; at < end; ++at)
                if (std::find(words.begin(), words.end(), wordAt(at)) != words.end())
                    wanted.push_back(static_cast<std::uint32_t>(at));
            for (const WordKernelChoice& choice : wordKernels()) {
                std::vector<std::uint32_t> found {1};
                choice.kernel(words, bytes.data(), begin, end, found);
                QVERIFY2(found == wanted, choice.name.data());
            }
        }
    }
}

QTEST_APPLESS_MAIN(TestProbeKernel)
#include "tst_probekernel.moc"
