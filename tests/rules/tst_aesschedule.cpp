// SPDX-License-Identifier: GPL-3.0-or-later
#include "detectorrun.h"

#include "scanner/rules/aes/generator.h"
#include "scanner/rules/aes/kernel.h"
#include "scanner/rules/aes/schedule.h"

#include <algorithm>

#include <QTest>

#include <openssl/aes.h>

using namespace coredact;

namespace {

SecretBytes bytesOf(const char* hex)
{
    const QByteArray raw = QByteArray::fromHex(hex);
    return SecretBytes(raw.begin(), raw.end());
}

SecretBytes keyOf(std::size_t size, std::uint32_t seed)
{
    const auto bytes = randomBytes(size, seed + 1000);
    return SecretBytes(bytes.begin(), bytes.end());
}

SecretBytes swappedWords(SecretBytes bytes)
{
    for (std::size_t at = 0; at + 4 <= bytes.size(); at += 4)
        std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                     bytes.begin() + static_cast<std::ptrdiff_t>(at + 4));
    return bytes;
}

/// The round keys from the last to the first, as they are.
SecretBytes reversedRounds(const SecretBytes& expanded)
{
    SecretBytes bytes;
    for (std::size_t at = expanded.size(); at > 0; at -= 16)
        bytes.insert(bytes.end(), expanded.begin() + static_cast<std::ptrdiff_t>(at - 16),
                     expanded.begin() + static_cast<std::ptrdiff_t>(at));
    return bytes;
}

/// All six forms of a key's schedule.
std::vector<SecretBytes> formsOf(const SecretBytes& key)
{
    const SecretBytes expanded = expandAesKey(key);
    std::vector<SecretBytes> forms {expanded, aesDecryptionSchedule(expanded),
                                    reversedRounds(expanded)};
    for (std::size_t i = 0; i < 3; ++i)
        forms.push_back(swappedWords(forms[i]));
    return forms;
}

std::vector<std::size_t> triggers(AesKernel kernel, ByteView bytes)
{
    std::vector<std::size_t> found;
    for (std::size_t at = 0; (at = kernel(bytes, at, bytes.size())) < bytes.size(); at += 4)
        found.push_back(at);
    return found;
}

} // namespace

class AesScheduleTest : public QObject {
    Q_OBJECT

private slots:
    void expandsTheStandardsKeys_data();
    void expandsTheStandardsKeys();
    void agreesWithLibcryptosDecryptionSchedule();
    void findsEveryFormAtEveryAlignment_data();
    void findsEveryFormAtEveryAlignment();
    void findsAScheduleOnceWhereverAWindowEnds();
    void findsAScheduleAtTheEndsOfTheBytes();
    void oneWrongByteIsNoSchedule();
    void kernelsAgree();
    void valueIsTheKey();
    void tellsBothSchedulesAsDerived();
    void thePublicKeyOfTheRandomGeneratorIsInfo();
    void keysOfOneByteAreInfo();
    void labelsThePairOfXts();
    void knowsTheStructureOfARandomGenerator_data();
    void knowsTheStructureOfARandomGenerator();
    void findsNothingInNoiseZerosAndCounters();
};

void AesScheduleTest::expandsTheStandardsKeys_data()
{
    QTest::addColumn<SecretBytes>("key");
    QTest::addColumn<SecretBytes>("lastRound");
    // FIPS-197 A.1, A.2, A.3: the keys and their last round keys.
    QTest::newRow("128") << bytesOf("2b7e151628aed2a6"
                                    "abf7158809cf4f3c")
                         << bytesOf("d014f9a8c9ee2589"
                                    "e13f0cc8b6630ca6");
    QTest::newRow("192") << bytesOf("8e73b0f7da0e6452"
                                    "c810f32b809079e5"
                                    "62f8ead2522c6b7b")
                         << bytesOf("e98ba06f448c773c"
                                    "8ecc720401002202");
    QTest::newRow("256") << bytesOf("603deb1015ca71be"
                                    "2b73aef0857d7781"
                                    "1f352c073b6108d7"
                                    "2d9810a30914dff4")
                         << bytesOf("fe4890d1e6188d0b"
                                    "046df344706c631e");
}

void AesScheduleTest::expandsTheStandardsKeys()
{
    QFETCH(SecretBytes, key);
    QFETCH(SecretBytes, lastRound);
    const SecretBytes expanded = expandAesKey(key);
    QCOMPARE(expanded.size(), 4 * (key.size() + 28));
    QVERIFY(std::equal(lastRound.begin(), lastRound.end(), expanded.end() - 16));
    const auto matches = matchesIn(aesscheduleDetector, expanded);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].value == key);
}

