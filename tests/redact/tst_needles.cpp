// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/needles.h"

#include "tests/redact/planting.h"
#include "tests/scan/writings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QtTest>

#include <algorithm>
#include <cstring>
#include <functional>
#include <set>

using namespace coredact;
using namespace coredact::test;

namespace {

/// A needle of any size at some place.
bool standsIn(const Needles& needles, const QByteArray& bytes)
{
    for (std::size_t at = 0; at < view(bytes).size(); ++at)
        if (needles.at(view(bytes), at))
            return true;
    return false;
}

/// The writings of which pieces stand there.
std::set<std::string> writingsIn(const Needles& needles, const QByteArray& bytes)
{
    std::set<std::string> seen;
    for (std::size_t at = 0; at < view(bytes).size(); ++at)
        if (const auto match = needles.at(view(bytes), at))
            seen.insert(std::string(match->encoding));
    return seen;
}

QByteArray wide(const QByteArray& text, int unit, bool big)
{
    QByteArray bytes(text.size() * unit, '\0');
    for (int i = 0; i < text.size(); ++i)
        bytes[i * unit + (big ? unit - 1 : 0)] = text[i];
    return bytes;
}

QByteArray reversed(QByteArray bytes)
{
    std::reverse(bytes.begin(), bytes.end());
    return bytes;
}

QByteArray swapped(const QByteArray& bytes, int size)
{
    QByteArray turned;
    for (int at = 0; at < bytes.size(); at += size)
        turned += reversed(bytes.mid(at, size));
    return turned;
}

/// JSON that keeps to ASCII.
QByteArray jsonInAscii(const QString& text, bool upper)
{
    QByteArray json;
    for (const QChar unit : text) {
        const QByteArray digits = QByteArray::number(unit.unicode(), 16).rightJustified(4, '0');
        json += unit.unicode() < 0x80 ? QByteArray(1, char(unit.unicode()))
                                      : "\\u" + (upper ? digits.toUpper() : digits);
    }
    return json;
}

/// Its windows are no words; in Base64 they have digits that differ between its alphabets.
const QByteArray written = "pQ7?K3xV9a>mT2bWk?8hL5cZ4";

} // namespace

class TestNeedles : public QObject {
    Q_OBJECT

private slots:
    /// The quick look may tell of places where nothing stands, but leaves out none that has a
    /// needle.
    void standAmongTheirCandidates_data()
    {
        QTest::addColumn<int>("words");
        for (const int words : {0, 1, 3, 16, 17, 60})
            QTest::addRow("%d words", words) << words;
    }
    void standAmongTheirCandidates()
    {
        QFETCH(const int, words);
        std::vector<SecretValue> values {secret(randomText(900, 30)),
                                         secret(randomKey(901, 24), ValueForm::Binary)};
        for (int i = 0; i < words; ++i)
            values.push_back(secret(randomText(unsigned(i) + 1, 5 + i % 3)));
        const Needles needles(values);
        QByteArray bytes = randomKey(77, 300);
        for (const SecretValue& value : values)
            bytes += QByteArray(reinterpret_cast<const char*>(value.value.data()),
                                static_cast<qsizetype>(value.value.size()))
                + randomKey(78, int(value.value.size()) % 7).replace('\0', ' ') + "; ";
        const qsizetype size = bytes.size();
        bytes += QByteArray(32, '\0'); // may be read
        std::size_t seen = 0;
        for (const std::size_t begin : {0U, 5U, 301U}) {
            std::vector<std::uint32_t> positions;
            const auto end = static_cast<std::size_t>(size) - begin % 4;
            needles.candidates(view(bytes).data(), begin, end, positions);
            QVERIFY(std::is_sorted(positions.begin(), positions.end()));
            for (std::size_t at = begin; at < end; ++at) {
                if (!needles.at(view(bytes), at))
                    continue;
                ++seen;
                QVERIFY(std::binary_search(positions.begin(), positions.end(), at));
            }
        }
        QVERIFY(seen >= std::size_t(words));
    }

