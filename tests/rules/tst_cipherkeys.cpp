// SPDX-License-Identifier: GPL-3.0-or-later
#include "detectorrun.h"

#include "scanner/rules/ciphers/des.h"
#include "scanner/rules/ciphers/samples.h"
#include "scanner/rules/ciphers/sm4.h"

#include <algorithm>

#include <QTest>

#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/des.h>

using namespace coredact;

namespace coredact {
extern const Detector cipherkeysDetector;
}

namespace {

constexpr std::array everyLayout {DesLayout::Libcrypto, DesLayout::Nettle, DesLayout::Libgcrypt,
                                  DesLayout::D3des, DesLayout::Java};

SecretBytes bytesOf(const char* hex)
{
    const QByteArray raw = QByteArray::fromHex(hex);
    return SecretBytes(raw.begin(), raw.end());
}

/// A key of 8 bytes, each with an odd number of bits.
SecretBytes desKey(std::uint32_t seed)
{
    SecretBytes key;
    for (const std::uint8_t byte : randomBytes(8, seed))
        key.push_back(static_cast<std::uint8_t>(
            std::popcount(static_cast<unsigned>(byte)) % 2 == 0 ? byte ^ 1U : byte));
    return key;
}

SecretBytes sm4Key(std::uint32_t seed)
{
    const auto bytes = randomBytes(16, seed);
    return SecretBytes(bytes.begin(), bytes.end());
}

/// The last round's keys first.
SecretBytes reversed(const SecretBytes& schedule, std::size_t roundSize)
{
    SecretBytes other;
    for (std::size_t at = schedule.size(); at > 0; at -= roundSize)
        other.insert(other.end(), schedule.begin() + static_cast<std::ptrdiff_t>(at - roundSize),
                     schedule.begin() + static_cast<std::ptrdiff_t>(at));
    return other;
}

SecretBytes joined(std::initializer_list<SecretBytes> parts)
{
    SecretBytes all;
    for (const SecretBytes& part : parts)
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

/// Every form of a DES key's schedule.
std::vector<SecretBytes> desForms(const SecretBytes& key)
{
    std::vector<SecretBytes> forms;
    for (const DesLayout layout : everyLayout) {
        forms.push_back(expandDesKey(key, layout));
        forms.push_back(reversed(forms.back(), 8));
    }
    return forms;
}

} // namespace

class CipherKeysTest : public QObject {
    Q_OBJECT

private slots:
    void desRoundKeysAreLaidOutAsLibrariesDo_data();
    void desRoundKeysAreLaidOutAsLibrariesDo();
    void desRoundKeysAgreeWithLibcryptos();
    void findsEveryFormOfDesAtEveryAlignment();
    void tellsNoParity();
    void threeSchedulesAreOneKey_data();
    void threeSchedulesAreOneKey();
    void bothDirectionsOfOneKeyAreNoTripleDes();
    void tellsEachOfManySchedulesOnce();
    void findsNoWeakKeysAndNoSparseOnes();
    void sm4RoundKeysAreTheStandards();
    void findsSm4InBothOrdersAtEveryWord();
    void findsSchedulesOnceWhereverAWindowEnds();
    void aWrongBitIsNoSchedule();
    void findsNothingInNoiseAndTables();
};

void CipherKeysTest::desRoundKeysAreLaidOutAsLibrariesDo_data()
{
    QTest::addColumn<DesLayout>("layout");
    QTest::addColumn<SecretBytes>("first");
    QTest::addColumn<SecretBytes>("last");
    // Read out of contexts of these libraries with the key below.
    QTest::newRow("libcrypto 3.0")
        << DesLayout::Libcrypto << bytesOf("60d0fc80c4400fce") << bytesOf("4c6cc0f8ca0c4dc8");
    QTest::newRow("Nettle 3.8") << DesLayout::Nettle << bytesOf("0cf4e04c06cd0f08")
                                << bytesOf("ccd084acc4068ccf");
    QTest::newRow("libgcrypt 1.10")
        << DesLayout::Libgcrypt << bytesOf("32072f30013f0b06") << bytesOf("35210b331f033632");
    QTest::newRow("Bouncy Castle 1.72")
        << DesLayout::D3des << bytesOf("013f0b0632072f30") << bytesOf("1f03363235210b33");
    QTest::newRow("Java 17") << DesLayout::Java << bytesOf("1803343d3f382013")
                             << bytesOf("331b3430213e2b");
}

void CipherKeysTest::desRoundKeysAreLaidOutAsLibrariesDo()
{
    QFETCH(DesLayout, layout);
    QFETCH(SecretBytes, first);
    QFETCH(SecretBytes, last);
    const SecretBytes schedule = expandDesKey(bytesOf("133457799bbcdff1"), layout);
    QCOMPARE(schedule.size(), roundKeyBytes);
    QVERIFY(std::equal(first.begin(), first.end(), schedule.begin()));
    QVERIFY(std::equal(last.rbegin(), last.rend(), schedule.rbegin()));
}

void CipherKeysTest::desRoundKeysAgreeWithLibcryptos()
{
    for (std::uint32_t seed = 0; seed < 50; ++seed) {
        const SecretBytes key = desKey(seed);
        DES_cblock block;
        std::copy(key.begin(), key.end(), block);
        DES_key_schedule schedule;
        DES_set_key_unchecked(&block, &schedule);
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(&schedule);
        QVERIFY(expandDesKey(key, DesLayout::Libcrypto)
                == SecretBytes(bytes, bytes + sizeof schedule));
    }
}

void CipherKeysTest::findsEveryFormOfDesAtEveryAlignment()
{
    const SecretBytes key = desKey(1);
    for (const SecretBytes& form : desForms(key))
        for (std::size_t before = 0; before < 200; ++before) {
            const auto bytes = buried(form, before, before % 7);
            const auto matches = matchesIn(cipherkeysDetector, bytes);
            QCOMPARE(matches.size(), std::size_t {1});
            QVERIFY(matches[0].rule->id == "des-key-schedule");
            QVERIFY(matches[0].confidence == Confidence::Verified);
            QVERIFY(matches[0].value == key);
            QVERIFY(spanned(bytes, matches[0]) == form);
        }
}

void CipherKeysTest::tellsNoParity()
{
    SecretBytes key = desKey(2);
    const SecretBytes odd = key;
    for (std::uint8_t& byte : key)
        byte ^= 1;
    QVERIFY(expandDesKey(key, DesLayout::Libcrypto) == expandDesKey(odd, DesLayout::Libcrypto));
    const auto matches = matchesIn(cipherkeysDetector, expandDesKey(key, DesLayout::Libcrypto));
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].value == odd);
}

