// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/views.h"

#include "scanner/rules/rulefile.h"
#include "scanner/scan/bytemasks.h"
#include "tests/rules/textscan.h"

#include <QtTest>

#include <cctype>
#include <cstring>
#include <random>

using namespace coredact;
using namespace coredact::test;

namespace {

/// One run of base64 text as Qt writes it: another decoder's opposite.
std::string base64(std::string_view text,
                   QByteArray::Base64Options options = QByteArray::Base64Encoding)
{
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()))
        .toBase64(options)
        .toStdString();
}

std::string utf16(std::string_view text, bool bigEndian)
{
    std::string wide;
    for (const char c : text) {
        if (bigEndian)
            wide += '\0';
        wide += c;
        if (!bigEndian)
            wide += '\0';
    }
    return wide;
}

std::string inLines(std::string_view text, std::size_t width, std::string_view lineBreak)
{
    std::string lines;
    for (std::size_t at = 0; at < text.size(); at += width)
        lines += std::string(text.substr(at, width)) + std::string(lineBreak);
    return lines;
}

/// As template engines write what is no letter or digit, and every e besides.
std::string inHtml(std::string_view text)
{
    std::string encoded;
    for (const char c : text)
        encoded += c == 'e' || (c >= 0 && std::isalnum(c) == 0)
            ? "&#" + std::to_string(static_cast<int>(c)) + ";"
            : std::string(1, c);
    return encoded;
}

std::string inList(std::string_view text)
{
    std::string list;
    for (const char c : text)
        list += std::to_string(static_cast<int>(c)) + ", ";
    return list;
}

struct Seen {
    std::string encoding;
    std::vector<FileRange> ranges; ///< of the text that was looked for
};

/// Every place where a view of the text shows `wanted`, beginning in a window's fresh part.
std::vector<Seen> look(std::string_view text, std::string_view wanted, const Cut& cut = {})
{
    std::vector<Seen> seen;
    forEachWindow(text, cut, [&](const Window& window) {
        forEachView(window, [&](const Window& view) {
            const std::string_view bytes = asText(view.bytes);
            for (std::size_t at = bytes.find(wanted); at != std::string_view::npos;
                 at = bytes.find(wanted, at + 1))
                if (view.fresh(at))
                    seen.push_back(
                        {std::string(view.encoding), view.map->fileRanges(at, at + wanted.size())});
        });
    });
    return seen;
}

FileRange range(std::size_t begin, std::size_t size) { return *FileRange::make(begin, size); }

const std::string filler = std::string("\x01\x02\x03\x00\x05\x06", 6);
const std::string secret = "a plain sentence, long enough";

} // namespace

class TestViews : public QObject {
    Q_OBJECT

private slots:
    void masksAreTheSameFromEveryKernel();
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
    void narrowsBothByteOrdersWhereverTheyBegin();
    void narrowsWiderCharacters();
    void narrowsWiderCharactersOfTheOtherOrder();
    void decodesBase64FromEveryPlace();
    void decodesBothAlphabets();
    void joinsLines_data();
    void joinsLines();
    void looksIntoViewsOfViews_data();
    void looksIntoViewsOfViews();
    void showsEachPlaceOnceWhateverTheWindows();
    void leavesNamesAlone();
    void decodesKeysOfBinaryBytes();
    void findsEveryRuleInEveryEncoding();
};

void TestViews::decodesHexFromBothPlaces()
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

void TestViews::decodesHexInPairs()
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

void TestViews::undoesPercentEncoding()
{
    const std::string text = "a=b c/d?e";
    const std::string encoded = "url=a%3Db%20c%2fd%3Fe";
    const auto seen = look(filler + encoded + filler, text);
    QCOMPARE(seen.size(), 1);
    QCOMPARE(seen[0].encoding, std::string("percent"));
    QVERIFY(seen[0].ranges == std::vector {range(filler.size() + 4, encoded.size() - 4)});
    QCOMPARE(look(filler + "100% of a%3Db, 50%" + filler, "a=b").size(), 0);
}

void TestViews::undoesBackslashEscapes()
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

void TestViews::undoesBackslashesOfAllLanguages()
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

void TestViews::undoesCharacterReferences()
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
void TestViews::undoesReferencesAcrossRealLines()
{
    const std::string line(64, 'k');
    const std::string encoded = line + "&#13;\n" + line + "&#xD;\n" + line + "&#xd;\n";
    const auto seen = look(filler + encoded, line + "\r\n" + line + "\r\n" + line);
    QCOMPARE(seen.size(), 1);
    QVERIFY(seen[0].ranges == std::vector {range(filler.size(), encoded.size() - 6)});
}

