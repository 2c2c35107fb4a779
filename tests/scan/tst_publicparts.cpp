// SPDX-License-Identifier: GPL-3.0-or-later
// What of a value everybody knows, and which eight bytes of it tell.
#include "scanner/scan/propagatepublic.h"

#include "tests/redact/planting.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;

namespace {

constexpr int integer = 0x02;
constexpr int octets = 0x04;
constexpr int object = 0x06;
constexpr int sequence = 0x30;

/// A DER element (X.690), and which of its bytes are public: 'P', others '.'.
struct Part {
    QByteArray bytes;
    QByteArray marks;
};

Part operator+(const Part& first, const Part& second)
{
    return {first.bytes + second.bytes, first.marks + second.marks};
}

/// `digits`: bytes of the length behind its first, as many as needed where that is -1.
Part element(int tag, const Part& content, int digits = -1)
{
    const auto size = static_cast<quint32>(content.bytes.size());
    if (digits < 0)
        digits = size < 0x80 ? 0 : size < 0x100 ? 1 : size < 0x10000 ? 2 : 3;
    QByteArray head(1, static_cast<char>(tag));
    head += static_cast<char>(digits == 0 ? size : 0x80U + static_cast<quint32>(digits));
    for (int i = digits; i-- > 0;)
        head += static_cast<char>(i < 4 ? size >> 8 * i : 0U);
    return {head + content.bytes, QByteArray(head.size(), 'P') + content.marks};
}

Part known(int size) { return {randomKey(unsigned(size), size), QByteArray(size, 'P')}; }
Part unknown(int size) { return {randomKey(unsigned(size) + 7, size), QByteArray(size, '.')}; }

QByteArray marksOf(const QByteArray& value, ValueForm form)
{
    QByteArray marks;
    for (const bool isPublic : publicParts(view(value), form))
        marks += isPublic ? 'P' : '.';
    return marks;
}

/// Whether of the element just that is public which it says, as bytes and in the body of a PEM
/// block.
bool isMarked(const Part& part)
{
    if (marksOf(part.bytes, ValueForm::Binary) != part.marks)
        return false;
    const QByteArray begin = "-----BEGIN A-----\n";
    const QByteArray end = "-----END A-----";
    QByteArray body;
    QByteArray marks;
    const QByteArray digits = part.bytes.toBase64(QByteArray::OmitTrailingEquals);
    for (qsizetype i = 0; i < digits.size(); ++i) {
        const qsizetype last = std::min((6 * i + 5) / 8, part.marks.size() - 1);
        const bool isPublic = part.marks[6 * i / 8] == 'P' && part.marks[last] == 'P';
        body += digits[i];
        marks += isPublic ? 'P' : '.';
        if (i % 64 == 63) {
            body += '\n';
            marks += '.';
        }
    }
    const QByteArray expected = QByteArray(begin.size() - 1, 'P') + "." + marks + ".."
        + QByteArray(end.size(), 'P') + ".";
    return marksOf(begin + body + "=\n" + end + "\n", ValueForm::Text) == expected;
}

QByteArray inRandom(const QByteArray& text, const QByteArray& publicMarks = {})
{
    std::vector<bool> isPublic(static_cast<std::size_t>(text.size()), false);
    for (qsizetype i = 0; i < publicMarks.size(); ++i)
        isPublic[static_cast<std::size_t>(i)] = publicMarks[i] == 'P';
    QByteArray marks;
    for (const bool isRandom : randomParts(view(text), isPublic))
        marks += isRandom ? 'R' : '.';
    return marks;
}

bool tells(const QByteArray& eight, bool random = false)
{
    return tellsSecret(view(eight), random);
}

} // namespace

