// SPDX-License-Identifier: GPL-3.0-or-later
// What texts write instead of their bytes: hex, percents, escapes, references, lists of numbers.
#include "tests/scan/viewlook.h"

#include <QtTest>

#include <cstring>

using namespace coredact;
using namespace coredact::test;

class TestEscapeViews : public QObject {
    Q_OBJECT

private slots:
    void decodesHexFromBothPlaces();
    void decodesHexInPairs();
    void undoesPercentEncoding();
    void undoesBackslashEscapes();
    void undoesBackslashesOfAllLanguages();
    void undoesCharacterReferences();
    void undoesReferencesAcrossRealLines();
    void leavesLoneReferencesAlone();
    void decodesListsOfNumbers_data();
    void decodesListsOfNumbers();
    void leavesTablesOfNumbersAlone();
};

void TestEscapeViews::decodesHexFromBothPlaces()
{
    for (const QByteArray& digits : {QByteArray::fromStdString(secret).toHex(),
                                     QByteArray::fromStdString(secret).toHex().toUpper()})
        for (std::size_t joined = 0; joined < 70; ++joined) {
            const std::string before = filler + std::string(joined, 'f');
            const auto seen = look(before + digits.toStdString() + filler, secret);
            QCOMPARE(seen.size(), 1);
            QCOMPARE(seen[0].encoding, std::string("hex"));
            QVERIFY(seen[0].ranges == std::vector {range(before.size(), 2 * secret.size())});
        }
    QCOMPARE(
        look(QByteArray::fromStdString(secret).toHex().left(30).toStdString(), secret.substr(0, 15))
            .size(),
        0);
}

void TestEscapeViews::decodesHexInPairs()
{
    for (const char between : {' ', ':', '-', ','})
        for (std::size_t shift = 0; shift < 70; ++shift) {
            const std::string before = std::string(shift, '\x07');
            const std::string pairs
                = QByteArray::fromStdString(secret).toHex(between).toStdString();
            const auto seen = look(before + pairs + filler, secret);
            QCOMPARE(seen.size(), 1);
            QCOMPARE(seen[0].encoding, std::string("hex"));
            QCOMPARE(seen[0].ranges.front().first(), std::uint64_t {shift});
            QVERIFY(seen[0].ranges.back().last() + 1 >= shift + pairs.size());
        }
}

void TestEscapeViews::undoesPercentEncoding()
{
    const std::string text = "a=b c/d?e";
    const std::string encoded = "url=a%3Db%20c%2fd%3Fe";
    const auto seen = look(filler + encoded + filler, text);
    QCOMPARE(seen.size(), 1);
    QCOMPARE(seen[0].encoding, std::string("percent"));
    QVERIFY(seen[0].ranges == std::vector {range(filler.size() + 4, encoded.size() - 4)});
    QCOMPARE(look(filler + "100% of a%3Db, 50%" + filler, "a=b").size(), 0);
}

void TestEscapeViews::undoesBackslashEscapes()
{
    const std::string encoded = R"({"a":"{\"key\":\"x\\ny\/z\u003d\x41\"}"})";
    const auto seen = look(filler + encoded + filler, R"({"key":"x\ny/z=A"})");
    QCOMPARE(seen.size(), 1);
    QCOMPARE(seen[0].encoding, std::string("escaped"));
    const std::size_t begin = filler.size() + 6;
    QVERIFY(seen[0].ranges == std::vector {range(begin, encoded.size() - 8)});
    const std::string twice = R"({"a":"{\"b\":\"{\\\"key\\\":\\\"x y\\\"}\"}"})";
    const auto inner = look(filler + twice + filler, R"({"key":"x y"})");
    QCOMPARE(inner.size(), 1);
    QCOMPARE(inner[0].encoding, std::string("escaped+escaped"));
}

void TestEscapeViews::undoesBackslashesOfAllLanguages()
{
    // C's octal, of one to three digits; Rust and JavaScript; C's and Python's bytes.
    for (const char* const encoded :
         {R"(key=\141b\40\56c\1)", R"(key=\u{61}b\u{20}\u{2e}c\x01)", R"(key=\x61b \056c\001)"}) {
        const auto seen = look(filler + encoded + "\"" + filler, std::string("key=ab .c\x01", 10));
        QCOMPARE(seen.size(), 1);
        QCOMPARE(seen[0].encoding, std::string("escaped"));
        QVERIFY(seen[0].ranges == std::vector {range(filler.size(), std::strlen(encoded))});
    }
    // Neither is a byte.
    QCOMPARE(look(filler + R"(a\777b\x20c\x20d)" + filler, R"(a\777b c)").size(), 0);
}

