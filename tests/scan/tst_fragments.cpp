// SPDX-License-Identifier: GPL-3.0-or-later
// Which pieces of a value count as copies of it, and where exactly they begin and end.
#include "tests/scan/copylook.h"
#include "tests/scan/writings.h"

#include <QtTest>

#include <cctype>
#include <cstring>
#include <tuple>

using namespace coredact;
using namespace coredact::test;

namespace {

/// What of `value` is told of in a file that holds `piece` only.
std::vector<Copy> copiesOf(const QByteArray& value, const QByteArray& piece,
                           ValueForm form = ValueForm::Text)
{
    PlantedFile file(8192, '\0');
    file.plant(1000, piece);
    return copiesIn(file, {secret(value, form)});
}

bool isFound(const QByteArray& value, const QByteArray& piece, ValueForm form = ValueForm::Text)
{
    const auto copies = copiesOf(value, piece, form);
    return covers(copies, range(1000, static_cast<std::uint64_t>(piece.size())));
}

/// A text that begins with `first`; each character is so much more than the one before. Neither
/// letters nor anything that would tell by itself.
QByteArray stepping(char first, const std::vector<int>& steps)
{
    QByteArray text(1, first);
    for (const int step : steps)
        text += static_cast<char>(text.back() + step);
    return text;
}

/// Where copies in that encoding are told of.
std::vector<FileRange> placesIn(const std::vector<Copy>& copies, const char* encoding)
{
    std::vector<FileRange> places;
    for (const Copy& copy : copies)
        if (copy.encoding == encoding)
            places.insert(places.end(), copy.pieces.begin(), copy.pieces.end());
    return places;
}

/// At every alignment to the places that are probed.
bool isFoundAnywhere(const QByteArray& value, const QByteArray& piece,
                     ValueForm form = ValueForm::Text)
{
    for (qsizetype at = 1000; at < 1004; ++at) {
        PlantedFile file(4096, '\0');
        file.plant(at, piece);
        if (!covers(
                copiesIn(file, {secret(value, form)}),
                range(static_cast<std::uint64_t>(at), static_cast<std::uint64_t>(piece.size()))))
            return false;
    }
    return true;
}

/// In 64 bits each; carried ones lie around zero.
QByteArray javaLimbs(const QByteArray& number, int bits, int count, bool carried, bool little)
{
    std::vector<bool> all(static_cast<std::size_t>(bits * count) + 64);
    for (qsizetype i = 0; i < number.size() * 8; ++i)
        all[static_cast<std::size_t>(i)]
            = (static_cast<unsigned char>(number[number.size() - 1 - i / 8]) >> i % 8 & 1) != 0;
    QByteArray limbs;
    qint64 carry = 0;
    for (int limb = 0; limb < count; ++limb) {
        qint64 value = carry;
        for (int bit = 0; bit < bits; ++bit)
            value += all[static_cast<std::size_t>(limb * bits + bit)] ? qint64 {1} << bit : 0;
        carry = carried && limb + 1 < count && value >= qint64 {1} << (bits - 1) ? 1 : 0;
        value -= carry << bits;
        for (int byte = 0; byte < 8; ++byte)
            limbs.append(static_cast<char>(value >> 8 * (little ? byte : 7 - byte)));
    }
    return limbs;
}

} // namespace

class TestFragments : public QObject {
    Q_OBJECT

private slots:
    void areNoPartsOfLongerWords_data()
    {
        QTest::addColumn<Writing>("write");
        using Q = QStringConverter;
        QTest::newRow("raw") << Writing([](const QByteArray& text) { return text; });
        for (const auto& [name, encoding] :
             {std::pair("UTF-16LE", Q::Utf16LE), std::pair("UTF-16BE", Q::Utf16BE),
              std::pair("UTF-32LE", Q::Utf32LE), std::pair("UTF-32BE", Q::Utf32BE)})
            QTest::newRow(name) << Writing(
                [encoding = encoding](const QByteArray& text) { return inUtf(text, encoding); });
    }
    void areNoPartsOfLongerWords()
    {
        QFETCH(const Writing, write);
        // Narrow ones at the begin and the end of the file, too; half a character would read wide.
        const QByteArray around = QByteArray(QTest::currentDataTag()) == "raw" ? "" : "..";
        const auto copies = [&](const QByteArray& text) {
            return copiesIn(PlantedFile(write(around + text + around)), {secret("sunflower")})
                .size();
        };
        for (const char* const alone : {"sunflower", ".sunflower", "sunflower.", "-sunflower-"})
            QVERIFY2(copies(alone) == 1, alone);
        for (const char* const part : {"asunflower", "sunflowers", "-sunflowers", "Zsunflower-",
                                       "9sunflower0", "sunflowerz", "0sunflower"})
            QVERIFY2(copies(part) == 0, part);
    }