    /// Those of one part of the bytes are in it, each once.
    void areLookedForInAPart_data()
    {
        QTest::addColumn<int>("words");
        for (const int words : {0, 1, 17})
            QTest::addRow("%d words", words) << words;
    }
    void areLookedForInAPart()
    {
        QFETCH(const int, words);
        const QByteArray token = randomText(902, 8);
        std::vector<SecretValue> values {secret(token)};
        for (int i = 0; i < words; ++i)
            values.push_back(secret(randomText(unsigned(i) + 1, 5)));
        if (words > 0)
            values.push_back(secret(token.mid(2, 5))); // where the token may begin, too
        const Needles needles(values);
        const QByteArray word = words == 0 ? QByteArray(5, '.') : randomText(1, 5);
        QByteArray bytes(8300, '.');
        std::vector<std::size_t> places;
        for (const std::size_t at : {16U, 33U, 50U, 67U, 4096U, 4200U, 8192U}) {
            bytes.replace(qsizetype(at), 8, token);
            bytes.replace(qsizetype(at) + 9, 5, word);
            places.push_back(at);
            if (words > 0)
                places.push_back(at + 9);
        }
        const auto isRight = [&](std::size_t begin, std::size_t end) {
            std::vector<std::uint32_t> positions {7}; // what was told before
            needles.candidates(view(bytes).data(), begin, end, positions);
            const bool rises
                = std::adjacent_find(positions.begin(), positions.end(), std::greater_equal {})
                == positions.end();
            const bool inside
                = positions.empty() || (positions.front() >= begin && positions.back() < end);
            return rises && inside
                && std::all_of(places.begin(), places.end(), [&](std::size_t place) {
                       return place < begin || place >= end
                           || std::binary_search(positions.begin(), positions.end(), place);
                   });
        };
        for (std::size_t begin = 0; begin < 60; ++begin) {
            for (std::size_t end = begin + 1; end < 80; ++end)
                QVERIFY(isRight(begin, end));
            QVERIFY(isRight(begin, 8250));
        }
    }

    /// What is left out of very many since it surely stands nowhere.
    void areJudgedByTheWordsThatStand()
    {
        const QByteArray bytes = randomKey(80, 2000);
        const auto wordAt = [&](std::size_t at) {
            std::uint64_t word = 0;
            std::memcpy(&word, bytes.data() + at, 5);
            return word;
        };
        for (const auto& [begin, end] :
             {std::pair(0U, 1U), {0U, 253U}, {3U, 256U}, {4U, 257U}, {8U, 600U}, {1U, 1500U}}) {
            WordFilter words;
            words.reserve(2000, 20);
            const WordGatherer gatherer(words);
            std::vector<std::uint32_t> positions {7};
            gatherer.candidates(view(bytes).data(), begin, end, positions);
            QVERIFY(positions.empty());
            int others = 0;
            for (std::size_t at = 0; at < 1900; ++at) {
                const bool isHeld = words.look().mayHold(wordAt(at));
                // A needle that begins before the end has its piece behind it.
                if (at % 4 == 0 && at >= begin && at < end + 3)
                    QVERIFY(isHeld);
                else
                    others += isHeld ? 1 : 0;
            }
            QVERIFY2(others < 40, QByteArray::number(others).constData());
            QVERIFY(!gatherer.at(view(bytes).first(1990), 1701) && !gatherer.at(view(bytes), 1998));
            QVERIFY(words.look().mayHold(wordAt(1701)));
        }
    }

