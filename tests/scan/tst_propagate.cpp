// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/propagate.h"

#include "tests/scan/copylook.h"
#include "tests/scan/writings.h"

#include <QtTest>

#include <functional>

using namespace coredact;
using namespace coredact::test;

namespace {

QByteArray reversedBytes(QByteArray bytes)
{
    std::reverse(bytes.begin(), bytes.end());
    return bytes;
}

QByteArray swappedWords(const QByteArray& bytes, qsizetype word)
{
    QByteArray swapped;
    for (qsizetype at = 0; at < bytes.size(); at += word)
        swapped += reversedBytes(bytes.mid(at, word));
    return swapped;
}

/// Base64 of the text in the middle of a longer one, so that it begins at digit `phase`.
QByteArray base64Inside(const QByteArray& text, int phase, QByteArray::Base64Option alphabet)
{
    return (QByteArray("?>~").left(phase) + text + "<").toBase64(alphabet);
}

using Encoder = std::function<QByteArray(const QByteArray&)>;

} // namespace

class TestPropagate : public QObject {
    Q_OBJECT

private slots:
    void findsAnyNumberOfCopiesAtAnyOffset()
    {
        const QByteArray token = randomText(1, 40);
        std::mt19937 random(2);
        for (int count = 1; count <= 50; count += 7) {
            PlantedFile file(randomKey(3, 200000));
            for (int i = 0; i < count; ++i)
                file.plant(static_cast<qsizetype>(i * 4000 + random() % 3900), token);
            const auto copies = copiesIn(file, {secret(token)});
            QCOMPARE(std::count_if(copies.begin(), copies.end(),
                                   [](const Copy& copy) { return copy.encoding == "raw"; }),
                     count);
            QVERIFY(!leftOf(file, copies).contains(token));
        }
    }

    void findsEveryEncodingAtEveryAlignment_data()
    {
        QTest::addColumn<Encoder>("encode");
        using Q = QStringConverter;
        const std::pair<const char*, Encoder> rows[] = {
            {"raw", [](const QByteArray& text) { return text; }},
            {"reversed", reversedBytes},
            {"UTF-16LE", [](const QByteArray& text) { return inUtf(text, Q::Utf16LE); }},
            {"UTF-16BE", [](const QByteArray& text) { return inUtf(text, Q::Utf16BE); }},
            {"UTF-32LE", [](const QByteArray& text) { return inUtf(text, Q::Utf32LE); }},
            {"UTF-32BE", [](const QByteArray& text) { return inUtf(text, Q::Utf32BE); }},
            {"hex", [](const QByteArray& text) { return text.toHex(); }},
            {"hex, upper case", [](const QByteArray& text) { return text.toHex().toUpper(); }},
            {"hex with spaces", [](const QByteArray& text) { return text.toHex(' '); }},
            {"hex with colons", [](const QByteArray& text) { return text.toHex(':'); }},
            {"percent", [](const QByteArray& text) { return text.toPercentEncoding(); }},
            {"base64 of UTF-16",
             [](const QByteArray& text) { return inUtf(text, Q::Utf16LE).toBase64(); }},
        };
        for (const auto& [name, encode] : rows)
            QTest::newRow(name) << encode;
        for (int phase = 0; phase < 3; ++phase)
            for (const auto alphabet : {QByteArray::Base64Encoding, QByteArray::Base64UrlEncoding})
                QTest::addRow("base64 at %d in alphabet %d", phase, int(alphabet))
                    << Encoder([phase, alphabet](const QByteArray& text) {
                           return base64Inside(text, phase, alphabet);
                       });
    }
    void findsEveryEncodingAtEveryAlignment()
    {
        QFETCH(const Encoder, encode);
        const QByteArray token = randomText(4, 30) + "/+=&%" + randomText(5, 6);
        const QByteArray encoded = encode(token);
        for (int alignment = 0; alignment < 8; ++alignment) {
            PlantedFile file(8192, '\x01');
            file.plant(4000 + alignment, encoded);
            const auto copies = copiesIn(file, {secret(token)});
            // The digits at base64's ends belong to the text around as well.
            const qsizetype size = encoded.size();
            QVERIFY(covers(copies,
                           range(static_cast<std::uint64_t>(4000 + alignment + 4),
                                 static_cast<std::uint64_t>(size - 8))));
            for (const Copy& copy : copies)
                QVERIFY(!copy.encoding.ends_with("fragment"));
        }
    }