    /// Only a digit of base64 shares bits with the one beside it.
    void takeInDigitsOnly()
    {
        const QByteArray token = randomText(6, 30);
        // Of its first and last digit some bits are of what stands around.
        const QByteArray digits = ("?" + token + "<").toBase64().mid(2, 39);
        for (int other = 0; other < 256; ++other) {
            const char character = static_cast<char>(other);
            const bool isDigit = other < 128
                && (isalnum(other) != 0 || strchr("+/-_", other == 0 ? ' ' : other) != nullptr);
            PlantedFile file(4096, ' ');
            file.plant(100, character + digits + character);
            const auto copies = copiesIn(file, {secret(token)});
            QCOMPARE(copies.size(), std::size_t(1));
            const std::uint64_t more = isDigit ? 1 : 0;
            QCOMPARE(copies.front().pieces, std::vector {range(101 - more, 39 + 2 * more)});
        }
        const PlantedFile first(QByteArray("A") + digits);
        QCOMPARE(copiesIn(first, {secret(token)}).front().pieces, std::vector {range(0, 40)});
    }

    void endWithWholeCharacters()
    {
        const QByteArray token = randomText(8, 24);
        using Q = QStringConverter;
        const QByteArray two = inUtf(token, Q::Utf16LE);
        const auto inTwo = copiesOf(token, two.mid(3, 21));
        QCOMPARE(placesIn(inTwo, "utf-16le fragment"), std::vector {range(1001, 20)});
        QCOMPARE(placesIn(inTwo, "utf-16be fragment"), std::vector {range(1000, 20)});
        const QByteArray four = inUtf(token, Q::Utf32LE);
        for (const auto& [before, behind] :
             {std::pair(0, 0), {1, 0}, {2, 0}, {3, 0}, {0, 1}, {0, 3}, {1, 2}, {2, 2}}) {
            PlantedFile file(4096, '\1');
            file.plant(1000, four.mid(16 - before, before + 48 + behind));
            QCOMPARE(placesIn(copiesIn(file, {secret(token)}), "utf-32le fragment"),
                     std::vector {range(1000 + static_cast<std::uint64_t>(before), 48)});
        }
    }

    /// The eight bytes that tell may be any of them, in any writing.
    void areNoWordsInDigitsEither()
    {
        const QByteArray words = "correct horse battery staple";
        const QByteArray few = words.left(13);
        const QByteArray many = words.left(21);
        for (const auto& write : {Writing([](const QByteArray& text) { return text.toHex(); }),
                                  Writing([](const QByteArray& text) { return text.toHex(':'); }),
                                  Writing([](const QByteArray& text) {
                                      return inUtf(text, QStringConverter::Utf16LE);
                                  })}) {
            QVERIFY(copiesOf(words, write(few)).empty());
            QVERIFY(isFound(words, write(many)));
        }
    }

    /// Sixteen bytes that read like words count, unless they only count up or down.
    void countThoughTheyReadLikeWords()
    {
        const std::vector<int> up(15, 1);
        const auto counts
            = [](const QByteArray& piece) { return isFound(piece + " of the old town", piece); };
        QVERIFY(!counts(stepping('!', up)));
        QVERIFY(!counts(stepping('!', {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2})));
        QVERIFY(!counts(stepping('!', {1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 1, 1, 1})));
        QVERIFY(counts(stepping('!', {1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 1, 1, 2})));
        QVERIFY(counts(stepping('!', {1, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 2})));
        QVERIFY(!counts(stepping('!', {1, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 2})));
        // Of five different ones, not of four.
        QVERIFY(counts(stepping('1', {1, 1, 1, 1, -4, 2, 1, -3, 4, -1, -2, 1, 1, -2, -1})));
        QVERIFY(!counts(stepping('1', {1, 1, 1, -3, 2, 1, -3, 1, 1, 1, -2, 1, -2, 1, 1})));
    }

    void countWhereTheyAreHalfOfAPassword()
    {
        const QByteArray piece = QByteArray("silver") + "16";
        QVERIFY(isFound("aboutbed" + piece, piece));
        QVERIFY(!isFound("aboutbedx" + piece, piece));
        // A letter and a digit that are apart: what stands between them is public.
        const QByteArray apart = "mountain-----X-----1 river!";
        QVERIFY(!isFound(apart, apart.mid(1)));
        const QByteArray beside = "mountain-----X-----1river!!";
        QVERIFY(isFound(beside, beside.mid(1)));
    }