void CipherKeysTest::threeSchedulesAreOneKey_data()
{
    QTest::addColumn<SecretBytes>("schedules");
    QTest::addColumn<SecretBytes>("key");
    const std::array keys {desKey(3), desKey(4), desKey(5)};
    const SecretBytes all = joined({keys[0], keys[1], keys[2]});
    for (const DesLayout layout : everyLayout) {
        std::array<SecretBytes, 3> there;
        std::array<SecretBytes, 3> back;
        for (std::size_t i = 0; i < 3; ++i) {
            there[i] = expandDesKey(keys[i], layout);
            back[i] = reversed(there[i], 8);
        }
        const auto name = std::to_string(static_cast<int>(layout));
        QTest::addRow("plain %s", name.c_str()) << joined({there[0], there[1], there[2]}) << all;
        QTest::addRow("encryption %s", name.c_str())
            << joined({there[0], back[1], there[2]}) << all;
        QTest::addRow("decryption %s", name.c_str()) << joined({back[2], there[1], back[0]}) << all;
        QTest::addRow("two keys %s", name.c_str())
            << joined({there[0], there[1], there[0]}) << joined({keys[0], keys[1], keys[0]});
    }
}

void CipherKeysTest::threeSchedulesAreOneKey()
{
    QFETCH(SecretBytes, schedules);
    QFETCH(SecretBytes, key);
    for (const std::size_t fresh : {std::size_t {1} << 20, std::size_t {64}}) {
        const auto bytes = buried(schedules, 300, 300);
        const auto matches = matchesIn(cipherkeysDetector, bytes, fresh);
        QCOMPARE(matches.size(), std::size_t {1});
        QVERIFY(matches[0].title.starts_with("Triple DES"));
        QVERIFY(matches[0].value == key);
        QVERIFY(spanned(bytes, matches[0]) == schedules);
    }
}

void CipherKeysTest::bothDirectionsOfOneKeyAreNoTripleDes()
{
    const SecretBytes there = expandDesKey(desKey(6), DesLayout::Libgcrypt);
    const SecretBytes back = reversed(there, 8);
    const auto matches = matchesIn(cipherkeysDetector, joined({there, back, there, back}));
    QCOMPARE(matches.size(), std::size_t {4});
    for (const Match& match : matches)
        QVERIFY(match.value == desKey(6));
}