void AesScheduleTest::agreesWithLibcryptosDecryptionSchedule()
{
    for (const std::size_t size : {16U, 24U, 32U}) {
        const SecretBytes key = keyOf(size, 3);
        AES_KEY schedule;
        // The portable code of libcrypto: words in the machine's order.
        QT_WARNING_PUSH
        QT_WARNING_DISABLE_DEPRECATED
        QCOMPARE(AES_set_decrypt_key(key.data(), static_cast<int>(size) * 8, &schedule), 0);
        QT_WARNING_POP
        const SecretBytes wanted = aesDecryptionSchedule(expandAesKey(key));
        const auto* words = reinterpret_cast<const std::uint8_t*>(schedule.rd_key);
        const SecretBytes there(words, words + wanted.size());
        QVERIFY(there == wanted || there == swappedWords(wanted));
        const auto matches = matchesIn(aesscheduleDetector, there);
        QCOMPARE(matches.size(), std::size_t {1});
        QVERIFY(matches[0].value == key);
    }
}

void AesScheduleTest::findsEveryFormAtEveryAlignment_data()
{
    QTest::addColumn<int>("size");
    for (const int size : {16, 24, 32})
        QTest::addRow("AES-%d", size * 8) << size;
}

void AesScheduleTest::findsEveryFormAtEveryAlignment()
{
    QFETCH(int, size);
    const SecretBytes key = keyOf(static_cast<std::size_t>(size), 5);
    for (const SecretBytes& form : formsOf(key)) {
        for (std::size_t before = 64; before < 64 + 64; ++before) {
            const auto bytes = buried(form, before, 333);
            for (const AesKernelChoice& choice : aesKernels()) {
                std::vector<AesSchedule> found;
                findAesSchedules(bytes, 0, bytes.size(), choice.kernel,
                                 [&](const AesSchedule& s) { found.push_back(s); });
                QCOMPARE(found.size(), std::size_t {1});
                QCOMPARE(found[0].position, before);
                QVERIFY(aesKeyOf(bytes, found[0]) == key);
            }
        }
    }
}

void AesScheduleTest::findsAScheduleOnceWhereverAWindowEnds()
{
    for (const std::size_t size : {16U, 24U, 32U}) {
        for (const SecretBytes& form : formsOf(keyOf(size, 6))) {
            for (std::size_t before = 700; before < 1100; before += 7) {
                const auto bytes = buried(form, before, 700);
                const auto matches = matchesIn(aesscheduleDetector, bytes, 512);
                QCOMPARE(matches.size(), std::size_t {1});
                QCOMPARE(matches[0].spans[0].begin, before);
            }
        }
    }
}

void AesScheduleTest::findsAScheduleAtTheEndsOfTheBytes()
{
    for (const std::size_t size : {16U, 24U, 32U})
        for (const SecretBytes& form : formsOf(keyOf(size, 7))) {
            QCOMPARE(matchesIn(aesscheduleDetector, form).size(), std::size_t {1});
            for (std::size_t before = 1; before < 70; ++before)
                QCOMPARE(matchesIn(aesscheduleDetector, buried(form, before, 0)).size(),
                         std::size_t {1});
        }
}

void AesScheduleTest::oneWrongByteIsNoSchedule()
{
    for (const std::size_t size : {16U, 24U, 32U})
        for (const SecretBytes& form : formsOf(keyOf(size, 8)))
            for (std::size_t wrong = 0; wrong < form.size(); ++wrong) {
                SecretBytes bytes = form;
                bytes[wrong] ^= 1;
                QVERIFY(matchesIn(aesscheduleDetector, bytes).empty());
            }
}

void AesScheduleTest::kernelsAgree()
{
    // Few different bytes make many words that satisfy a relation by chance.
    auto bytes = randomBytes(1 << 16, 9);
    for (std::size_t at = 1 << 14; at < bytes.size(); ++at)
        bytes[at] &= at < (1 << 15) ? 1 : at % 3 == 0 ? 0x80 : 0;
    for (std::size_t begin = 0; begin < 70; ++begin) {
        const ByteView part = ByteView(bytes).subspan(begin, bytes.size() - begin - begin * 3);
        const auto wanted = triggers(aesKernelPortable, part);
        QVERIFY(wanted.size() > 100);
        for (const AesKernelChoice& choice : aesKernels())
            QVERIFY2(triggers(choice.kernel, part) == wanted, std::string(choice.name).c_str());
    }
    QVERIFY(aesKernels().front().name == "portable");
}

void AesScheduleTest::valueIsTheKey()
{
    for (const std::size_t size : {16U, 24U, 32U}) {
        const SecretBytes key = keyOf(size, 10);
        for (const SecretBytes& form : formsOf(key)) {
            const auto matches = matchesIn(aesscheduleDetector, form);
            QCOMPARE(matches.size(), std::size_t {1});
            QVERIFY(matches[0].value == key);
            QVERIFY(matches[0].confidence == Confidence::Verified);
            QCOMPARE(spanned(form, matches[0]).size(), form.size());
        }
    }
}

