// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/needles.h"

#include "tests/rules/detectorrun.h"

#include <QtTest>

#include <cstring>

using namespace coredact;

namespace {

std::uint64_t wordAt(const std::vector<std::uint8_t>& bytes, std::size_t at)
{
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, sizeof word);
    return word;
}

} // namespace

class TestLowBits : public QObject {
    Q_OBJECT

private slots:
    void everySearchFindsTheFirstWordThatMayBeInTheSet()
    {
        auto bytes = randomBytes(1000, 1);
        LowBits set;
        for (std::size_t at = 3; at + 8 <= bytes.size(); at += 97)
            set.add(wordAt(bytes, at));
        for (std::size_t begin = 0; begin < 40; ++begin)
            for (std::size_t end = 0; end + 7 <= bytes.size(); end += 13) {
                std::size_t wanted = begin;
                while (wanted < end && !set.mayHold(wordAt(bytes, wanted)))
                    wanted += LowBits::step;
                for (const auto& choice : lowBitsKernels())
                    QVERIFY2(choice.kernel(set, bytes.data(), begin, end) == wanted,
                             choice.name.data());
            }
    }

    void allWordsOfTheSetAndFewOthersPass()
    {
        const auto bytes = randomBytes(8000, 2);
        LowBits set;
        for (std::size_t at = 0; at < 800; at += 8)
            set.add(wordAt(bytes, at));
        std::size_t passed = 0;
        for (std::size_t at = 0; at < bytes.size(); at += 8) {
            passed += set.mayHold(wordAt(bytes, at)) ? 1 : 0;
            QVERIFY(at >= 800 || set.mayHold(wordAt(bytes, at)));
        }
        QVERIFY(passed < 110);
    }

    void stringsAreFoundAtEveryPlaceAndUpToTheEnd()
    {
        const auto random = randomBytes(16, 3);
        const SecretBytes needle(random.begin(), random.end());
        NeedleSearch search;
        search.add(needle, 7);
        search.build();
        for (std::size_t size = 16; size < 160; ++size)
            for (std::size_t at = 0; at + 16 <= size; ++at) {
                std::vector<std::uint8_t> bytes(size, 1);
                std::copy(needle.begin(), needle.end(),
                          bytes.begin() + static_cast<std::ptrdiff_t>(at));
                std::vector<std::size_t> places;
                search.look(bytes, size, [&](std::size_t index, std::size_t begin) {
                    QCOMPARE(index, std::size_t {7});
                    places.push_back(begin);
                });
                QCOMPARE(places, std::vector {at});
            }
    }
};

QTEST_APPLESS_MAIN(TestLowBits)
#include "tst_lowbits.moc"
