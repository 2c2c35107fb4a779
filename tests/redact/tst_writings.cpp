// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/writings.h"

#include "tests/redact/planting.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;
using namespace coredact::writings;

namespace {

QByteArray bytesOf(const SecretBytes& bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size())};
}

/// Each list after the name of its encoding.
QByteArrayList listed(const QByteArray& bytes)
{
    QByteArrayList lists;
    for (const Listed& one : listsOf(view(bytes)))
        lists += QByteArray(one.encoding.data(), qsizetype(one.encoding.size())) + ' '
            + bytesOf(one.text);
    return lists;
}

QByteArray escaped(std::size_t number, const QByteArray& bytes)
{
    return bytesOf(escapes().at(number).write(view(bytes)));
}

struct Code {
    std::uint32_t code;
    std::size_t size;
    bool operator==(const Code&) const = default;
};

/// The characters of a text, each where the one before it ends.
std::vector<Code> codesOf(const QByteArray& text)
{
    std::vector<Code> codes;
    std::size_t at = 0;
    for (const Symbol& symbol : symbolsOf(view(text))) {
        if (symbol.begin != at)
            return {};
        codes.push_back({symbol.code, symbol.size});
        at += symbol.size;
    }
    return at == static_cast<std::size_t>(text.size()) ? codes : std::vector<Code>();
}

} // namespace

class TestWritings : public QObject {
    Q_OBJECT

private slots:
    void widenCharacters()
    {
        QCOMPARE(bytesOf(widened(view("ab"), 2, false)), QByteArray("a\0b\0", 4));
        QCOMPARE(bytesOf(widened(view("ab"), 2, true)), QByteArray("\0a\0b", 4));
        QCOMPARE(bytesOf(widened(view("a"), 4, false)), QByteArray("a\0\0\0", 4));
        QCOMPARE(bytesOf(widened(view("a"), 4, true)), QByteArray("\0\0\0a", 4));
    }

    void haveHexDigitsOfBothKinds()
    {
        QCOMPARE(bytesOf(hexOf(view("\x0f\xa9"), false)), QByteArray("0fa9"));
        QCOMPARE(bytesOf(hexOf(view("\x0f\xa9"), true)), QByteArray("0FA9"));
    }

    /// "xabc" is eGFiYw==, "xyabc" is eHlhYmM=.
    void haveTheBase64DigitsOfTheseBytesOnly()
    {
        QCOMPARE(bytesOf(base64Of(view("abc"), 0, false)), QByteArray("YWJj"));
        QCOMPARE(bytesOf(base64Of(view("ab"), 0, false)), QByteArray("YW"));
        QCOMPARE(bytesOf(base64Of(view("abc"), 1, false)), QByteArray("FiY"));
        QCOMPARE(bytesOf(base64Of(view("abc"), 2, false)), QByteArray("hYm"));
        QCOMPARE(bytesOf(base64Of(view("\xfb\xff"), 0, false)), QByteArray("+/"));
        QCOMPARE(bytesOf(base64Of(view("\xfb\xff"), 0, true)), QByteArray("-_"));
    }

    void listNumbersInAllTheirForms()
    {
        QByteArrayList expected;
        for (const char* const hex :
             {"7f 80 ff", "7f:80:ff", "7f-80-ff", "7f,80,ff", "7f, 80, ff", "\\x7f\\x80\\xff",
              "%7f%80%ff", "\\u007f\\u0080\\u00ff", "&#x7f;&#x80;&#xff", "0x7f,0x80,0xff",
              "0x7f, 0x80, 0xff", "0x7f 0x80 0xff"})
            expected << QByteArray("hex ") + hex
                     << QByteArray("hex ") + QByteArray(hex).replace('f', 'F');
        for (const char* const decimal : {"127,128,255", "127, 128, 255", "127 128 255",
                                          "127,-128,-1", "127, -128, -1", "&#127;&#128;&#255"})
            expected << QByteArray("decimal ") + decimal;
        expected << "octal \\177\\200\\377";
        QByteArrayList lists = listed("\x7f\x80\xff");
        std::sort(expected.begin(), expected.end());
        std::sort(lists.begin(), lists.end());
        QCOMPARE(lists, expected);
    }

    /// Numbers of one digit stand in any list.
    void listDecimalNumbersThatHaveTwoDigitsEach()
    {
        QVERIFY(listed("\x0a\x0a\x0a").contains("decimal 10,10,10"));
        QVERIFY(!listed("\x0a\x0a\x09").contains("decimal 10,10,9"));
        QVERIFY(listed("\x0a\x0a\x0a").contains("decimal &#10;&#10;&#10"));
        QVERIFY(!listed("\x0a\x0a\x09").contains("decimal &#10;&#10;&#9"));
    }