class TestPublicParts : public QObject {
    Q_OBJECT

private slots:
    /// RFC 8017, A.1.2: version, modulus, exponent; what follows is secret.
    void areVersionModulusAndExponentOfAKey()
    {
        const Part version = element(integer, known(1));
        const Part rest = element(integer, unknown(40)) + element(integer, unknown(5));
        QVERIFY(isMarked(element(sequence,
                                 version + element(integer, known(64)) + element(integer, known(3))
                                     + rest + element(integer, known(4)))));
        // Without a version the second one is no modulus.
        QVERIFY(isMarked(element(sequence, element(integer, known(2)) + rest)));
        QVERIFY(isMarked(element(sequence, element(integer, unknown(9)) + rest)));
        QVERIFY(isMarked(element(sequence, element(octets, unknown(1)) + rest)));
        QVERIFY(isMarked(element(sequence, version + element(octets, unknown(9)) + rest)));
        QVERIFY(isMarked(element(sequence, element(object, known(1)) + rest)));
    }

    /// RFC 5915 and 5958: the secret is in octets, which may hold a key themselves.
    void areNoOctets()
    {
        const Part key = element(sequence,
                                 element(integer, known(1)) + element(octets, unknown(32))
                                     + element(0xa0, element(object, known(8)))
                                     + element(0xa1, element(0x03, known(66))));
        QVERIFY(isMarked(key));
        QVERIFY(isMarked(element(sequence,
                                 element(integer, known(1))
                                     + element(sequence, element(object, known(9)))
                                     + element(octets, key))));
        // No sequence: one byte more, another tag, none.
        Part hidden = key + known(1);
        hidden.marks.fill('.');
        QVERIFY(isMarked(element(sequence, element(octets, hidden))));
        hidden = element(0x31, key);
        hidden.marks.fill('.');
        QVERIFY(isMarked(element(sequence, element(octets, hidden))));
        QVERIFY(isMarked(element(sequence, element(octets, {}) + element(octets, unknown(3)))));
    }

    void needASequenceThatIsAllOfTheValue()
    {
        const Part content = element(integer, known(1)) + element(object, known(9));
        const auto isNothing = [](const QByteArray& bytes) {
            return marksOf(bytes, ValueForm::Binary) == QByteArray(bytes.size(), '.');
        };
        QVERIFY(!isNothing(element(sequence, content).bytes));
        QVERIFY(isNothing(element(0x31, content).bytes));
        QVERIFY(isNothing(element(sequence, content).bytes + "\1"));
        QVERIFY(isNothing(element(sequence, content).bytes.chopped(1)));
        QVERIFY(isNothing(content.bytes));
        QVERIFY(isNothing(QByteArray()));
        QVERIFY(isNothing(QByteArray("\x30")));
        // Only bytes are DER.
        const QByteArray bytes = element(sequence, content).bytes;
        QCOMPARE(marksOf(bytes, ValueForm::Number), QByteArray(bytes.size(), '.'));
        QCOMPARE(marksOf(bytes, ValueForm::Text), QByteArray(bytes.size(), '.'));
        QVERIFY(isNothing("eyJab.cd") && isNothing("a-----A-----b"));
    }