void TestViews::leavesLoneReferencesAlone()
{
    for (const char* const text : {"tom &amp; jerry", "if (a && b &c; &amp c)", "&#; &#x; &#g; &;",
                                   "&amp &quot &lt", "?a=1&b=2&copy=3&lt=4;"})
        QCOMPARE(look(filler + text + filler, std::string_view(text).substr(0, 2)).size(), 0);
}

void TestViews::decodesListsOfNumbers_data()
{
    QTest::addColumn<QString>("item");
    QTest::addColumn<QString>("between");
    QTest::newRow("Python") << "%d" << ", ";
    QTest::newRow("JSON") << "%d" << ",";
    QTest::newRow("Go") << "%d" << " ";
    QTest::newRow("PowerShell") << "%d" << "\r\n";
    QTest::newRow("indented JSON") << "%d" << ",\n            ";
    QTest::newRow("columns") << "%3d" << ", ";
    QTest::newRow("C") << "0x%02x" << ", ";
    QTest::newRow("C, capitals") << "0x%02X" << ",";
    QTest::newRow("C, in lines") << "0x%02x" << ",\n\t";
    QTest::newRow("Lua") << "%d" << ";";
}

void TestViews::decodesListsOfNumbers()
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

void TestViews::leavesTablesOfNumbersAlone()
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

void TestViews::masksAreTheSameFromEveryKernel()
{
    std::vector<std::uint8_t> bytes;
    for (unsigned i = 0; i < 64 * 64; ++i)
        bytes.push_back(static_cast<std::uint8_t>(i * (1 + i / 256)));
    std::vector<ByteMasks> expected(64);
    maskKernelPortable(bytes.data(), expected);
    const auto bit = [](std::uint64_t mask, std::size_t at) { return (mask >> at & 1) != 0; };
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto c = static_cast<char>(bytes[i]);
        const ByteMasks& masks = expected[i / 64];
        QCOMPARE(bit(masks.zero, i % 64), c == 0);
        QCOMPARE(bit(masks.text, i % 64), (c >= ' ' && c <= '~') || (c >= '\t' && c <= '\r'));
        QCOMPARE(bit(masks.hex, i % 64), c != 0 && std::strchr("0123456789abcdefABCDEF", c));
        QCOMPARE(bit(masks.base64, i % 64),
                 (c > 0 && std::isalnum(c) != 0) || (c != 0 && std::strchr("+/-_", c)));
        QCOMPARE(bit(masks.mark, i % 64), c == '%' || c == '&' || c == '\\');
    }
    for (const MaskKernelChoice& choice : maskKernels()) {
        std::vector<ByteMasks> masks(64);
        choice.kernel(bytes.data(), masks);
        QVERIFY2(masks == expected, choice.name.data());
    }
}

void TestViews::narrowsWiderCharacters()
{
    std::string wide;
    for (const char c : secret)
        wide += {c, '\0', '\0', '\0'};
    for (std::size_t shift = 0; shift < 80; ++shift) {
        const auto seen = look(std::string(shift, '\x07') + wide + filler, secret);
        QCOMPARE(seen.size(), 1);
        QCOMPARE(seen[0].encoding, std::string("utf-32le"));
        QVERIFY(seen[0].ranges == std::vector {range(shift, 4 * secret.size())});
    }
}

void TestViews::narrowsWiderCharactersOfTheOtherOrder()
{
    std::string wide;
    for (const char c : secret)
        wide += {'\0', '\0', '\0', c};
    for (std::size_t shift = 0; shift < 80; shift += 4) {
        const auto seen = look(std::string(shift, '\x07') + wide + filler, secret);
        QCOMPARE(seen.size(), 1);
        QCOMPARE(seen[0].encoding, std::string("utf-32be"));
        QVERIFY(seen[0].ranges == std::vector {range(shift, 4 * secret.size())});
    }
}

