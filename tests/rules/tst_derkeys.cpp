// SPDX-License-Identifier: GPL-3.0-or-later
#include "detectorrun.h"

#include "scanner/rules/keys/der.h"

#include <algorithm>

#include <QTest>

using namespace coredact;

class DerKeysTest : public QObject {
    Q_OBJECT

private slots:
    void provesEveryKind_data();
    void provesEveryKind();
    void findsAKeyOnceWhereverAWindowEnds();
    void aWrongByteLowersTheConfidence_data();
    void aWrongByteLowersTheConfidence();
    void provesAKeyWhoseEndIsLost();
    void provesAKeyWhosePrimesAreOverwritten();
    void provesAnRsaKeyWhoseBeginningIsLost_data();
    void provesAnRsaKeyWhoseBeginningIsLost();
    void findsWhatIsLeftOnceWhereverAWindowEnds();
    void numbersOfOneSizeAloneAreNoKey();
    void findsWhatIsLeftOfAnEcKey_data();
    void findsWhatIsLeftOfAnEcKey();
    void provesAnEcKeyWithoutItsHead();
    void tellsNoScalarBeforeOtherPoints();
    void anEdwardsKeyWithItsPublicHalfIsVerified();
    void aHeaderBeforeATableIsNothing();
    void findsTheKeyBehindManyBeginnings();
    void everyPrefixIsSafe();
    void tellsThePrimesAndWhatFollowsFromThem();
    void publishedTestKeysAreInfo();
    void aDsaKeyIsNoRsaKey();
    void findsNothingInNoise();
};

void DerKeysTest::provesEveryKind_data()
{
    QTest::addColumn<QByteArray>("der");
    QTest::addColumn<QString>("rule");
    QTest::addColumn<QString>("title");
    QTest::addColumn<bool>("verified");
    QTest::addColumn<QString>("spki");
    const auto row = [](const char* name, const std::vector<std::uint8_t>& der, const char* rule,
                        const char* title, bool verified, const MadeKey& key) {
        QTest::newRow(name) << QByteArray(reinterpret_cast<const char*>(der.data()),
                                          static_cast<qsizetype>(der.size()))
                            << rule << title << verified
                            << QString::fromStdString(spkiSha256(key.spki));
    };
    for (const int bits : {1024, 2048, 3072, 4096}) {
        const MadeKey key = makeRsa(bits);
        const auto title = "RSA-" + std::to_string(bits);
        row((title + " PKCS#8").c_str(), key.pkcs8, "rsa-private-key-der", title.c_str(), true,
            key);
        row((title + " PKCS#1").c_str(), key.traditional, "rsa-private-key-der", title.c_str(),
            true, key);
    }
    for (const char* curve : {"P-256", "P-384", "P-521", "secp256k1", "brainpoolP256r1",
                              "brainpoolP320r1", "brainpoolP384r1", "brainpoolP512r1", "SM2"}) {
        const MadeKey key = makeEc(curve);
        const auto title = std::string("EC ") + curve;
        row((title + " PKCS#8").c_str(), key.pkcs8, "ec-private-key-der", title.c_str(), true, key);
        row((title + " SEC1").c_str(), key.traditional, "ec-private-key-der", title.c_str(), true,
            key);
    }
    for (const char* type : {"Ed25519", "X25519", "Ed448", "X448"}) {
        const MadeKey key = makeOkp(type);
        row(type, key.pkcs8, "ed25519-private-key-der", type, false, key);
    }
}

void DerKeysTest::provesEveryKind()
{
    QFETCH(QByteArray, der);
    QFETCH(QString, rule);
    QFETCH(QString, title);
    QFETCH(bool, verified);
    QFETCH(QString, spki);
    const auto bytes
        = buried(asBytes({der.constData(), static_cast<std::size_t>(der.size())}), 101, 400);
    const auto matches = matchesIn(derkeysDetector, bytes);
    // PKCS#8 holds a whole PKCS#1 or SEC1: the same bytes are told of twice.
    QVERIFY(!matches.empty());
    for (const Match& match : matches) {
        QCOMPARE(QString::fromStdString(match.rule->id), rule);
        QVERIFY(QString::fromStdString(match.title).startsWith(title));
        QVERIFY(match.confidence == (verified ? Confidence::Verified : Confidence::Likely));
        QCOMPARE(QString::fromStdString(match.identity->value), spki);
        QVERIFY(spanned(bytes, match) == spanned(bytes, matches.front()));
        QVERIFY(match.value == matches.front().value);
    }
}