    void knowAValueInEveryWriting_data()
    {
        QTest::addColumn<bool>("text");
        QTest::addColumn<QByteArray>("bytes");
        const auto row = [](const char* writing, const QByteArray& bytes, const char* kind = "") {
            QTest::addRow("%s%s", writing, kind) << true << bytes;
        };
        row("raw", written);
        row("reversed", reversed(written));
        for (const bool big : {false, true}) {
            row(big ? "utf-16be" : "utf-16le", wide(written, 2, big));
            row(big ? "utf-32be" : "utf-32le", wide(written, 4, big));
            const char* const order = big ? "|big" : "|little";
            row("hex in utf-16", wide(written.toHex(), 2, big), order);
            row("hex in utf-16", wide(written.toHex().toUpper(), 2, big), order);
            row("base64 in utf-16", wide(written.toBase64(), 2, big), order);
        }
        row("hex", written.toHex());
        row("hex", written.toHex().toUpper(), "|upper");
        for (const char* const before : {"", "b", "bb"}) {
            const QByteArray all = before + written;
            row("base64", all.toBase64(), before[0] == 0 ? "" : "|");
            row("base64url", all.toBase64(QByteArray::Base64UrlEncoding));
            row("base64 of utf-16", (before + wide(written, 2, false)).toBase64());
        }
        const QByteArray key = randomKey(41, 24);
        for (const int size : {4, 8}) {
            QTest::addRow(size == 4 ? "swapped" : "swapped-64") << false << swapped(key, size);
            QTest::addRow("limbs-%d", 8 * size) << false << reversed(swapped(key, size));
        }
        QTest::addRow("hex|of bytes") << false << key.toHex();
        QTest::addRow("base64|of bytes") << false << key.toBase64();
    }
    void knowAValueInEveryWriting()
    {
        QFETCH(const bool, text);
        QFETCH(const QByteArray, bytes);
        const Needles needles(
            std::vector {text ? secret(written) : secret(randomKey(41, 24), ValueForm::Binary)});
        const std::string row = QTest::currentDataTag();
        QVERIFY(writingsIn(needles, bytes).contains(row.substr(0, row.find('|'))));
        QVERIFY(!standsIn(needles, wide("nothing of it", 1, false)));
    }

    /// Others would be told of everywhere.
    void areWindowsThatNobodyWritesByAccident()
    {
        for (const char* const telling :
             {"aBcDeFgH", "a1b2c3d4", "ab1cd2ef", "1ab2cdef", "aBcDefgh", "a1b2c3a1"})
            QVERIFY2(standsIn(Needles(std::vector {secret(telling)}),
                              "before" + QByteArray(telling) + "behind"),
                     telling);
        for (const char* const wordy :
             {"password", "abcDEFgh", "abcd1234", "abc1done", "aBcdEFGH", "a1b2ca1b", "aB:cD:ef"})
            QVERIFY2(!standsIn(Needles(std::vector {secret(wordy)}),
                               "before" + QByteArray(wordy) + "behind"),
                     wordy);
        const QByteArray even("\x11\x22\x33\x44\x55\x66\x77\x88");
        QVERIFY(!standsIn(Needles(std::vector {secret(even, ValueForm::Binary)}), even));
        const QByteArray uneven("\x11\x22\x33\x44\x55\x66\x77\x87");
        QVERIFY(standsIn(Needles(std::vector {secret(uneven, ValueForm::Binary)}), uneven));
    }

    void countShortWordsThatStandAlone()
    {
        const Needles needles(std::vector {secret("q7Kx2A"), secret("q7Kx2B"), secret("q7Kx2")});
        for (const char* const alone :
             {"q7Kx2", "q7Kx2A", "q7Kx2B", " q7Kx2B.", "=q7Kx2\"", "_q7Kx2-"})
            QVERIFY2(standsIn(needles, alone), alone);
        for (const char* const part : {"aq7Kx2", "q7Kx2C", "q7Kx2AB", "7q7Kx2B", "q7Kx", "q7Kx2B8"})
            QVERIFY2(!standsIn(needles, part), part);
        QVERIFY(Needles(std::vector {secret("q7Kx")}).empty());
        QVERIFY(Needles(std::vector {secret("q7Kx2A", ValueForm::Binary)}).empty());
    }