void AesScheduleTest::tellsBothSchedulesAsDerived()
{
    const SecretBytes key = keyOf(32, 11);
    const auto matches = matchesIn(aesscheduleDetector, expandAesKey(key));
    const auto derives = [&](const SecretBytes& bytes) {
        return std::any_of(matches.at(0).derived.begin(), matches.at(0).derived.end(),
                           [&](const DerivedValue& value) { return value.bytes == bytes; });
    };
    QVERIFY(derives(expandAesKey(key)));
    QVERIFY(derives(aesDecryptionSchedule(expandAesKey(key))));
}

void AesScheduleTest::thePublicKeyOfTheRandomGeneratorIsInfo()
{
    SecretBytes key(32);
    for (std::size_t i = 0; i < 32; ++i)
        key[i] = static_cast<std::uint8_t>(i);
    const auto matches = matchesIn(aesscheduleDetector, expandAesKey(key));
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].severity == Severity::Info);
    QVERIFY(matches[0].title.find("CTR-DRBG") != std::string::npos);
    // The counting bytes stand in many tables: they must not be searched for.
    QVERIFY(
        std::search(matches[0].value.begin(), matches[0].value.end(), key.begin(), key.begin() + 8)
        == matches[0].value.end());
    QVERIFY(matches[0].derived.empty());
}

void AesScheduleTest::keysOfOneByteAreInfo()
{
    const auto matches = matchesIn(aesscheduleDetector, expandAesKey(SecretBytes(16, 0x41)));
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].severity == Severity::Info);
}

void AesScheduleTest::labelsThePairOfXts()
{
    SecretBytes both = aesDecryptionSchedule(expandAesKey(keyOf(32, 12)));
    both.resize(248); // libcrypto's AES_KEY has the number of rounds behind the words
    const SecretBytes second = expandAesKey(keyOf(32, 13));
    both.insert(both.end(), second.begin(), second.end());
    const auto matches = matchesIn(aesscheduleDetector, both);
    QCOMPARE(matches.size(), std::size_t {2});
    QVERIFY(matches[0].title.find("XTS") != std::string::npos);
    QVERIFY(matches[1].title.find("XTS") == std::string::npos);
}

void AesScheduleTest::knowsTheStructureOfARandomGenerator_data()
{
    QTest::addColumn<int>("word");
    QTest::newRow("64 bits") << 8;
    QTest::newRow("32 bits") << 4;
}

void AesScheduleTest::knowsTheStructureOfARandomGenerator()
{
    QFETCH(const int, word);
    const auto size = static_cast<std::size_t>(word);
    std::vector<std::uint8_t> head;
    const auto put = [&](std::uint64_t value, std::size_t bytes) {
        for (std::size_t i = 0; i < bytes; ++i)
            head.push_back(static_cast<std::uint8_t>(value >> 8 * i & 0xff));
    };
    for (int pointer = 0; pointer < 5; ++pointer)
        put((word == 8 ? 0x555500001000 : 0x56601000) + static_cast<std::uint64_t>(pointer) * 464,
            size);
    put(32, size); // keylen
    put(1, 4); // use_df
    QVERIFY(isGeneratorHead(head, size, 32));
    QVERIFY(!isGeneratorHead(head, size, 16));
    for (std::size_t field = 0; field < 7; ++field) {
        auto other = head;
        if (field >= 5)
            other[field * size] = 0x80;
        else if (word == 8)
            other[field * size + 6] = 0x80; // no address of a program
        else
            std::fill_n(other.begin() + static_cast<std::ptrdiff_t>(field * size), word, 0);
        QVERIFY2(!isGeneratorHead(other, size, 32), std::to_string(field).c_str());
    }
    head.pop_back();
    QVERIFY(!isGeneratorHead(head, size, 32));
}

void AesScheduleTest::findsNothingInNoiseZerosAndCounters()
{
    QVERIFY(matchesIn(aesscheduleDetector, randomBytes(1 << 20, 14)).empty());
    QVERIFY(matchesIn(aesscheduleDetector, std::vector<std::uint8_t>(1 << 16)).empty());
    QVERIFY(matchesIn(aesscheduleDetector, std::vector<std::uint8_t>(1 << 16, 0xff)).empty());
    std::vector<std::uint8_t> counters(1 << 16);
    for (std::size_t at = 0; at < counters.size(); ++at)
        counters[at] = static_cast<std::uint8_t>(at % 4 == 0 ? at / 4 : 0);
    QVERIFY(matchesIn(aesscheduleDetector, counters).empty());
}

QTEST_GUILESS_MAIN(AesScheduleTest)
#include "tst_aesschedule.moc"