void DerKeysTest::findsAKeyOnceWhereverAWindowEnds()
{
    const MadeKey key = makeEc("P-256");
    for (std::size_t before = 1900; before < 2120; ++before) {
        const auto bytes = buried(key.traditional, before, 2000);
        const auto matches = matchesIn(derkeysDetector, bytes, 2048);
        QCOMPARE(matches.size(), std::size_t {1});
        QVERIFY(matches[0].confidence == Confidence::Verified);
    }
}

void DerKeysTest::aWrongByteLowersTheConfidence_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("RSA") << 0;
    QTest::newRow("EC") << 1;
}

void DerKeysTest::aWrongByteLowersTheConfidence()
{
    QFETCH(int, kind);
    const MadeKey key = kind == 0 ? makeRsa(1024) : makeEc("P-256");
    const auto good = matchesIn(derkeysDetector, key.traditional);
    QCOMPARE(good.size(), std::size_t {1});
    // In the middle of each secret number: the structure stays sound.
    for (const Span& span : good[0].spans) {
        auto bytes = key.traditional;
        bytes[(span.begin + span.end) / 2] ^= 0x10;
        const auto matches = matchesIn(derkeysDetector, bytes);
        QCOMPARE(matches.size(), std::size_t {1});
        QVERIFY(matches[0].confidence == Confidence::Likely
                || matches[0].proof.find("divides") != std::string::npos);
        QVERIFY(spanned(bytes, matches[0]).size() == spanned(bytes, good[0]).size());
    }
}

void DerKeysTest::provesAKeyWhoseEndIsLost()
{
    const MadeKey key = makeRsa(2048);
    const auto whole = matchesIn(derkeysDetector, key.traditional);
    QCOMPARE(whole.size(), std::size_t {1});
    const std::size_t endOfPrime = whole[0].spans[1].end;
    const auto cut = matchesIn(derkeysDetector, ByteView(key.traditional).first(endOfPrime + 20));
    QCOMPARE(cut.size(), std::size_t {1});
    QVERIFY(cut[0].confidence == Confidence::Verified);
    QVERIFY(cut[0].value == whole[0].value);
}

namespace {

struct LostBeginning {
    MadeKey key;
    std::vector<Span> numbers; ///< d, p, q, dp, dq, qinv
};

/// A key whose exponents are as long as its primes, as 127 of 128 are.
LostBeginning rsaToLose(int bits)
{
    for (;;) {
        LostBeginning lost {makeRsa(bits), {}};
        lost.numbers = matchesIn(derkeysDetector, lost.key.traditional).front().spans;
        const auto isShort = [&](const Span& number) {
            return number.end - number.begin < static_cast<std::size_t>(bits) / 16;
        };
        if (std::none_of(lost.numbers.begin(), lost.numbers.end(), isShort))
            return lost;
    }
}

/// The key with zeros and an address before `from`.
std::vector<std::uint8_t> withoutBeginning(const LostBeginning& lost, std::size_t from)
{
    auto bytes = lost.key.traditional;
    std::fill(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(from), std::uint8_t {0});
    bytes[from - 1] = 0x55;
    return bytes;
}

} // namespace

void DerKeysTest::provesAnRsaKeyWhoseBeginningIsLost_data()
{
    QTest::addColumn<int>("bits");
    QTest::addColumn<int>("cut"); ///< the last number that is cut, -1: the modulus
    QTest::addColumn<int>("left");
    for (const int bits : {1024, 2048, 3072, 4096}) {
        QTest::addRow("RSA-%d, modulus", bits) << bits << -1 << 5;
        QTest::addRow("RSA-%d, d", bits) << bits << 0 << 5;
        QTest::addRow("RSA-%d, p", bits) << bits << 1 << 4;
        if (bits > 1024)
            QTest::addRow("RSA-%d, q", bits) << bits << 2 << 3;
    }
}