    void haveLengthsOfUpToFourBytes()
    {
        for (const int size : {0, 1, 127, 128, 255, 256, 70'000})
            QVERIFY(isMarked(element(sequence, element(object, known(size)))));
        const Part content = element(object, known(9));
        for (int digits = 0; digits <= 4; ++digits)
            QVERIFY(isMarked(element(sequence, content, digits)));
        for (const int digits : {5, 8}) {
            const QByteArray bytes = element(sequence, content, digits).bytes;
            QCOMPARE(marksOf(bytes, ValueForm::Binary), QByteArray(bytes.size(), '.'));
        }
        QByteArray endless = element(sequence, content).bytes;
        endless[1] = char(0x80);
        QCOMPARE(marksOf(endless, ValueForm::Binary), QByteArray(endless.size(), '.'));
        for (const int first : {0x80, 0x85}) { // no length, however many bytes follow
            const QByteArray bytes
                = "\x30" + QByteArray(1, char(first)) + element(object, known(first - 2), 0).bytes;
            QCOMPARE(marksOf(bytes, ValueForm::Binary), QByteArray(bytes.size(), '.'));
        }
    }

    /// What reaches beyond the element around it is not looked into, nor what follows.
    void endWhereTheBytesAreNoDer()
    {
        Part longer = element(object, known(9));
        longer.bytes[1] = 10;
        longer.marks.fill('.');
        QVERIFY(isMarked(element(sequence, element(object, known(5)) + longer)));
    }

    /// What lies deeper than is looked into counts as secret.
    void areLookedForInsideOfOthers()
    {
        Part inner = element(integer, known(1)) + element(octets, unknown(20));
        for (int depth = 0; depth < 15; ++depth) {
            inner = element(depth % 2 == 0 ? sequence : 0xa0, inner);
            QVERIFY2(isMarked(element(sequence, inner)), QByteArray::number(depth).constData());
        }
        const QByteArray marks
            = marksOf(element(sequence, element(sequence, inner)).bytes, ValueForm::Binary);
        QVERIFY(marks.endsWith(QByteArray(25, '.')));
    }

    void areTheHeadsOfTokensAndTheArmour()
    {
        const auto text = [](const char* bytes) { return marksOf(bytes, ValueForm::Text); };
        QCOMPARE(text("eyJabc.def.ghi"), QByteArray("PPPPPPP......."));
        QCOMPARE(text("eyJabcdef"), QByteArray("........."));
        QCOMPARE(text("xeyJab.def"), QByteArray(".........."));
        QCOMPARE(text("a-----b-----c"), QByteArray(".PPPPPPPPPPP."));
        QCOMPARE(text("a----b"), QByteArray("......"));
        QCOMPARE(text("a-----b"), QByteArray(".PPPPPP"));
        // Two blocks: nothing between them is a body.
        const Part key
            = element(sequence, element(integer, known(1)) + element(octets, unknown(9)));
        const QByteArray body = key.bytes.toBase64(QByteArray::OmitTrailingEquals);
        const QByteArray line = "-----A-----";
        const QByteArray one = line + body + line;
        const QByteArray marks = text(one.constData());
        QVERIFY(marks.startsWith(QByteArray(line.size() + 9, 'P') + "."));
        QCOMPARE(text((one + body + one).constData()),
                 marks + QByteArray(body.size(), '.') + marks);
    }

    void areRandomInRunsOfTwelve()
    {
        const QByteArray run = "q7Kx2Ab9Zw4T";
        QCOMPARE(inRandom(run), QByteArray(12, 'R'));
        QCOMPARE(inRandom(run.left(11)), QByteArray(11, '.'));
        QCOMPARE(inRandom("ab " + run + " cd"), "..." + QByteArray(12, 'R') + "...");
        QCOMPARE(inRandom(run + " " + run), QByteArray(12, 'R') + "." + QByteArray(12, 'R'));
        QCOMPARE(inRandom(run.left(6) + "." + run.mid(6)), QByteArray(13, '.'));
        for (const char inside : {'+', '/', '-', '_'})
            QCOMPARE(inRandom(run.left(6) + inside + run.mid(6)), QByteArray(13, 'R'));
        QCOMPARE(inRandom("incremental_encoder_settings"), QByteArray(28, '.'));
        // What is public ends a run.
        QCOMPARE(inRandom("aBc" + run, "PPP"), "..." + QByteArray(12, 'R'));
        QCOMPARE(inRandom("aBc" + run, "PPPP"), QByteArray(15, '.'));
        QVERIFY(inRandom({}).isEmpty());
    }

    void areRandomWhereAQuarterOfThePiecesTells()
    {
        for (unsigned seed = 0; seed < 300; ++seed) {
            const int size = 12 + int(seed % 18);
            const QByteArray words = QByteArray("theincrementalencodersettings").left(size);
            const int random = int(seed / 18) % 12;
            const QByteArray text = words.left(size - random) + randomText(seed, random);
            int telling = 0;
            const int pieces = size - 7;
            for (int at = 0; at < pieces; ++at)
                telling += tells(text.mid(at, 8)) ? 1 : 0;
            QCOMPARE(inRandom(text), QByteArray(size, 4 * telling >= pieces ? 'R' : '.'));
        }
    }

    void tellOrReadLikeWords()
    {
        for (const char* const telling :
             {"zqjxkvbw", "aBcDeFgH", "a1b2c3d4", "ab1cd2ef", "q7Kx2Ab9", "1a.2b.3c", "aBaCe,.;",
              "aAbBeeee", "A1,B2,C3"})
            QVERIFY2(tells(QByteArray(telling).left(8)), telling);
        for (const char* const wordy :
             {"password", "database", "internal", "Password", "pass1234", "correct1", "12345679",
              "2024-12-", "AbandRed", "a-b-c-1-", "q7q7q7q7", "xq7,!#%;"})
            QVERIFY2(!tells(wordy), wordy);
        // In a random text two pairs or changes are enough.
        for (const char* const piece : {"AF_foBsc", "passer7,", "AbandRed"})
            QVERIFY2(!tells(piece) && tells(piece, true), piece);
        for (const char* const piece : {"password", "database", "Pasteite"})
            QVERIFY2(!tells(piece, true), piece);
    }

    void tellByBytesThatAreNoText()
    {
        const QByteArray signs = "!#%')+-";
        for (int byte = 0; byte < 256; ++byte) {
            const bool isPrintable = (byte >= 0x20 && byte < 0x7f) || (byte >= 9 && byte <= 13);
            if (byte != '/') // which goes on counting
                QCOMPARE(tells(signs + static_cast<char>(byte)), !isPrintable);
        }
        // Fewer than five different ones, or each by so much more than the one before.
        QVERIFY(tells(QByteArray("\x81\x82\x83\x84\x89\x81\x82\x83")));
        QVERIFY(!tells(QByteArray("\x81\x82\x83\x84\x81\x81\x82\x83")));
        QVERIFY(!tells(QByteArray("\x81\x92\xa3\xb4\xc5\xd6\xe7\xf8")));
        QVERIFY(tells(QByteArray("\x81\x92\xa3\xb4\xc5\xd6\xe7\xf9")));
        QVERIFY(!tells(QByteArray("\xf8\xfb\xfe\x01\x04\x07\x0a\x0d")));
    }

    void knowALetterBesideADigit()
    {
        const auto isLetter
            = [](int c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
        const auto isDigit = [](int c) { return c >= '0' && c <= '9'; };
        for (int first = 0; first < 256; ++first)
            for (int second = 0; second < 256; ++second)
                QCOMPARE(isLetterBesideDigit(static_cast<std::uint8_t>(first),
                                             static_cast<std::uint8_t>(second)),
                         (isLetter(first) && isDigit(second))
                             || (isDigit(first) && isLetter(second)));
    }

    void textsThatAGeneratorDrewAreRandomWithTheirSigns()
    {
        constexpr std::string_view signs = "abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)";
        std::mt19937 random(7);
        int drawn = 0;
        int pieces = 0;
        int telling = 0;
        for (int i = 0; i < 200; ++i) {
            QByteArray key;
            while (key.size() < 50)
                key += signs[random() % signs.size()];
            const QByteArray marks = inRandom("key " + key + " end");
            if (marks != "...." + QByteArray(50, 'R') + "....")
                continue;
            ++drawn;
            for (qsizetype at = 0; at + 8 <= key.size(); ++at, ++pieces)
                telling += tells(key.mid(at, 8), true) ? 1 : 0;
        }
        QVERIFY2(drawn >= 180, QByteArray::number(drawn).constData());
        QVERIFY2(telling * 100 >= pieces * 99, QByteArray::number(pieces - telling).constData());
        for (const char* const text :
             {"postgres://app:Kx9-2vQ@db.example.org:5432/orders", "Authorization: Bearer",
              "for(i=0;i<size;++i){out[i]=in[i]^key;}", "https://login.example.com/oauth2/v1"})
            QVERIFY2(!inRandom(text).contains('R'), text);
        QVERIFY(tells("(^#@!$%&", true));
        QVERIFY(!tells("(^#@!$%&"));
    }
};

QTEST_APPLESS_MAIN(TestPublicParts)
#include "tst_publicparts.moc"