    void escapeWhatEachFormEscapes()
    {
        QCOMPARE(escapes().size(), std::size_t(4));
        QCOMPARE(escaped(0, "aZ09-._~ %/\xc3\xaf\x7f"), QByteArray("aZ09-._~%20%25%2F%C3%AF%7F"));
        QCOMPARE(escaped(1, "aZ09-._~ %/\xc3\xaf\x7f"), QByteArray("aZ09-._~%20%25%2f%c3%af%7f"));
        QCOMPARE(escaped(2, "a\"b\\\n\r\t\x1f /\xc3"),
                 QByteArray("a\\\"b\\\\\\n\\r\\t\\u001f /\xc3"));
        QCOMPARE(escaped(3, "a&b<c>d\"e'f"), QByteArray("a&amp;b&lt;c&gt;d&quot;e&#39;f"));
        QVERIFY(escapes()[0].forBytes && escapes()[1].forBytes);
        QVERIFY(!escapes()[2].forBytes && !escapes()[3].forBytes);
    }

    void readUtf8()
    {
        QVERIFY(codesOf("a\x7f") == (std::vector<Code> {{'a', 1}, {0x7f, 1}}));
        QVERIFY(codesOf("\xc2\x80\xdf\xbf") == (std::vector<Code> {{0x80, 2}, {0x7ff, 2}}));
        QVERIFY(codesOf("\xe0\xa0\x80\xef\xbf\xbf")
                == (std::vector<Code> {{0x800, 3}, {0xffff, 3}}));
        QVERIFY(codesOf("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf")
                == (std::vector<Code> {{0x10000, 4}, {0x10ffff, 4}}));
    }

    void takeBytesThatAreNoUtf8AsTheyAre()
    {
        for (const char* const text : {"\x80\x80", "\xc1\x80",
                                       "\xc3"
                                       "a",
                                       "\xc3\xc3", "\xe2\x82",
                                       "\xe2\x82"
                                       "a",
                                       "\xe2"
                                       "a\x82",
                                       "\xf0\x9f\x98", "\xf5\x80\x80\x80"}) {
            std::vector<Code> bytes;
            for (const char byte : QByteArray(text))
                bytes.push_back({static_cast<std::uint8_t>(byte), 1});
            QVERIFY(codesOf(text) == bytes);
        }
    }

    void writeUnitsOfUtf16AndUtf32()
    {
        const QByteArray text = "a\xef\xbf\xbf\xf0\x90\x80\x80\xf0\x9f\x98\x80";
        const auto symbols = symbolsOf(view(text));
        QCOMPARE(bytesOf(unitsOf(symbols, 2, true)),
                 QByteArray("\0a\xff\xff\xd8\0\xdc\0\xd8\x3d\xde\0", 12));
        QCOMPARE(bytesOf(unitsOf(symbols, 2, false)),
                 QByteArray("a\0\xff\xff\0\xd8\0\xdc\x3d\xd8\0\xde", 12));
        QCOMPARE(bytesOf(unitsOf(symbols, 4, true)),
                 QByteArray("\0\0\0a\0\0\xff\xff\0\1\0\0\0\1\xf6\0", 16));
    }

    void writeJsonInAscii()
    {
        const QByteArray text = "a\n\x7f\xc2\x80\xc3\xaf\xf0\x9f\x98\x80";
        const auto symbols = symbolsOf(view(text));
        QCOMPARE(bytesOf(jsonOf(symbols, false)),
                 QByteArray("a\\n\x7f\\u0080\\u00ef\\ud83d\\ude00"));
        QCOMPARE(bytesOf(jsonOf(symbols, true)),
                 QByteArray("a\\n\x7f\\u0080\\u00EF\\uD83D\\uDE00"));
    }

    void cutNumbersIntoDigitsOfThirtyBits()
    {
        const auto digits
            = [](const QByteArray& number) { return bytesOf(pythonDigits(view(number))); };
        QCOMPARE(digits("\x01"), QByteArray("\1\0\0\0", 4));
        QCOMPARE(digits("\x3f\xff\xff\xff"), QByteArray("\xff\xff\xff\x3f", 4));
        QCOMPARE(digits(QByteArray("\x40\0\0\0", 4)), QByteArray("\0\0\0\0\1\0\0\0", 8));
        QCOMPARE(digits("\x12\x34\x56\x78\x9a"), QByteArray("\x9a\x78\x56\x34\x48\0\0\0", 8));
        QCOMPARE(digits(QByteArray(15, '\xff')), QByteArray("\xff\xff\xff\x3f").repeated(4));
        QCOMPARE(digits(QByteArray(16, '\xff')),
                 QByteArray("\xff\xff\xff\x3f").repeated(4) + QByteArray("\xff\0\0\0", 4));
    }
};

QTEST_APPLESS_MAIN(TestWritings)
#include "tst_writings.moc"