void DerKeysTest::provesAnRsaKeyWhoseBeginningIsLost()
{
    QFETCH(int, bits);
    QFETCH(int, cut);
    QFETCH(int, left);
    const LostBeginning lost = rsaToLose(bits);
    const Span last = cut < 0 ? Span {32, 32} : lost.numbers[static_cast<std::size_t>(cut)];
    const auto bytes = withoutBeginning(lost, (last.begin + last.end) / 2);
    const auto matches = matchesIn(derkeysDetector, bytes);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].rule->id == "rsa-private-key-der");
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QCOMPARE(matches[0].identity->value, spkiSha256(lost.key.spki));
    QCOMPARE(matches[0].spans.size(), static_cast<std::size_t>(left));
    for (std::size_t i = 0; i < matches[0].spans.size(); ++i)
        QCOMPARE(matches[0].spans[i].end, lost.numbers[6 - matches[0].spans.size() + i].end);
}

void DerKeysTest::findsWhatIsLeftOnceWhereverAWindowEnds()
{
    const LostBeginning lost = rsaToLose(2048);
    const auto left = withoutBeginning(lost, lost.numbers[0].begin + 9);
    for (std::size_t before = 0; before < 2100; before += 7)
        QCOMPARE(matchesIn(derkeysDetector, buried(left, before, 2000), 2048).size(),
                 std::size_t {1});
}

void DerKeysTest::numbersOfOneSizeAloneAreNoKey()
{
    const LostBeginning lost = rsaToLose(2048);
    for (std::size_t cut = 0; cut < 3; ++cut)
        for (std::size_t wrong = cut + 1; wrong < 6; ++wrong) {
            auto bytes = withoutBeginning(lost, lost.numbers[cut].begin + 9);
            bytes[lost.numbers[wrong].begin + 40] ^= 0x10;
            QVERIFY(matchesIn(derkeysDetector, bytes).empty());
        }
}

namespace {

using Bytes = std::vector<std::uint8_t>;

/// The key with addresses in its first words.
Bytes overwritten(Bytes der, std::size_t words)
{
    for (std::size_t word = 0; word < words; ++word)
        for (std::size_t i = 0; i < 8; ++i)
            der[8 * word + i] = static_cast<std::uint8_t>(0x00005581a37d2c60U >> 8 * i);
    return der;
}

Span scalarOf(ByteView der) { return matchesIn(derkeysDetector, der).front().spans.front(); }

/// A key in whose scalar no word looks like an address, as hardly one does, and whose first byte is
/// not what an address writes over it.
MadeKey ecToLose(const char* curve)
{
    for (;;) {
        MadeKey key = makeEc(curve);
        const Span scalar = scalarOf(key.traditional);
        const auto begin = key.traditional.begin();
        if (key.traditional[scalar.begin] != 0
            && std::adjacent_find(begin + static_cast<std::ptrdiff_t>(scalar.begin),
                                  begin + static_cast<std::ptrdiff_t>(scalar.end),
                                  [](int a, int b) { return a == 0 && b == 0; })
                == begin + static_cast<std::ptrdiff_t>(scalar.end))
            return key;
    }
}

} // namespace

void DerKeysTest::findsWhatIsLeftOfAnEcKey_data()
{
    QTest::addColumn<QString>("curve");
    QTest::addColumn<bool>("sec1");
    QTest::addColumn<int>("words");
    for (const char* curve : {"P-256", "P-384", "P-521", "secp256k1", "P-224", "brainpoolP256r1",
                              "brainpoolP320r1", "brainpoolP384r1", "brainpoolP512r1", "SM2"}) {
        QTest::addRow("%s in SEC1", curve) << curve << true << 2;
        QTest::addRow("%s in PKCS#8", curve) << curve << false << 5;
    }
    QTest::newRow("four words") << "P-384" << true << 4;
}

void DerKeysTest::findsWhatIsLeftOfAnEcKey()
{
    QFETCH(QString, curve);
    QFETCH(bool, sec1);
    QFETCH(int, words);
    const MadeKey key = ecToLose(qPrintable(curve));
    const Bytes whole = sec1 ? key.traditional : key.pkcs8;
    const Bytes left = overwritten(whole, static_cast<std::size_t>(words));
    for (const std::size_t before :
         {std::size_t {0}, std::size_t {4096}, std::size_t {2048 - 16}}) {
        const auto matches
            = matchesIn(derkeysDetector, buried(left, before, before), 2048, 0x5581a37d0000);
        QCOMPARE(matches.size(), std::size_t {1});
        QCOMPARE(matches[0].rule->id, std::string("ec-private-key-der"));
        QCOMPARE(matches[0].title, "EC " + curve.toStdString() + " private key (DER)");
        QVERIFY(matches[0].confidence == Confidence::Likely);
        QCOMPARE(matches[0].identity->value, spkiSha256(key.spki));
        QCOMPARE(matches[0].spans.size(), std::size_t {1});
        QCOMPARE(matches[0].spans[0].begin,
                 before + std::max(scalarOf(whole).begin, static_cast<std::size_t>(8 * words)));
        QCOMPARE(matches[0].spans[0].end, before + scalarOf(whole).end);
    }
}