void TestViews::narrowsBothByteOrdersWhereverTheyBegin()
{
    for (std::size_t shift = 0; shift < 40; ++shift) {
        const std::string before = std::string(shift, '\x07');
        const auto little = look(before + utf16(secret, false) + filler, secret);
        QCOMPARE(little.size(), 1);
        QCOMPARE(little[0].encoding, std::string("utf-16le"));
        QVERIFY(little[0].ranges == std::vector {range(shift, 2 * secret.size())});
        // Big-endian text stands out by its parity: characters at odd offsets.
        if (shift % 2 != 0)
            continue;
        const auto big = look(before + utf16(secret, true) + filler, secret);
        QCOMPARE(big.size(), 1);
        QCOMPARE(big[0].encoding, std::string("utf-16be"));
        QVERIFY(big[0].ranges == std::vector {range(shift, 2 * secret.size())});
    }
}

void TestViews::decodesBase64FromEveryPlace()
{
    const std::string encoded = base64(secret);
    for (std::size_t joined = 0; joined < 8; ++joined) {
        const std::string before = filler + std::string(joined, 'q');
        const auto seen = look(before + encoded + filler, secret);
        QCOMPARE(seen.size(), 1);
        QCOMPARE(seen[0].encoding, std::string("base64"));
        // 29 bytes: nine groups of four, then three characters and the padding.
        QVERIFY(seen[0].ranges == std::vector {range(before.size(), encoded.size() - 1)});
    }
    for (std::size_t inside = 1; inside < 3; ++inside) {
        const auto seen = look(filler + base64(std::string(inside, '\x80') + secret), secret);
        QCOMPARE(seen.size(), 1);
        QCOMPARE(seen[0].ranges.front().first(), filler.size() + inside);
    }
}

void TestViews::decodesBothAlphabets()
{
    const std::string text = secret + "?\?\?>>>" + secret;
    for (const auto option : {QByteArray::Base64Encoding, QByteArray::Base64UrlEncoding})
        QCOMPARE(look(filler + base64(text, option) + filler, text).size(), 1);
}

void TestViews::joinsLines_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<QByteArray>("lineBreak");
    for (const int width : {40, 60, 64, 70, 72, 76})
        for (const char* const lineBreak : {"\n", "\r\n", "\\n", "\\r\\n", "\n    "})
            QTest::addRow("%d characters, line break %s", width,
                          QByteArray(lineBreak).toHex().constData())
                << width << QByteArray(lineBreak);
}

void TestViews::joinsLines()
{
    QFETCH(int, width);
    QFETCH(QByteArray, lineBreak);
    std::string text;
    for (int i = 0; i < 20; ++i)
        text += "line number " + std::to_string(i) + " of the text; ";
    const std::string lines
        = inLines(base64(text), static_cast<std::size_t>(width), lineBreak.toStdString());
    // Line breaks that are written as escapes also read as what they stand for.
    const auto seen = look(filler + lines + filler, text);
    QVERIFY(!seen.empty());
    for (const Seen& one : seen)
        QVERIFY(one.ranges == seen[0].ranges);
    // The line breaks themselves are not the text's.
    std::size_t size = 0;
    for (const FileRange& piece : seen[0].ranges)
        size += static_cast<std::size_t>(piece.size());
    QCOMPARE(size, (text.size() * 4 + 2) / 3);
    QCOMPARE(seen[0].ranges.size(),
             (size + static_cast<std::size_t>(width) - 1) / static_cast<std::size_t>(width));
}

void TestViews::looksIntoViewsOfViews_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("encoding");
    const auto add = [](const char* encoding, const std::string& text) {
        QTest::newRow(encoding) << QByteArray::fromStdString(filler + text + filler)
                                << QByteArray(encoding);
    };
    add("base64+utf-16le", base64(utf16(secret, false)));
    add("base64+utf-16be", base64(utf16(secret, true)));
    add("utf-16le+base64", utf16(base64(secret), false));
    add("base64+base64", base64(base64(secret)));
    add("base64+base64+base64", base64(base64(base64(secret))));
    add("utf-16le+base64+utf-16le", utf16(base64(utf16(secret, false)), false));
}

void TestViews::looksIntoViewsOfViews()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, encoding);
    const auto seen = look(text.toStdString(), secret);
    QCOMPARE(seen.size(), 1);
    QCOMPARE(seen[0].encoding, encoding.toStdString());
    // All of it came from between the fillers, and from nearly all of that.
    const auto begin = seen[0].ranges.front().first();
    const auto end = seen[0].ranges.back().last() + 1;
    QVERIFY(begin >= filler.size() && begin <= filler.size() + 2);
    QVERIFY(end <= static_cast<std::uint64_t>(text.size()) - filler.size());
    QVERIFY(end + 8 >= static_cast<std::uint64_t>(text.size()) - filler.size());
}