    void takesInTheDigitsThatShareBits()
    {
        const QByteArray token = randomText(6, 31);
        for (int phase = 0; phase < 3; ++phase) {
            const QByteArray encoded = base64Inside(token, phase, QByteArray::Base64Encoding);
            PlantedFile file(4096, ' ');
            file.plant(100, encoded);
            const auto copies = copiesIn(file, {secret(token)});
            QCOMPARE(copies.size(), std::size_t(1));
            const std::uint64_t firstDigit = static_cast<std::uint64_t>(phase * 8 / 6);
            const std::uint64_t lastDigit = static_cast<std::uint64_t>((phase + 31) * 8 - 1) / 6;
            QCOMPARE(copies.front().pieces,
                     std::vector {range(100 + firstDigit, lastDigit - firstDigit + 1)});
        }
    }

    void findsFragmentsOfEightBytesAtEveryAlignment()
    {
        const QByteArray key = randomKey(7, 32);
        const std::pair<const char*, QByteArray> forms[]
            = {{"raw", key}, {"reversed", reversedBytes(key)}, {"swapped", swappedWords(key, 4)}};
        for (const auto& [name, bytes] : forms) {
            for (qsizetype begin = 0; begin + 8 <= bytes.size(); ++begin) {
                const int offset = 1000 + int(begin % 8) * 9;
                PlantedFile file(2048, '\0');
                file.plant(offset, bytes.mid(begin, 8));
                const auto copies = copiesIn(file, {secret(key, ValueForm::Binary)});
                QVERIFY2(covers(copies, range(static_cast<std::uint64_t>(offset), 8)), name);
            }
        }
    }

    void findsFragmentsThatBeginWithZeros()
    {
        const QByteArray key = randomKey(70, 9) + QByteArray(4, '\0') + randomKey(71, 9);
        for (const char around : {'\xff', '\0'})
            for (qsizetype begin = 7; begin <= 9; ++begin)
                for (int alignment = 0; alignment < 8; ++alignment) {
                    PlantedFile file(2048, around);
                    file.plant(1000 + alignment, key.mid(begin, 8));
                    const auto copies = copiesIn(file, {secret(key, ValueForm::Binary)});
                    QVERIFY(covers(copies, range(static_cast<std::uint64_t>(1000 + alignment), 8)));
                }
    }

    void findsFragmentsOfEightCharacters()
    {
        const QByteArray token = randomText(8, 40);
        for (const auto encoding : {QStringConverter::Utf16LE, QStringConverter::Utf16BE}) {
            const QByteArray wide = inUtf(token, encoding);
            for (qsizetype begin = 0; begin + 16 <= wide.size(); begin += 2) {
                PlantedFile file(2048, '\x02');
                file.plant(1001 + begin % 8, wide.mid(begin, 16));
                QVERIFY(covers(copiesIn(file, {secret(token)}),
                               range(static_cast<std::uint64_t>(1001 + begin % 8), 16)));
            }
        }
    }

    void findsTheLinesOfWrappedBase64()
    {
        const QByteArray key = randomKey(9, 96);
        const QByteArray encoded = key.toBase64();
        PlantedFile file(4096, ' ');
        for (qsizetype line = 0; line * 64 < encoded.size(); ++line)
            file.plant(500 + line * 65, encoded.mid(line * 64, 64) + '\n');
        const auto copies = copiesIn(file, {secret(key, ValueForm::Binary)});
        QVERIFY(covers(copies, range(500, 64)));
        QVERIFY(covers(copies, range(565, 64)));
    }

    void findsNumbersAsProgramsKeepThem()
    {
        const QByteArray number = "\x91" + randomKey(10, 63);
        QByteArray python; // 30 bits in each 32
        std::vector<bool> bits;
        for (qsizetype i = number.size() - 1; i >= 0; --i)
            for (unsigned bit = 0; bit < 8; ++bit)
                bits.push_back((static_cast<unsigned char>(number[i]) >> bit & 1U) != 0);
        for (std::size_t digit = 0; digit * 30 < bits.size(); ++digit) {
            unsigned value = 0;
            for (std::size_t bit = 0; bit < 30 && digit * 30 + bit < bits.size(); ++bit)
                value |= unsigned(bits[digit * 30 + bit]) << bit;
            for (unsigned byte = 0; byte < 4; ++byte)
                python.append(static_cast<char>(value >> (8 * byte) & 0xffU));
        }
        const std::pair<const char*, QByteArray> forms[]
            = {{"little-endian limbs", reversedBytes(number)},
               {"Java int[]", swappedWords(number, 4)},
               {"64-bit words", swappedWords(number, 8)},
               {"limbs of a big-endian machine", reversedBytes(swappedWords(number, 8))},
               {"Python digits", python}};
        for (const auto& [name, bytes] : forms) {
            PlantedFile file(4096, '\0');
            file.plant(1003, bytes);
            QVERIFY2(covers(copiesIn(file, {secret(number, ValueForm::Number)}),
                            range(1003, static_cast<std::uint64_t>(bytes.size()) - 1)),
                     name);
        }
    }