    /// However it reads: words, numbers, names; a piece of it is not told of.
    void noticeATextThatIsLeftWhole_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* const text :
             {"password", "hunterwinter", "correct horse battery", "4539148803436467",
              "123-45-6789", "DE89370400440532013000", "q7Kx2Ab9", "q7Kx2Ab9c", "qzjxkvbw",
              "alice.smith@example.org", "summer&winter", "say \"please\"", "pqpqpqpqr"})
            QTest::newRow(text) << QByteArray(text);
    }
    void noticeATextThatIsLeftWhole()
    {
        QFETCH(const QByteArray, text);
        const Needles needles(std::vector {secret(text)});
        const auto isNoticed
            = [&](const QByteArray& written, const char* before = " ", const char* behind = " ") {
                  return standsIn(needles, before + written + behind);
              };
        QVERIFY(isNoticed(text));
        QVERIFY(isNoticed(text, "", ""));
        for (const int unit : {2, 4})
            for (const bool big : {false, true})
                QVERIFY(isNoticed(wide(text, unit, big)));
        QVERIFY(isNoticed(text.toHex()));
        QVERIFY(isNoticed(text.toHex().toUpper()));
        QVERIFY(isNoticed(text.toPercentEncoding()));
        const QString all = QString::fromLatin1(text);
        QVERIFY(isNoticed(QJsonDocument(QJsonArray {all}).toJson(QJsonDocument::Compact)));
        QVERIFY(isNoticed(all.toHtmlEscaped().toLatin1()));
        if (std::set<char>(text.begin(), text.end()).size() >= 6)
            for (const char* const before : {"", "b", "bb"})
                QVERIFY(isNoticed((before + text + "behind").toBase64(), "digits", "digits"));
        QVERIFY(!isNoticed(text.left(7)));
        QVERIFY(!isNoticed(text.toHex().left(14)));
    }

    void noticeAWordBetweenOtherCharactersOnly()
    {
        const Needles needles(std::vector {secret("sunflower")});
        for (const char* const alone : {"sunflower", "=sunflower;", "_sunflower-", "\xc3sunflower"})
            QVERIFY2(standsIn(needles, alone), alone);
        for (const char* const part : {"asunflower", "sunflowers", "Zsunflower", "sunflower9"})
            QVERIFY2(!standsIn(needles, part), part);
        const auto wideBetween = [&](const char* before, const char* behind, int unit, bool big) {
            return standsIn(needles, wide(before + QByteArray("sunflower") + behind, unit, big));
        };
        for (const int unit : {2, 4}) {
            for (const bool big : {false, true}) {
                QVERIFY(wideBetween("-", "-", unit, big));
                QVERIFY(!wideBetween("-a", "-", unit, big));
                QVERIFY(!wideBetween("-", "s-", unit, big));
            }
        }
        // What stands beside it must be as wide.
        QVERIFY(standsIn(needles, "a" + wide("sunflower", 2, false) + "ss"));
        const auto match = needles.at(view(" sunflower "), 1);
        QVERIFY(match && match->size == 9 && match->beside == 1);
        // A fill may look like it.
        QVERIFY(!standsIn(Needles(std::vector {secret("XXXXXXXX")}), "XXXXXXXX"));
    }

    void noticeSixteenBytesOfWords()
    {
        const QByteArray words = "the-quick-brown-fox-jumps-over-the-lazy-dog-and-runs-from-bears-";
        const Needles needles(std::vector {secret(words)});
        for (const qsizetype at : {0, 7, 48}) {
            QVERIFY(standsIn(needles, "x" + words.mid(at, 16) + "x"));
            QVERIFY(!standsIn(needles, "x" + words.mid(at, 15) + "!"));
        }
        const QByteArray part = words.mid(9, 18);
        QVERIFY(writingsIn(needles, part.toHex()).contains("hex"));
        QVERIFY(writingsIn(needles, wide(part, 2, false)).contains("utf-16le"));
        QVERIFY(writingsIn(needles, wide(part, 4, true)).contains("utf-32be"));
        for (const char* const before : {"", "b", "bb"})
            QVERIFY(writingsIn(needles, (before + part).toBase64()).contains("base64"));
        QVERIFY(writingsIn(needles, reversed(part)).contains("reversed"));
    }

    /// Of a random text also what reads like a word by chance.
    void noticeWordsInRandomTexts()
    {
        const QByteArray token = "q7Kx2Ab9painTnote4Zq8Lw2Vb";
        QVERIFY(standsIn(Needles(std::vector {secret(token)}), token.mid(8, 9)));
        const QByteArray words = "about the painTnote of it";
        QVERIFY(!standsIn(Needles(std::vector {secret(words)}), "painTnote"));
    }

    void knowTheEscapesOfEveryCharacter()
    {
        const QByteArray value = "aZ\"q7\\Kr\rT\tv\x01Wb<X>y'&4\nPm";
        const std::vector values {secret(value)};
        const Needles needles(values);
        QVERIFY(standsIn(needles, value));
        const QByteArray json
            = QJsonDocument(QJsonArray {QString::fromLatin1(value)}).toJson(QJsonDocument::Compact);
        QVERIFY(json != value && standsIn(needles, json));
        const QByteArray html = QString::fromLatin1(value).toHtmlEscaped().toLatin1();
        QVERIFY(html != value && standsIn(needles, html));
        QVERIFY(!standsIn(needles, randomText(5, 4000)));
    }

    /// Eight characters of other alphabets tell in UTF-16, UTF-32 and the JSON that keeps to ASCII.
    void knowTextsOfOtherAlphabets()
    {
        const QString text = QString::fromUtf8("\u0436Kq7\u0449X2\u042ep9\u4e2dZ\u044a");
        const Needles needles(std::vector {secret(text.toUtf8())});
        const auto isKnown = [&](const char* encoding, const QByteArray& bytes) {
            return writingsIn(needles, bytes).contains(encoding);
        };
        using Q = QStringConverter;
        for (const qsizetype size : {8, 7}) {
            for (qsizetype at = 0; at + size <= text.size(); ++at) {
                const QString piece = text.mid(at, size);
                for (const auto encoding : {Q::Utf16LE, Q::Utf16BE})
                    QCOMPARE(isKnown("utf-16", inUtf(piece.toUtf8(), encoding)), size == 8);
                for (const auto encoding : {Q::Utf32LE, Q::Utf32BE})
                    QCOMPARE(isKnown("utf-32", inUtf(piece.toUtf8(), encoding)), size == 8);
                for (const bool upper : {false, true})
                    QCOMPARE(isKnown("json", jsonInAscii(piece, upper)), size == 8);
            }
        }
        // Eight of these are longer in JSON than any needle may be.
        const QString stars = QString::fromUtf8("\U0001f311\U0001f402\U0001f513\U0001f624"
                                                "\U0001f735\U0001f846\U0001f957\U0001fa68");
        QVERIFY(
            !standsIn(Needles(std::vector {secret(stars.toUtf8())}), jsonInAscii(stars, false)));
    }

    void knowNumbersAndWhatIsDerivedFromAValue()
    {
        const QByteArray number = "\x91" + randomKey(42, 40);
        const QByteArray schedule = randomKey(43, 24);
        SecretValue value = secret(number, ValueForm::Number);
        value.derived.push_back({"schedule", ValueForm::Binary, secretBytes(schedule)});
        const Needles needles(std::vector {value});
        QVERIFY(writingsIn(needles, pythonDigits(number)).contains("python-int"));
        QVERIFY(standsIn(needles, schedule.mid(9, 8)));
        QVERIFY(!standsIn(needles, schedule.mid(9, 7)));
        QVERIFY(!standsIn(Needles(std::vector {secret(number, ValueForm::Binary)}),
                          pythonDigits(number)));
    }

    /// Of a long value every eighth window is encoded, of a very long one in the usual ways only.
    void knowLongValues()
    {
        for (const int size : {64, 65, 8192, 8193}) {
            const QByteArray key = randomKey(44, size);
            const Needles needles(std::vector {secret(key, ValueForm::Binary)});
            const QByteArray piece = key.mid(30, 19);
            QVERIFY(standsIn(needles, piece.left(8)));
            QVERIFY(standsIn(needles, piece.toHex()));
            const QByteArray list
                = listed(piece, ", ", [](quint8 byte) { return QByteArray::number(byte); });
            QCOMPARE(standsIn(needles, list), size <= 8192);
            QCOMPARE(standsIn(needles, piece.left(9).toHex()), size <= 64);
        }
    }

    void areNoneWithoutValues()
    {
        const Needles needles({});
        QVERIFY(needles.empty());
        QCOMPARE(needles.size(), std::size_t(0));
        QVERIFY(!standsIn(needles, randomText(6, 400)));
        const Needles shortest(std::vector {secret("abc")});
        QVERIFY(!standsIn(shortest, "x abc x"));
    }
};

QTEST_APPLESS_MAIN(TestNeedles)
#include "tst_needles.moc"
