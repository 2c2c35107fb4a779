// SPDX-License-Identifier: GPL-3.0-or-later
// DES keys as they were given, beside their round keys, which do not tell the bits of parity.
#include "scanner/rules/ciphers/des.h"
#include "tests/support/scanning.h"

#include <QtTest>

#include <openssl/rand.h>

#include <algorithm>
#include <random>

using namespace coredact;
using namespace coredact::test;

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t schedulePlace = 4096;

/// A triple DES key of which every byte has an even number of bits.
SecretBytes evenKey()
{
    SecretBytes key(24);
    RAND_bytes(key.data(), static_cast<int>(key.size()));
    for (std::uint8_t& byte : key)
        byte = static_cast<std::uint8_t>(std::popcount(byte) % 2 == 0 ? byte : byte ^ 1U);
    return key;
}

/// Random bytes, and among them the round keys of triple DES and the key itself.
Bytes memoryOf(const SecretBytes& key, std::size_t place)
{
    std::mt19937 dice(11);
    Bytes bytes(16384);
    for (std::uint8_t& byte : bytes)
        byte = static_cast<std::uint8_t>(dice());
    for (std::size_t i = 0; i < 3; ++i) {
        const SecretBytes schedule
            = expandDesKey(ByteView(key).subspan(8 * i, 8), DesLayout::Libcrypto);
        std::copy(schedule.begin(), schedule.end(),
                  bytes.begin() + static_cast<std::ptrdiff_t>(schedulePlace + 128 * i));
    }
    std::copy(key.begin(), key.end(), bytes.begin() + static_cast<std::ptrdiff_t>(place));
    return bytes;
}

/// Whether each byte of [begin, begin + size) is in an occurrence of DES's rule.
bool isCovered(const ScanResult& result, std::size_t begin, std::size_t size)
{
    std::vector<bool> covered(size);
    for (const Finding& finding : result.findings)
        if (finding.rule == "des-key-schedule")
            for (const Occurrence& occurrence : finding.occurrences)
                for (const Piece& piece : occurrence.pieces)
                    for (std::size_t i = 0; i < size; ++i)
                        covered[i] = covered[i] || piece.file.contains(begin + i);
    return std::count(covered.begin(), covered.end(), false) == 0;
}

} // namespace

class TestDesCopies : public QObject {
    Q_OBJECT

private slots:
    void findsAKeyWhateverItsParity();
    void findsItsWritingsToo();
    void doesNotDependOnWindows();
    void anotherKeyIsNone();
};

void TestDesCopies::findsAKeyWhateverItsParity()
{
    for (const std::size_t place : {8192U, 8195U, 16360U}) {
        SecretBytes key = evenKey();
        QVERIFY(isCovered(scanned(memoryOf(key, place)), place, key.size()));
        key[3] ^= 1;
        QVERIFY(isCovered(scanned(memoryOf(key, place)), place, key.size()));
    }
}

void TestDesCopies::findsItsWritingsToo()
{
    const SecretBytes key = evenKey();
    Bytes bytes = memoryOf(key, 8192);
    const QByteArray hex
        = QByteArray(reinterpret_cast<const char*>(key.data()), static_cast<int>(key.size()))
              .toHex();
    std::copy(hex.begin(), hex.end(), bytes.begin() + 12001);
    QVERIFY(isCovered(scanned(bytes), 12001, 48));
}

void TestDesCopies::doesNotDependOnWindows()
{
    const SecretBytes key = evenKey();
    const Bytes bytes = memoryOf(key, 8190);
    const auto wanted = scanned(bytes);
    QVERIFY(isCovered(wanted, schedulePlace, 384));
    for (const std::size_t window : {std::size_t {64}, std::size_t {4096}, std::size_t {8192}})
        QVERIFY(scanned(bytes, cut(2, window)).findings == wanted.findings);
}

void TestDesCopies::anotherKeyIsNone()
{
    const SecretBytes key = evenKey();
    Bytes bytes = memoryOf(key, 8192);
    bytes[8192] ^= 2;
    bytes[8200] ^= 2;
    bytes[8208] ^= 2;
    const auto findings = scanned(bytes);
    QVERIFY(isCovered(findings, schedulePlace, 384));
    QVERIFY(!isCovered(findings, 8192, 1));
}

QTEST_GUILESS_MAIN(TestDesCopies)
#include "tst_descopies.moc"