    void looksForDerivedValuesToo()
    {
        const QByteArray derived = randomKey(11, 24);
        SecretValue value = secret(randomText(12, 20));
        value.derived.push_back({"schedule", ValueForm::Binary, secretBytes(derived)});
        PlantedFile file(4096);
        file.plant(77, derived);
        QVERIFY(covers(copiesIn(file, {value}), range(77, 24)));
    }

    /// One's value may be derived from another's: each copy is one of both, told once of each.
    void findsWhatTwoSecretsHave()
    {
        const QByteArray key = randomKey(25, 32);
        SecretValue other = secret(randomText(26, 20));
        for (int twice = 0; twice < 2; ++twice)
            other.derived.push_back({"key", ValueForm::Binary, secretBytes(key)});
        PlantedFile file(8192, '\0');
        file.plant(100, key);
        file.plant(1000, key.toHex());
        file.plant(3000, key.mid(4, 9));
        const auto copies = copiesIn(file, {secret(key, ValueForm::Binary), other});
        for (const std::size_t one : {0U, 1U}) {
            std::vector<Copy> own;
            std::copy_if(copies.begin(), copies.end(), std::back_inserter(own),
                         [&](const Copy& copy) { return copy.secret == one; });
            QCOMPARE(own.size(), std::size_t(3));
            QCOMPARE(own[0].pieces, std::vector {range(100, 32)});
            QCOMPARE(own[1].pieces, std::vector {range(1000, 64)});
            QCOMPARE(own[2].pieces, std::vector {range(3000, 9)});
        }
        // What the one has in an earlier value, too, is in no earlier one of the other.
        PlantedFile digits(4096, '\0');
        digits.plant(100, key.mid(12, 9).toHex());
        const QByteArray longer = randomKey(27, 9) + key + randomKey(28, 9);
        SecretValue first = secret(key, ValueForm::Binary);
        first.derived.push_back({"longer", ValueForm::Binary, secretBytes(longer)});
        const auto parts = copiesIn(digits, {first, secret(longer, ValueForm::Binary)});
        QCOMPARE(parts.size(), std::size_t(2));
        QCOMPARE(parts[1].pieces, std::vector {range(100, 18)});
        // A word stands alone; the same bytes of a key count wherever they are.
        PlantedFile words(4096, '\0');
        words.plant(100, "xsunflowerx");
        QVERIFY(copiesIn(words, {secret("sunflower")}).empty());
        const auto both
            = copiesIn(words, {secret("sunflower"), secret("sunflower", ValueForm::Binary)});
        QCOMPARE(both.size(), std::size_t(2));
        QCOMPARE(both[1].pieces, std::vector {range(101, 9)});
    }

    void leavesWordsAndPublicPartsAlone()
    {
        const QByteArray token = randomText(13, 24);
        const QByteArray address = "postgres://application:" + token + "@database.internal/";
        PlantedFile file(8192);
        file.plant(100, "postgres://");
        file.plant(200, "database.in");
        file.plant(300, "application");
        QCOMPARE(copiesIn(file, {secret(address)}).size(), std::size_t(0));

        const QByteArray header = QByteArray("{\"alg\":\"HS256\",\"typ\":\"JWT\"}").toBase64();
        PlantedFile other(8192);
        other.plant(100, header + "." + randomText(14, 60));
        QCOMPARE(copiesIn(other, {secret(header + "." + randomText(15, 60))}).size(),
                 std::size_t(0));
        QVERIFY(covers(copiesIn(other, {secret(header + "." + randomText(14, 60))}),
                       range(100, static_cast<std::uint64_t>(header.size()) + 61)));
    }