void TestViews::showsEachPlaceOnceWhateverTheWindows()
{
    std::string text;
    for (int i = 0; i < 3; ++i)
        text += filler + utf16(secret, false) + filler + base64(secret) + filler
            + inLines(base64(secret + secret + secret), 64, "\n") + filler
            + base64(utf16(secret, false));
    const auto whole = look(text, secret);
    QCOMPARE(whole.size(), 18);
    for (std::size_t fresh = 1; fresh < text.size(); fresh += 1 + fresh / 20) {
        std::vector<std::vector<FileRange>> expected;
        std::vector<std::vector<FileRange>> found;
        for (const Seen& one : whole)
            expected.push_back(one.ranges);
        for (const Seen& one : look(text, secret, {fresh, 512, 4096}))
            found.push_back(one.ranges);
        std::sort(expected.begin(), expected.end());
        std::sort(found.begin(), found.end());
        QVERIFY2(found == expected, QByteArray::number(static_cast<qulonglong>(fresh)));
    }
}

void TestViews::leavesNamesAlone()
{
    std::string text;
    for (int i = 0; i < 100; ++i)
        text += "_ZNSt8ios_base4InitC1EvNumberOfThatFunctionXyz" + std::to_string(i)
            + "/usr/lib/python3/dist-packages/somewhere/else/again\n";
    std::size_t shown = 0;
    forEachWindow(text, {}, [&](const Window& window) {
        forEachView(window, [&](const Window& view) { shown += view.bytes.size(); });
    });
    QVERIFY(shown < text.size() / 20);
}

void TestViews::decodesKeysOfBinaryBytes()
{
    // A key's numbers are no text; its head (SEQUENCE, version) gives it away.
    std::mt19937 random(7);
    for (const std::string& head : {std::string("\x30\x82\x04\xa4\x02\x01\x00", 7),
                                    std::string("\x30\x77\x02\x01\x01\x04\x20", 7)}) {
        std::string key = head;
        while (key.size() < 200)
            key += static_cast<char>(random() | 0x80);
        QCOMPARE(look(filler + base64(key) + filler, key).size(), 1);
    }
}

void TestViews::findsEveryRuleInEveryEncoding()
{
    const RuleSet rules = *RuleSet::load({}, {});
    const auto scanner = rules.newTextScanner();
    const auto scan = [&](const std::string& text, std::size_t fresh) {
        FoundSink sink;
        forEachWindow(text, {fresh, 1024, 1U << 16}, [&](const Window& window) {
            forEachView(window, [&](const Window& view) {
                sink.look(view);
                scanner->scan(view, sink);
            });
        });
        std::sort(sink.found.begin(), sink.found.end());
        return sink.found;
    };
    const auto count
        = [](const std::vector<Found>& found, const std::string& rule, std::string_view encoding) {
              return std::count_if(found.begin(), found.end(), [&](const Found& one) {
                  return one.rule == rule && one.encoding == encoding;
              });
          };
    std::string missed;
    for (const RuleFile& file : RuleSet::defaultFiles())
        for (const TextRule& rule : parseRules(file).rules) {
            const std::string text = "\nsome text before: \n" + rule.examples.front() + "\n";
            const auto plain = scanText(rules, text);
            const auto expected = count(plain, rule.info.id, "raw");
            QVERIFY2(expected > 0, rule.info.id.c_str());
            const std::pair<std::string, std::string> encodings[] {
                {"utf-16le", filler + utf16(text, false)},
                {"utf-16be", filler + utf16(text, true) + filler},
                {"base64", base64(text)},
                {"hex", QByteArray::fromStdString(text).toHex().toStdString()},
                {"percent",
                 QByteArray::fromStdString(text).toPercentEncoding({}, "e").toStdString()},
                {"html", inHtml(text)},
                {"list", inList(text)},
                {"base64+utf-16le", base64(utf16(text, false))},
            };
            for (const auto& [encoding, encoded] : encodings) {
                const auto whole = scan(encoded, encoded.size());
                if (count(whole, rule.info.id, encoding) != expected)
                    missed += rule.info.id + " in " + encoding + "; ";
                for (std::size_t fresh = 24; fresh < encoded.size(); fresh += 1 + fresh / 7)
                    QVERIFY2(scan(encoded, fresh) == whole,
                             (rule.info.id + " in " + encoding).c_str());
            }
        }
    QVERIFY2(missed.empty(), missed.c_str());
}

QTEST_APPLESS_MAIN(TestViews)
#include "tst_views.moc"
