// SPDX-License-Identifier: GPL-3.0-or-later
#include "detectorrun.h"

#include <QTest>

#include <algorithm>
#include <cstdlib>
#include <numeric>

using namespace coredact;

namespace coredact {
extern const Detector cipherkeysDetector;
}

namespace {

using Bytes = std::vector<std::uint8_t>;

/// The state after a key was set and some bytes were encrypted, and its counters.
struct Cipher {
    Bytes state = Bytes(256);
    std::uint8_t i = 0;
    std::uint8_t j = 0;
};

Cipher inUse(std::uint32_t seed, int encrypted)
{
    Cipher cipher;
    std::iota(cipher.state.begin(), cipher.state.end(), std::uint8_t {0});
    const Bytes key = randomBytes(16, seed);
    std::uint8_t j = 0;
    for (std::size_t i = 0; i < 256; ++i) {
        j = static_cast<std::uint8_t>(j + cipher.state[i] + key[i % key.size()]);
        std::swap(cipher.state[i], cipher.state[j]);
    }
    for (int n = 0; n < encrypted; ++n) {
        ++cipher.i;
        cipher.j = static_cast<std::uint8_t>(cipher.j + cipher.state[cipher.i]);
        std::swap(cipher.state[cipher.i], cipher.state[cipher.j]);
    }
    return cipher;
}

/// As words of 32 bits.
Bytes widened(const Bytes& bytes)
{
    Bytes words;
    for (const std::uint8_t byte : bytes)
        words.insert(words.end(), {byte, 0, 0, 0});
    return words;
}

/// Zeros, the parts, zeros; as in a heap.
Bytes memoryOf(std::initializer_list<Bytes> parts)
{
    Bytes memory(400);
    for (const Bytes& part : parts)
        memory.insert(memory.end(), part.begin(), part.end());
    memory.insert(memory.end(), 400, 0);
    return memory;
}

Bytes identity()
{
    Bytes bytes(256);
    std::iota(bytes.begin(), bytes.end(), std::uint8_t {0});
    return bytes;
}

/// A byte times an odd number, or through a CRC's division: orders with a rule.
Bytes linear()
{
    Bytes bytes(256);
    for (std::size_t i = 0; i < 256; ++i) {
        auto crc = static_cast<std::uint8_t>(i);
        for (int bit = 0; bit < 8; ++bit)
            crc = static_cast<std::uint8_t>(crc << 1 ^ ((crc & 0x80) != 0 ? 0x07 : 0));
        bytes[i] = crc;
    }
    return bytes;
}

/// An order without any rule but that nearly each value has a digit of the one before, as in a
/// table of codes.
Bytes digits()
{
    Bytes left = inUse(53, 0).state;
    Bytes bytes {left.back()};
    left.pop_back();
    while (!left.empty()) {
        const auto related = std::find_if(left.begin(), left.end(), [&](std::uint8_t value) {
            return std::abs(value - bytes.back()) > 1
                && (value % 16 == bytes.back() % 16 || value / 16 == bytes.back() / 16);
        });
        const auto next = related == left.end() ? left.begin() : related;
        bytes.push_back(*next);
        left.erase(next);
    }
    return bytes;
}

/// A shuffled order that begins as the box of AES does.
Bytes boxOfAes()
{
    Bytes bytes = inUse(3, 0).state;
    const Bytes beginning {0x63, 0x7c, 0x77, 0x7b};
    for (std::size_t i = 0; i < beginning.size(); ++i)
        std::swap(*std::find(bytes.begin(), bytes.end(), beginning[i]), bytes[i]);
    return bytes;
}

} // namespace

class Rc4Test : public QObject {
    Q_OBJECT

private slots:
    void findsStatesAsLibrariesHoldThem_data();
    void findsStatesAsLibrariesHoldThem();
    void findsAStateInWordsWithoutCounters();
    void tablesAreNoStates_data();
    void tablesAreNoStates();
};

void Rc4Test::findsStatesAsLibrariesHoldThem_data()
{
    QTest::addColumn<int>("form");
    QTest::newRow("OpenSSL: counters and state in words") << 0;
    QTest::newRow("Go: state in words, counters in bytes") << 1;
    QTest::newRow("mbedTLS: counters in words, state in bytes") << 2;
    QTest::newRow("libgcrypt: state in bytes, counters in words") << 3;
    QTest::newRow("Nettle: state and counters in bytes") << 4;
}

void Rc4Test::findsStatesAsLibrariesHoldThem()
{
    QFETCH(int, form);
    for (std::uint32_t seed = 0; seed < 40; ++seed) {
        const Cipher cipher = inUse(seed, 16);
        const Bytes words = widened(cipher.state);
        const Bytes counters = widened({cipher.i, cipher.j});
        const Bytes memory = form == 0 ? memoryOf({counters, words})
            : form == 1                ? memoryOf({words, {cipher.i, cipher.j, 0, 0}})
            : form == 2                ? memoryOf({counters, cipher.state})
            : form == 3                ? memoryOf({cipher.state, counters})
                                       : memoryOf({cipher.state, {cipher.i, cipher.j, 0, 0}});
        for (const std::size_t fresh : {std::size_t {1} << 20, std::size_t {64}}) {
            const auto matches = matchesIn(cipherkeysDetector, memory, fresh);
            QCOMPARE(matches.size(), std::size_t {1});
            QVERIFY(matches[0].rule->id == "rc4-key-schedule");
            QVERIFY(matches[0].confidence == Confidence::Likely);
            QVERIFY(matches[0].value == SecretBytes(cipher.state.begin(), cipher.state.end()));
            const Bytes& held = form < 2 ? words : cipher.state;
            QVERIFY(spanned(memory, matches[0]) == SecretBytes(held.begin(), held.end()));
        }
    }
}

void Rc4Test::findsAStateInWordsWithoutCounters()
{
    const Cipher cipher = inUse(50, 16);
    const auto matches = matchesIn(cipherkeysDetector, memoryOf({widened(cipher.state)}));
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Possible);
}

void Rc4Test::tablesAreNoStates_data()
{
    QTest::addColumn<QByteArray>("values");
    const auto row = [](const char* name, const Bytes& bytes) {
        QTest::newRow(name) << QByteArray(reinterpret_cast<const char*>(bytes.data()),
                                          static_cast<qsizetype>(bytes.size()));
    };
    row("in order", identity());
    row("a CRC's", linear());
    row("a cipher's box", boxOfAes());
    row("codes of digits", digits());
    Bytes twice = inUse(51, 16).state;
    twice[7] = twice[200];
    row("one value twice", twice);
}

void Rc4Test::tablesAreNoStates()
{
    QFETCH(QByteArray, values);
    const Bytes bytes(values.begin(), values.end());
    for (const Bytes& held : {bytes, widened(bytes)}) {
        const Bytes memory = memoryOf({widened({16, 77}), held});
        QVERIFY(matchesIn(cipherkeysDetector, memory).empty());
    }
    // What no counters stand beside is no state in bytes.
    QVERIFY(matchesIn(cipherkeysDetector, memoryOf({inUse(52, 16).state})).empty());
}

QTEST_APPLESS_MAIN(Rc4Test)
#include "tst_rc4.moc"