    /// One of thirty pieces of a random text reads like words.
    void countsWhatReadsLikeWordsInARandomText()
    {
        for (const QByteArray& piece :
             {QByteArray("AF_foBsc"), QByteArray("uF336lyo"), QByteArray("TIE-jvEA")}) {
            PlantedFile file(8192);
            file.plant(1000, '\0' + piece + '\0');
            const auto isFound = [&](const QByteArray& value) {
                return covers(copiesIn(file, {secret(value)}), range(1001, 8));
            };
            QVERIFY(isFound(randomText(16, 20) + piece));
            QVERIFY(isFound("Bearer " + randomText(17, 20) + piece));
            QVERIFY(!isFound("incremental_encoder_settings_" + piece));
            QVERIFY(!isFound("application:" + piece));
        }
        PlantedFile words(8192);
        words.plant(1000, "database");
        QVERIFY(
            copiesIn(words, {secret(randomText(18, 30) + "database" + randomText(19, 9))}).empty());
    }

    /// What a freed block or a buffer that was written over leaves of a password of words.
    void countsHalfOfAPasswordOfWordsAndDigits()
    {
        const QByteArray value = QByteArray("Paper") + "silver162!";
        const auto isFound = [&](const QByteArray& piece) {
            PlantedFile file(8192);
            file.plant(1000, '\0' + piece + '\0');
            return covers(copiesIn(file, {secret(value)}),
                          range(1001, static_cast<std::uint64_t>(piece.size())));
        };
        QVERIFY(isFound(value.left(13)));
        QVERIFY(isFound(value.right(9)));
        QVERIFY(isFound(value.mid(6, 8)));
        QVERIFY(!isFound(value.left(11))); // letters only
        QVERIFY(!isFound(value.right(7)));
        const auto longer = [&](const QByteArray& piece) {
            PlantedFile file(8192);
            file.plant(1000, '\0' + piece + '\0');
            return copiesIn(file, {secret(value + " of the old town")}).empty();
        };
        QVERIFY(longer(value.right(9)));
    }

    /// Such a password counts inside other letters as well.
    void findsAPasswordOfWordsAndDigitsAmongLetters()
    {
        const QByteArray value = QByteArray("Paper") + "silver1";
        PlantedFile file(8192);
        file.plant(1000, "x" + value + "x");
        QVERIFY(covers(copiesIn(file, {secret(value)}), range(1001, 12)));
    }

    void leavesTheHeadsOfKeysAlone()
    {
        // PKCS#8: version, rsaEncryption, and an OCTET STRING that is the secret.
        const QByteArray heads
            = QByteArray::fromHex("303c020100300d06092a864886f70d01010105000428");
        const QByteArray der = heads + randomKey(16, 40);
        PlantedFile file(4096, '\0');
        file.plant(100, heads);
        QCOMPARE(copiesIn(file, {secret(der, ValueForm::Binary)}).size(), std::size_t(0));
        const QByteArray armour = "-----BEGIN PRIV"
                                  "ATE KEY-----\n";
        const QByteArray pem = armour + der.toBase64()
            + "\n-----END PRIV"
              "ATE KEY-----\n";
        PlantedFile text(4096, '\0');
        text.plant(100, armour);
        text.plant(300, der.toBase64().left(heads.size() * 8 / 6));
        QCOMPARE(copiesIn(text, {secret(pem)}).size(), std::size_t(0));
        text.plant(500, der.toBase64().mid(40, 20));
        QVERIFY(covers(copiesIn(text, {secret(pem)}), range(500, 20)));
    }

    void countsALongRunOfWords()
    {
        PlantedFile file(4096);
        file.plant(100, "correct horse battery");
        file.plant(300, "correct horse");
        const auto copies = copiesIn(file, {secret("correct horse battery staple")});
        QCOMPARE(copies.size(), std::size_t(1));
        QCOMPARE(copies.front().pieces, std::vector {range(100, 21)});
        QCOMPARE(copies.front().encoding, std::string("fragment"));
    }

    void findsShortTextBetweenOtherCharacters()
    {
        for (int alignment = 0; alignment < 4; ++alignment) {
            PlantedFile file(4096, ' ');
            file.plant(100 + alignment, "hunt7");
            file.plant(200 + alignment, "hunt7r");
            file.plant(300 + alignment, inUtf("hunt7", QStringConverter::Utf16LE));
            file.plant(400 + alignment, "aaaaaaaa");
            file.plant(500 + alignment, "aaaaaaaaa");
            const auto copies
                = copiesIn(file, {secret("hunt7"), secret("aaaaaaaa"), secret("hun")});
            QCOMPARE(copies.size(), std::size_t(3));
            const auto at = static_cast<std::uint64_t>(alignment);
            QCOMPARE(copies[0].pieces, std::vector {range(100 + at, 5)});
            QCOMPARE(copies[1].pieces, std::vector {range(300 + at, 10)});
            QCOMPARE(copies[2].pieces, std::vector {range(400 + at, 8)});
        }
    }