void DerKeysTest::provesAnEcKeyWithoutItsHead()
{
    const MadeKey key = makeEc("P-256");
    const Bytes headless(key.traditional.begin() + 7, key.traditional.end());
    const auto matches = matchesIn(derkeysDetector, headless);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(matches[0].value == matchesIn(derkeysDetector, key.traditional).at(0).value);
}

void DerKeysTest::tellsNoScalarBeforeOtherPoints()
{
    const MadeKey key = makeEc("P-256");
    const Bytes left = overwritten(key.traditional, 2);
    const std::size_t scalarEnd = scalarOf(key.traditional).end;
    const auto none = [](const Bytes& bytes) {
        return matchesIn(derkeysDetector, bytes, 2048, 0x5581a37d0000).empty();
    };
    Bytes off = left; // of the curve
    off[off.size() - 20] ^= 1;
    QVERIFY(none(off));
    Bytes numbers = overwritten(key.pkcs8, 5); // which say what the curve is, and end with one
    const std::size_t point = scalarOf(key.pkcs8).end;
    numbers[point - 3] = 0x02;
    numbers[point - 2] = 0x01;
    numbers[point - 1] = 0x01;
    QVERIFY(none(numbers));
    Bytes zeros = left;
    std::fill(zeros.begin() + 16, zeros.begin() + static_cast<std::ptrdiff_t>(scalarEnd), 0);
    QVERIFY(none(zeros));
    QVERIFY(none(overwritten(key.traditional, 4))); // of the scalar seven bytes are left
    QVERIFY(none(key.spki));
}

void DerKeysTest::provesAKeyWhosePrimesAreOverwritten()
{
    const MadeKey key = makeRsa(1024);
    const auto whole = matchesIn(derkeysDetector, key.traditional);
    auto bytes = key.traditional;
    for (std::size_t at = whole.at(0).spans[0].end; at < bytes.size(); ++at)
        bytes[at] = 0x5a;
    const auto matches = matchesIn(derkeysDetector, bytes);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QCOMPARE(matches[0].spans.size(), std::size_t {1});
    // One bit of the exponent wrong, and nothing proves it.
    bytes[(whole[0].spans[0].begin + whole[0].spans[0].end) / 2] ^= 1;
    const auto wrong = matchesIn(derkeysDetector, bytes);
    QCOMPARE(wrong.size(), std::size_t {1});
    QVERIFY(wrong[0].confidence == Confidence::Likely);
}

void DerKeysTest::anEdwardsKeyWithItsPublicHalfIsVerified()
{
    const MadeKey key = makeOkp("ED25519");
    // OneAsymmetricKey v2 (RFC 8410 10.3): version 1 and the public half as [1].
    auto bytes = key.pkcs8;
    bytes[1] = 0x51;
    bytes[4] = 1;
    const std::uint8_t head[] = {0x81, 0x21, 0x00};
    bytes.insert(bytes.end(), head, head + 3);
    bytes.insert(bytes.end(), key.spki.end() - 32, key.spki.end());
    auto matches = matchesIn(derkeysDetector, bytes);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    bytes.back() ^= 1;
    matches = matchesIn(derkeysDetector, bytes);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Likely);
}

void DerKeysTest::aHeaderBeforeATableIsNothing()
{
    // Libraries keep the fixed first 16 bytes as a constant, with other constants behind it.
    auto bytes = makeOkp("ED25519").pkcs8;
    for (std::size_t at = 16; at < bytes.size(); ++at)
        bytes[at] = static_cast<std::uint8_t>(at % 4 == 0 ? 0x30 : 0);
    QVERIFY(matchesIn(derkeysDetector, bytes).empty());
    // The same before a name and the head of the next object, as Python's memory has it.
    const std::string_view object("\0ID_X25519\0\0\0\0\0\1\0\0\0\0\0\0\0\x80\x89\x95\0\0\0\0\0",
                                  32);
    std::copy(object.begin(), object.end(), bytes.begin() + 16);
    QVERIFY(matchesIn(derkeysDetector, bytes).empty());

    auto scalar = makeEc("P-256").traditional;
    scalar.resize(7 + 32);
    scalar[1] = 5 + 32;
    QCOMPARE(matchesIn(derkeysDetector, scalar).size(), std::size_t {1});
    for (std::size_t at = 7; at < scalar.size(); ++at)
        scalar[at] = static_cast<std::uint8_t>(at % 4 == 0 ? 0x30 : 0);
    QVERIFY(matchesIn(derkeysDetector, scalar).empty());
}