    void areNotWhatOnlyAFewSecretBytesStandBeside()
    {
        const QByteArray token = QByteArray("eyJ") + randomText(30, 30) + "." + randomText(31, 60);
        QVERIFY(!isFound(token, token.mid(10, 28)));
        QVERIFY(isFound(token, token.mid(10, 32)));
        // Ten of them, of which no eight lie in a row.
        const auto octets = [](unsigned seed, int size) {
            return QByteArray("\x04") + static_cast<char>(size) + randomKey(seed, size);
        };
        const QByteArray parts = octets(32, 6) + octets(33, 6) + octets(34, 50);
        const QByteArray der = QByteArray("\x30") + static_cast<char>(parts.size()) + parts;
        QVERIFY(!isFound(der, der.mid(5, 12), ValueForm::Binary));
        QVERIFY(isFound(der, der.mid(30, 12), ValueForm::Binary));
    }

    /// A part of what is public in one place, and secret in another of the same value.
    void areReadAsWhatTells()
    {
        const QByteArray twice = randomText(35, 8) + "." + randomText(36, 4);
        const QByteArray token = QByteArray("eyJ") + randomText(37, 20) + twice + randomText(38, 20)
            + twice + randomText(39, 20);
        QVERIFY(isFoundAnywhere(token, twice));
        QVERIFY(isFoundAnywhere(token, twice.mid(4)));
        QVERIFY(isFoundAnywhere(token, twice.mid(3, 9)));
    }

    /// Random as a whole, or not: words that reach into it are none.
    void areRandomAsAWhole()
    {
        const QByteArray value = QByteArray("Bearer ") + "painTnote4Zq8Lw2VbK7";
        QVERIFY(isFound(value, value.mid(7, 8)));
        QVERIFY(!isFound(value, value.mid(4, 9)));
    }

    /// Where a piece of the value stands in it twice, what stands before one of them counts too.
    void reachAsFarAsTheLongestReading()
    {
        const QByteArray again = randomText(40, 12);
        const QByteArray before = randomText(41, 3);
        const QByteArray value = again + "-" + randomText(42, 9) + before + again;
        QVERIFY(isFoundAnywhere(value, before + again));
        const QByteArray other = again + "-" + randomText(43, 9) + before + again + "+";
        QVERIFY(isFoundAnywhere(other, before + again));
    }

    /// Words that are no piece, and go over into one.
    void areFoundWhereWordsGoOver()
    {
        const QByteArray value = QByteArray("correct horse battery orse") + "Q7x9" + "mountain";
        const QByteArray piece = value.mid(22, 8);
        for (qsizetype at = 1000; at < 1004; ++at) {
            PlantedFile file(4096, '\0');
            file.plant(at, "correct h" + piece);
            QVERIFY(covers(copiesIn(file, {secret(value)}),
                           range(static_cast<std::uint64_t>(at) + 9, 8)));
        }
    }

    /// Pages of one byte are passed over, but for a piece that begins with it.
    void beginInAConstantPage()
    {
        const QByteArray key = randomKey(44, 9) + QByteArray(4, '\0') + randomKey(45, 9);
        for (const int page : {1, 2, 3})
            for (int before = 1; before <= 4; ++before) {
                const int at = page * 4096 - before;
                PlantedFile file(4 * 4096, '\0');
                file.plant(at, key.mid(13 - before, 8));
                QVERIFY(covers(copiesIn(file, {secret(key, ValueForm::Binary)}),
                               range(static_cast<std::uint64_t>(at), 8)));
            }
    }

    /// Two longs in a row tell nothing: small numbers stand everywhere.
    void findsScalarsAsJavaCalculatesWithThem()
    {
        for (const auto& [size, bits, count] :
             {std::tuple {32, 26, 10}, {31, 26, 10}, {48, 28, 14}, {56, 28, 16}, {66, 28, 19}})
            for (const bool carried : {false, true})
                for (const bool little : {true, false}) {
                    const QByteArray number = "\x15" + randomKey(18, size - 1);
                    const QByteArray limbs = javaLimbs(number, bits, count, carried, little);
                    PlantedFile file(4096, '\0');
                    file.plant(1003, limbs);
                    file.plant(3003, limbs.mid(16, 24));
                    file.plant(3103, limbs.mid(16, 16));
                    const auto copies = copiesIn(file, {secret(number, ValueForm::Number)});
                    QVERIFY(covers(copies, range(1003, static_cast<std::uint64_t>(limbs.size()))));
                    QVERIFY(covers(copies, range(3003, 24)));
                    QVERIFY(!covers(copies, range(3103, 16)));
                }
    }
};

QTEST_GUILESS_MAIN(TestFragments)
#include "tst_fragments.moc"