    void findsAcrossPagesAndWindows()
    {
        const QByteArray token = randomText(17, 40);
        for (const int border : {4096, 1 << 20, 2 << 20, (3 << 20) - 17}) {
            for (int shift = -39; shift < 0; shift += 3) {
                PlantedFile file(3 << 20, '\0');
                file.plant(std::min<qsizetype>(border + shift, (3 << 20) - 40), token);
                QCOMPARE(copiesIn(file, {secret(token)}).size(), std::size_t(1));
            }
        }
    }

    void findsAcrossSegmentsThatTouchInMemory()
    {
        const QByteArray token = randomText(18, 40);
        for (int cut = 1; cut < 40; cut += 3) {
            PlantedFile file(12288);
            file.plant(12288 - cut, token.left(cut));
            file.plant(4096, token.mid(cut));
            Dump dump = file.dump();
            dump.segments = {segment(0x10000, 8192, 4096), segment(0x11000, 4096, 4096)};
            const auto copies = copiesIn(file.source(), dump, {secret(token)});
            const auto raw = std::find_if(copies.begin(), copies.end(),
                                          [](const Copy& copy) { return copy.encoding == "raw"; });
            QVERIFY(raw != copies.end());
            QCOMPARE(raw->pieces,
                     (std::vector {range(12288 - static_cast<std::uint64_t>(cut),
                                         static_cast<std::uint64_t>(cut)),
                                   range(4096, static_cast<std::uint64_t>(40 - cut))}));
        }
    }

    void findsAcrossNeighboursInTheFile()
    {
        // Three short segments in a row that are far apart in memory; the token spans them all.
        const QByteArray token = randomText(19, 40);
        PlantedFile file(4096);
        file.plant(1000, token);
        Dump dump = file.dump();
        dump.segments
            = {segment(0x30000, 1000, 12), segment(0x10000, 1012, 12), segment(0x20000, 1024, 12)};
        QVERIFY(covers(copiesIn(file.source(), dump, {secret(token)}), range(1000, 40)));
    }

    void doesNotDependOnTheThreads()
    {
        const QByteArray token = randomText(20, 40);
        PlantedFile file(randomKey(21, 5 << 20));
        for (int i = 0; i < 40; ++i)
            file.plant(i * 130001, token.left(8 + i % 33));
        const Source source = file.source();
        const auto one = copiesIn(source, file.dump(), {secret(token)}, 1);
        const auto many = copiesIn(source, file.dump(), {secret(token)}, 5);
        QVERIFY(one.size() >= 38);
        QCOMPARE(one.size(), many.size());
        for (std::size_t i = 0; i < one.size(); ++i) {
            QCOMPARE(one[i].encoding, many[i].encoding);
            QCOMPARE(one[i].pieces, many[i].pieces);
        }
    }

    void staysLinearInFilesThatRepeatTheValue()
    {
        QByteArray value;
        for (int i = 0; i < 20000; ++i)
            value += "abcde";
        value += randomText(22, 30);
        PlantedFile file(1 << 20);
        for (int at = 0; at + 5 < file.bytes().size(); at += 5)
            file.plant(at, "abcde");
        // Quadratic work would take hours, which the time limit of the whole test ends.
        QVERIFY(!copiesIn(file, {secret(value), secret(value + "x")}).empty());
    }

    void stopsWhenAsked()
    {
        const PlantedFile file(1 << 20);
        JobControl control;
        control.cancel();
        const auto copies = findCopies(file.source(), file.dump(),
                                       std::vector {secret(randomText(23, 20))}, {1}, control);
        QVERIFY(!copies);
        QCOMPARE(copies.error().code, ErrorCode::Cancelled);
    }

    void findsNothingInAFileWithoutTheValue()
    {
        const PlantedFile file(randomKey(24, 4 << 20));
        std::vector<SecretValue> values;
        for (unsigned i = 0; i < 20; ++i)
            values.push_back(secret(randomText(100 + i, 40)));
        QCOMPARE(copiesIn(file, values).size(), std::size_t(0));
    }
};

QTEST_GUILESS_MAIN(TestPropagate)
#include "tst_propagate.moc"