void CipherKeysTest::tellsEachOfManySchedulesOnce()
{
    SecretBytes bytes;
    for (std::uint32_t i = 0; i < 60; ++i) {
        const SecretBytes one = expandDesKey(desKey(100 + i), DesLayout::Nettle);
        bytes.insert(bytes.end(), one.begin(), one.end());
    }
    for (const std::size_t fresh : {std::size_t {1} << 20, std::size_t {100}}) {
        const auto matches = matchesIn(cipherkeysDetector, bytes, fresh);
        std::size_t end = 0;
        for (const Match& match : matches) {
            QCOMPARE(match.spans[0].begin, end);
            end = match.spans[0].end;
            QCOMPARE(end - match.spans[0].begin,
                     (end <= 15 * roundKeyBytes ? 3 : 1) * roundKeyBytes);
        }
        QCOMPARE(end, bytes.size());
    }
}

void CipherKeysTest::findsNoWeakKeysAndNoSparseOnes()
{
    for (const char* hex : {"0101010101010101", "fefefefefefefefe", "1f1f1f1f0e0e0e0e",
                            "01fe01fe01fe01fe", "0000000000000000", "8000000000000000"})
        for (const SecretBytes& form : desForms(bytesOf(hex)))
            QVERIFY(matchesIn(cipherkeysDetector, form).empty());
    // One byte over and over is the schedule of a weak key.
    QVERIFY(matchesIn(cipherkeysDetector, SecretBytes(4096, '?')).empty());
}

void CipherKeysTest::sm4RoundKeysAreTheStandards()
{
    // GB/T 32907-2016, annex A.
    const SecretBytes key = bytesOf("0123456789abcdef"
                                    "fedcba9876543210");
    const SecretBytes schedule = expandSm4Key(key);
    QCOMPARE(schedule.size(), roundKeyBytes);
    const SecretBytes first = bytesOf("f98621f1612b6641");
    const SecretBytes last = bytesOf("12a02491");
    QVERIFY(std::equal(first.begin(), first.end(), schedule.begin()));
    QVERIFY(std::equal(last.begin(), last.end(), schedule.end() - 4));
    const auto matches = matchesIn(cipherkeysDetector, schedule);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].value == key);
}

void CipherKeysTest::findsSm4InBothOrdersAtEveryWord()
{
    const SecretBytes key = sm4Key(7);
    for (const SecretBytes& form : {expandSm4Key(key), reversed(expandSm4Key(key), 4)})
        for (std::size_t before = 0; before < 400; before += 4) {
            const auto bytes = buried(form, before, before % 3);
            const auto matches = matchesIn(cipherkeysDetector, bytes);
            QCOMPARE(matches.size(), std::size_t {1});
            QVERIFY(matches[0].rule->id == "sm4-key-schedule");
            QVERIFY(matches[0].confidence == Confidence::Verified);
            QVERIFY(matches[0].value == key);
            QVERIFY(spanned(bytes, matches[0]) == form);
        }
}

void CipherKeysTest::findsSchedulesOnceWhereverAWindowEnds()
{
    std::vector<SecretBytes> forms = desForms(desKey(8));
    forms.push_back(expandSm4Key(sm4Key(9)));
    for (const SecretBytes& form : forms)
        for (std::size_t before = 400; before < 700; before += 4)
            for (const std::size_t fresh : {std::size_t {512}, std::size_t {20}})
                QCOMPARE(matchesIn(cipherkeysDetector, buried(form, before, 500), fresh).size(),
                         std::size_t {1});
}

void CipherKeysTest::aWrongBitIsNoSchedule()
{
    std::vector<SecretBytes> forms = desForms(desKey(10));
    forms.push_back(expandSm4Key(sm4Key(11)));
    for (const SecretBytes& form : forms)
        for (std::size_t bit = 0; bit < 8 * form.size(); ++bit) {
            SecretBytes bytes = form;
            bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ 1U << bit % 8);
            QVERIFY(matchesIn(cipherkeysDetector, bytes).empty());
        }
}

void CipherKeysTest::findsNothingInNoiseAndTables()
{
    QVERIFY(matchesIn(cipherkeysDetector, randomBytes(1 << 20, 12)).empty());
    QVERIFY(matchesIn(cipherkeysDetector, std::vector<std::uint8_t>(1 << 16)).empty());
    for (const unsigned mask : {0x3fU, 0xfcU, 0xcfU, 0x0fU, 0x30U}) {
        auto bytes = randomBytes(1 << 14, 13);
        for (std::uint8_t& byte : bytes)
            byte = static_cast<std::uint8_t>(byte & mask);
        QVERIFY(matchesIn(cipherkeysDetector, bytes).empty());
    }
    // Round keys of each six bits that belong to no key.
    auto bytes = randomBytes(1 << 14, 14);
    for (std::size_t at = 0; at < bytes.size(); ++at)
        bytes[at] &= at % 8 < 4 ? 0xfc : 0xcf;
    QVERIFY(matchesIn(cipherkeysDetector, bytes).empty());
}

QTEST_GUILESS_MAIN(CipherKeysTest)
#include "tst_cipherkeys.moc"