/// A point on each of a few curves for each of these beginnings would take minutes.
void DerKeysTest::findsTheKeyBehindManyBeginnings()
{
    static constexpr std::uint8_t beginning[] = {0x30, 0x77, 0x02, 0x01, 0x01, 0x04, 0x20};
    std::vector<std::uint8_t> bytes;
    while (bytes.size() < 8U << 20)
        bytes.insert(bytes.end(), std::begin(beginning), std::end(beginning));
    bytes.insert(bytes.end(), 64, 0);
    const MadeKey key = makeEc("P-256");
    bytes.insert(bytes.end(), key.traditional.begin(), key.traditional.end());
    const auto matches = matchesIn(derkeysDetector, bytes);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QCOMPARE(matches[0].identity->value, spkiSha256(key.spki));
}

void DerKeysTest::everyPrefixIsSafe()
{
    for (const MadeKey& key : {makeRsa(1024), makeEc("P-521"), makeOkp("ED448")})
        for (std::size_t size = 0; size <= key.pkcs8.size(); ++size)
            for (const Match& match : matchesIn(derkeysDetector, ByteView(key.pkcs8).first(size)))
                for (const Span& span : match.spans)
                    QVERIFY(span.begin < span.end && span.end <= size);
}

void DerKeysTest::tellsThePrimesAndWhatFollowsFromThem()
{
    const MadeKey key = makeRsa(2048);
    const auto matches = matchesIn(derkeysDetector, key.traditional);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].form == ValueForm::Number);
    QCOMPARE(matches[0].value.size(), std::size_t {128});
    for (const Span& span : matches[0].spans) {
        SecretBytes number(key.traditional.begin() + static_cast<std::ptrdiff_t>(span.begin),
                           key.traditional.begin() + static_cast<std::ptrdiff_t>(span.end));
        while (number.front() == 0)
            number.erase(number.begin());
        QVERIFY(std::any_of(matches[0].derived.begin(), matches[0].derived.end(),
                            [&](const DerivedValue& value) {
                                return value.form == ValueForm::Number && value.bytes == number;
                            }));
    }
}

void DerKeysTest::publishedTestKeysAreInfo()
{
    // The example of RFC 8410 10.3.
    const QByteArray der = QByteArray::fromBase64("MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1b"
                                                  "bY8fdp+K06/nwoy/HU++CXqI9EdVhC");
    const auto matches = matchesIn(
        derkeysDetector, asBytes({der.constData(), static_cast<std::size_t>(der.size())}));
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].severity == Severity::Info);
    QVERIFY(matches[0].title.find("RFC 8410") != std::string::npos);
    // Any other key keeps its severity.
    QVERIFY(!matchesIn(derkeysDetector, makeOkp("ED25519").pkcs8).at(0).severity.has_value());
}

void DerKeysTest::aDsaKeyIsNoRsaKey()
{
    // {version, p, q, g, y, x}: the same start as an RSA key, with a prime for its exponent.
    const auto integer = [](std::size_t size, std::uint32_t seed) {
        auto bytes = randomBytes(size, seed);
        bytes.front() = 0x7f;
        bytes.back() |= 1;
        return derInteger(bytes);
    };
    const std::uint8_t version[] = {0x02, 0x01, 0x00};
    const SecretBytes der = derElement(DerTag::Sequence,
                                       {version, integer(256, 1), integer(32, 2), integer(255, 3),
                                        integer(255, 4), integer(32, 5)});
    QVERIFY(matchesIn(derkeysDetector, der).empty());
}

void DerKeysTest::findsNothingInNoise()
{
    QVERIFY(matchesIn(derkeysDetector, randomBytes(1 << 20, 7)).empty());
}

QTEST_GUILESS_MAIN(DerKeysTest)
#include "tst_derkeys.moc"
