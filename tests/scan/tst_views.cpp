// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/rulefile.h"
#include "scanner/scan/bytemasks.h"
#include "tests/scan/viewlook.h"

#include <QtTest>

#include <cstring>
#include <random>

using namespace coredact;
using namespace coredact::test;

class TestViews : public QObject {
    Q_OBJECT

private slots:
    void masksAreTheSameFromEveryKernel();
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
    void decodesWhatIsLeftOfEcKeys();
    void decodesWhatIsLeftOfDsaKeys();
    void findsEveryRuleInEveryEncoding();
};

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

void TestViews::decodesWhatIsLeftOfEcKeys()
{
    using namespace std::string_view_literals;
    std::mt19937 random(8);
    for (const std::string_view head :
         {"\xa1\x44\x03\x42\x00\x04"sv, "\xa1\x64\x03\x62\x00\x04"sv,
          "\xa1\x81\x85\x03\x81\x82\x00\x04"sv, "\xa1\x81\x89\x03\x81\x86\x00\x04"sv})
        for (std::size_t before = 20; before < 23; ++before)
            for (std::size_t lost = 1; lost <= 4; ++lost) {
                std::string key;
                while (key.size() < before)
                    key += static_cast<char>(random() | 0x80);
                key += head;
                while (key.size() < before + 80)
                    key += static_cast<char>(random() | 0x80);
                const std::string left = base64(key).substr(lost);
                QCOMPARE(look(filler + left + filler, key.substr(before)).size(), 1);
            }
}

void TestViews::decodesWhatIsLeftOfDsaKeys()
{
    using namespace std::string_view_literals;
    std::mt19937 random(9);
    for (const std::string_view head : {"\x02\x15\x00"sv, "\x02\x1d\x00"sv, "\x02\x21\x00"sv})
        for (std::size_t before = 40; before < 43; ++before)
            for (std::size_t lost = 1; lost <= 4; ++lost) {
                std::string key;
                while (key.size() < before)
                    key += static_cast<char>(random() | 0x80);
                key += head;
                while (key.size() < before + 180)
                    key += static_cast<char>(random() | 0x80);
                const std::string left = base64(key).substr(lost);
                QCOMPARE(look(filler + left + filler, key.substr(before)).size(), 1);
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