void TestEscapeViews::undoesCharacterReferences()
{
    for (const char* const encoded :
         {R"({&quot;key&quot;:&quot;x&amp;y&lt;z&gt;&apos;&quot;})",
          R"({&#34;key&#34;:&#34;x&#38;y&#60;z&#62;&#39;&#34;})",
          R"(&#x7B;&#x22;key&#x22;&#x3a;&#x0022;x&#X26;y&lt;z&gt;&#x27;&quot;&rcub;)"}) {
        const auto seen = look(filler + encoded + filler, R"({"key":"x&y<z>'"})");
        QCOMPARE(seen.size(), 1);
        QCOMPARE(seen[0].encoding, std::string("html"));
        QVERIFY(seen[0].ranges == std::vector {range(filler.size(), std::strlen(encoded))});
    }
    const auto twice = look("&amp;quot;key&amp;quot;&amp;colon;1", R"("key":1)");
    QCOMPARE(twice.size(), 1);
    QCOMPARE(twice[0].encoding, std::string("html+html"));
}

/// As where XML keeps the carriage returns of a PEM block.
void TestEscapeViews::undoesReferencesAcrossRealLines()
{
    const std::string line(64, 'k');
    const std::string encoded = line + "&#13;\n" + line + "&#xD;\n" + line + "&#xd;\n";
    const auto seen = look(filler + encoded, line + "\r\n" + line + "\r\n" + line);
    QCOMPARE(seen.size(), 1);
    QVERIFY(seen[0].ranges == std::vector {range(filler.size(), encoded.size() - 6)});
}

void TestEscapeViews::leavesLoneReferencesAlone()
{
    for (const char* const text : {"tom &amp; jerry", "if (a && b &c; &amp c)", "&#; &#x; &#g; &;",
                                   "&amp &quot &lt", "?a=1&b=2&copy=3&lt=4;"})
        QCOMPARE(look(filler + text + filler, std::string_view(text).substr(0, 2)).size(), 0);
}

void TestEscapeViews::decodesListsOfNumbers_data()
{
    QTest::addColumn<QString>("item");
    QTest::addColumn<QString>("between");
    QTest::newRow("Python") << "%d"
                            << ", ";
    QTest::newRow("JSON") << "%d"
                          << ",";
    QTest::newRow("Go") << "%d"
                        << " ";
    QTest::newRow("PowerShell") << "%d"
                                << "\r\n";
    QTest::newRow("indented JSON") << "%d"
                                   << ",\n            ";
    QTest::newRow("columns") << "%3d"
                             << ", ";
    QTest::newRow("C") << "0x%02x"
                       << ", ";
    QTest::newRow("C, capitals") << "0x%02X"
                                 << ",";
    QTest::newRow("C, in lines") << "0x%02x"
                                 << ",\n\t";
    QTest::newRow("Lua") << "%d"
                         << ";";
}

void TestEscapeViews::decodesListsOfNumbers()
{
    QFETCH(QString, item);
    QFETCH(QString, between);
    for (int shift = 0; shift < 70; ++shift) {
        const std::string before = filler + std::string(static_cast<std::size_t>(shift), '=') + "[";
        QString list;
        for (const char c : "\xef" + secret + "\x80")
            list += (list.isEmpty() ? "" : between)
                + QString::asprintf(item.toUtf8().constData(),
                                    between == ", " && item == "%d" ? int(c)
                                                                    : int(static_cast<quint8>(c)));
        const std::string text = list.toStdString();
        const auto seen = look(before + text + "]" + filler, secret);
        QCOMPARE(seen.size(), 1);
        QCOMPARE(seen[0].encoding, std::string("list"));
        // The first and the last number are not the secret's.
        QCOMPARE(seen[0].ranges.size(), 1);
        QVERIFY(seen[0].ranges[0].first() >= before.size() + 3
                && seen[0].ranges[0].first() < before.size() + 24);
        QVERIFY(seen[0].ranges[0].last() < before.size() + text.size() - 2
                && seen[0].ranges[0].last() > before.size() + text.size() - 7);
    }
}

void TestEscapeViews::leavesTablesOfNumbersAlone()
{
    // Too high, too few, no text, too many commas.
    QString numbers;
    for (int i = 0; i < 40; ++i)
        numbers += QString::number(97 + i % 20 + (i % 10 == 9 ? 900 : 0)) + ", ";
    for (const std::string& text :
         {numbers.toStdString(), std::string("97, 98, 99, 100, 101, 102, 103, 104, 105, 106"),
          std::string("0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19"),
          std::string("97,, 98,, 99,, 100,, 101,, 102,, 103,, 104,, 105,, 106,, 107,, 108,, 109,"
                      ", 110,, 111,, 112,, 113,, 114")}) {
        std::size_t shown = 0;
        forEachWindow(text, {}, [&](const Window& window) {
            forEachView(window, [&](const Window& view) { shown += view.encoding == "list"; });
        });
        QCOMPARE(shown, std::size_t {0});
    }
}

QTEST_APPLESS_MAIN(TestEscapeViews)
#include "tst_escapeviews.moc"
