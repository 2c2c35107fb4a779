// SPDX-License-Identifier: GPL-3.0-or-later
#include "detectorrun.h"

#include <QTest>

using namespace coredact;

namespace coredact {
extern const Detector chachaDetector;
}

namespace {

using Bytes = std::vector<std::uint8_t>;

const std::array<std::string, 2> names {"expand 32-by"
                                        "te k",
                                        "expand 16-by"
                                        "te k"};

void append(Bytes& bytes, ByteView more) { bytes.insert(bytes.end(), more.begin(), more.end()); }

Bytes swappedWords(Bytes bytes)
{
    for (std::size_t at = 0; at + 4 <= bytes.size(); at += 4)
        std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                     bytes.begin() + static_cast<std::ptrdiff_t>(at + 4));
    return bytes;
}

/// ChaCha20's state (RFC 8439 2.3): constant, key, counter and nonce.
Bytes chachaState(const Bytes& key)
{
    Bytes state;
    append(state, asBytes(names[key.size() == 32 ? 0 : 1]));
    append(state, key);
    if (key.size() == 16)
        append(state, key);
    append(state, randomBytes(16, 2));
    return state;
}

/// Salsa20's: the constant's words stand at 0, 5, 10 and 15.
Bytes salsaState(const Bytes& key)
{
    const std::string& name = names[key.size() == 32 ? 0 : 1];
    Bytes state;
    append(state, asBytes(name.substr(0, 4)));
    append(state, ByteView(key).first(16));
    append(state, asBytes(name.substr(4, 4)));
    append(state, randomBytes(16, 3));
    append(state, asBytes(name.substr(8, 4)));
    append(state, ByteView(key).last(16));
    append(state, asBytes(name.substr(12, 4)));
    return state;
}

} // namespace

class ChachaTest : public QObject {
    Q_OBJECT

private slots:
    void findsTheKeyOfAState_data();
    void findsTheKeyOfAState();
    void findsAStateOnceWhereverAWindowEnds();
    void aSpoiltConstantOrAnEmptyKeyIsNone();
    void theStateOfARandomGeneratorIsInfo();
    void aStateThatHoldsItsOwnAddressIsAGenerators();
};

void ChachaTest::findsTheKeyOfAState_data()
{
    QTest::addColumn<bool>("salsa");
    QTest::addColumn<int>("size");
    QTest::addColumn<bool>("swapped");
    for (const bool salsa : {false, true})
        for (const int size : {32, 16})
            for (const bool swapped : {false, true})
                QTest::addRow("%s, %d bytes%s", salsa ? "Salsa20" : "ChaCha20", size,
                              swapped ? ", words swapped" : "")
                    << salsa << size << swapped;
}

void ChachaTest::findsTheKeyOfAState()
{
    QFETCH(bool, salsa);
    QFETCH(int, size);
    QFETCH(bool, swapped);
    const Bytes key = randomBytes(static_cast<std::size_t>(size), 1);
    Bytes state = salsa ? salsaState(key) : chachaState(key);
    if (swapped)
        state = swappedWords(state);
    const Bytes wanted = swapped ? swappedWords(key) : key;
    for (std::size_t before = 0; before < 9; ++before) {
        const auto matches = matchesIn(chachaDetector, buried(state, before, 100));
        QCOMPARE(matches.size(), std::size_t {1});
        const Match& match = matches[0];
        QVERIFY(match.rule->id == "chacha20-key");
        QVERIFY(match.confidence == Confidence::Likely);
        QVERIFY(match.title.starts_with(salsa ? "Salsa20" : "ChaCha20"));
        QVERIFY(std::equal(wanted.begin(), wanted.end(), match.value.begin(), match.value.end()));
        QCOMPARE(match.spans.front().begin, before + (salsa ? 4 : 16));
        QCOMPARE(match.spans.back().end, before + (salsa ? 60 : 48));
    }
}

void ChachaTest::findsAStateOnceWhereverAWindowEnds()
{
    for (const bool salsa : {false, true}) {
        const Bytes key = randomBytes(32, 4);
        const Bytes state = salsa ? salsaState(key) : chachaState(key);
        for (std::size_t before = 400; before < 540; ++before)
            QCOMPARE(matchesIn(chachaDetector, buried(state, before, 600), 512).size(),
                     std::size_t {1});
    }
}

void ChachaTest::aSpoiltConstantOrAnEmptyKeyIsNone()
{
    const Bytes state = chachaState(randomBytes(32, 5));
    for (std::size_t wrong = 0; wrong < 16; ++wrong) {
        Bytes bytes = state;
        bytes[wrong] ^= 1;
        QVERIFY(matchesIn(chachaDetector, bytes).empty());
    }
    QVERIFY(matchesIn(chachaDetector, chachaState(Bytes(32))).empty());
    QVERIFY(matchesIn(chachaDetector, ByteView(state).first(63)).empty());
    // Programs hold the constant among their texts.
    Bytes text;
    append(text, asBytes(std::string("ChaCha20 for any processor, by somebody")));
    text.resize(32);
    QVERIFY(matchesIn(chachaDetector, chachaState(text)).empty());
    // A key of 16 bytes stands there twice.
    Bytes halves = chachaState(randomBytes(16, 6));
    halves[40] ^= 1;
    QVERIFY(matchesIn(chachaDetector, halves).empty());
}

void ChachaTest::theStateOfARandomGeneratorIsInfo()
{
    Bytes state = chachaState(randomBytes(32, 7));
    const Bytes time {0x12, 0x34, 0x56, 0x6b, 0, 0, 0, 0};
    std::copy(time.begin(), time.end(), state.begin() + 56);
    append(state, Bytes(16)); // how much was drawn, and by which process
    append(state, time);
    const auto matches = matchesIn(chachaDetector, state);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].rule->id == "random-generator-key");
    QVERIFY(matches[0].rule->severity == Severity::Info);
    state.back() = 1;
    QVERIFY(matchesIn(chachaDetector, state).at(0).rule->id == "chacha20-key");
    // A cipher that has no nonce yet is none.
    std::fill(state.begin() + 48, state.end(), std::uint8_t {0});
    QVERIFY(matchesIn(chachaDetector, state).at(0).rule->id == "chacha20-key");
}

void ChachaTest::aStateThatHoldsItsOwnAddressIsAGenerators()
{
    constexpr std::uint64_t address = 0x7f5493305000;
    constexpr std::size_t before = 0xac8;
    Bytes state = chachaState(randomBytes(32, 8));
    for (std::size_t i = 0; i < 8; ++i)
        state[56 + i] = static_cast<std::uint8_t>((address + before) >> 8 * i);
    const Bytes bytes = buried(state, before, 200);
    const auto ruleIn = [&](std::uint64_t at) {
        const auto matches = matchesIn(chachaDetector, bytes, 4096, at);
        return matches.size() == 1 ? matches[0].rule->id : std::string();
    };
    QCOMPARE(ruleIn(address), std::string("random-generator-key"));
    QCOMPARE(ruleIn(address + 8), std::string("chacha20-key"));
    QCOMPARE(ruleIn(0), std::string("chacha20-key"));
}

QTEST_GUILESS_MAIN(ChachaTest)
#include "tst_chacha.moc"
