// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/plan.h"
#include "scanner/scan/streams.h"
#include "scanner/scan/views.h"
#include "tests/rules/textscan.h"
#include "tests/scan/packed.h"
#include "tests/scan/pages.h"

#include <QtTest>

#include <array>
#include <random>

using namespace coredact;
using namespace coredact::test;

namespace {

std::string base64(const std::string& bytes,
                   QByteArray::Base64Options options = QByteArray::Base64Encoding)
{
    return QByteArray::fromStdString(bytes).toBase64(options).toStdString();
}

std::string hex(const std::string& bytes, char separator = '\0')
{
    return QByteArray::fromStdString(bytes).toHex(separator).toStdString();
}

std::string percent(const std::string& bytes)
{
    return QByteArray::fromStdString(bytes).toPercentEncoding().toStdString();
}

std::string wide(const std::string& text, std::size_t before, std::size_t after)
{
    std::string units;
    for (const char c : text)
        units += std::string(before, '\0') + c + std::string(after, '\0');
    return units;
}

std::string inLines(const std::string& text, std::size_t width, const std::string& lineBreak)
{
    std::string lines;
    for (std::size_t at = 0; at < text.size(); at += width)
        lines += text.substr(at, width) + (at + width < text.size() ? lineBreak : "");
    return lines;
}

/// As JavaScript's and Java's source text has any bytes.
std::string escaped(const std::string& bytes)
{
    std::string text;
    for (const char byte : bytes) {
        const auto value = static_cast<unsigned char>(byte);
        if (value >= 0x20 && value < 0x7f && byte != '\\' && byte != '"')
            text += byte;
        else
            text += QString::asprintf("\\u%04x", value).toStdString();
    }
    return text;
}

/// As C and PostgreSQL do; with as few digits as may be.
std::string octal(const std::string& bytes)
{
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const bool digitNext = i + 1 < bytes.size() && bytes[i + 1] >= '0' && bytes[i + 1] <= '7';
        const auto value = static_cast<unsigned char>(bytes[i]);
        if (value >= 0x20 && value < 0x7f && bytes[i] != '\\' && bytes[i] != '"')
            text += bytes[i];
        else
            text += QString::asprintf(digitNext ? "\\%03o" : "\\%o", value).toStdString();
    }
    return text;
}

/// As Java's Arrays.toString does.
std::string listed(const std::string& bytes)
{
    std::string list;
    for (const char byte : bytes)
        list += (list.empty() ? "" : ", ") + std::to_string(static_cast<signed char>(byte));
    return list;
}

/// The way in which the place of the value is read that is told first; "" where there is none.
std::string encodingOf(const std::string& bytes, const std::string& value)
{
    const auto places = placesOf(scanned(bytes), value);
    return places.empty() ? std::string() : places.front().encoding;
}

} // namespace

class TestNestedStreams : public QObject {
    Q_OBJECT

private slots:
    void unpacksEveryCodecInBase64AndHex();
    void unpacksBareDeflateInBase64_data();
    void unpacksBareDeflateInBase64();
    void takesNoTextForBareDeflate();
    void unpacksEachMemberOfAnArchiveInBase64();
    void unpacksStreamsInText_data();
    void unpacksStreamsInText();
    void fillsTheWholeText();
    void unpacksStreamsInStreams();
    void unpacksStreamAfterStreamInOne();
    void goesThreeReadingsDeepAndNoDeeper();
    void givesTheSameForAnyThreadCountAndWindowSize();
    void findsCopiesOfValuesThatStandElsewhere();
    void tellsOfWhatIsLeftInsideABomb();
    void takesNoNamesForStreams();
};

void TestNestedStreams::unpacksEveryCodecInBase64AndHex()
{
    for (const char* const codec : codecs) {
        const std::string stream = packed(codec, page(1));
        for (const auto options : {QByteArray::Base64Encoding, QByteArray::Base64UrlEncoding}) {
            const std::string text = base64(stream, options | QByteArray::OmitTrailingEquals);
            const auto places = placesOf(scanned("{\"data\": \"" + text + "\"}\n"), password(1));
            QVERIFY2(std::any_of(places.begin(), places.end(),
                                 [&](const Occurrence& place) {
                                     return place.encoding == std::string("base64+") + codec
                                         && isAt(place, 10, text.size());
                                 }),
                     codec);
        }
        const std::string digits = hex(stream);
        const auto places = placesOf(scanned("INSERT 0x" + digits + ";"), password(1));
        QVERIFY2(std::any_of(places.begin(), places.end(),
                             [&](const Occurrence& place) {
                                 return place.encoding == std::string("hex+") + codec
                                     && isAt(place, 9, digits.size());
                             }),
                 codec);
    }
}

void TestNestedStreams::unpacksBareDeflateInBase64_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("encoding");
    // No head and no checksum, as SAML's redirects and JWS ("zip": "DEF") have it.
    const std::string bare = deflated(page(1), -15);
    const auto text = QByteArray::fromStdString(base64(bare));
    QTest::newRow("base64") << QByteArray("SAMLResponse=") << text << QByteArray("base64+deflate");
    QTest::newRow("base64url")
        << QByteArray("eyJ6aXAiOiJERUYiLCJhbGciOiJFUzI1NiJ9.")
        << QByteArray::fromStdString(
               base64(bare, QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals))
        << QByteArray("base64+deflate");
    QTest::newRow("in a URL") << QByteArray("SAMLRequest=") << text.toPercentEncoding()
                              << QByteArray("percent+base64+deflate");
    QTest::newRow("of UTF-16") << QByteArray("<")
                               << QByteArray(reinterpret_cast<const char*>(
                                                 QString::fromLatin1(text).utf16()),
                                             2 * text.size())
                               << QByteArray("utf-16le+base64+deflate");
    QTest::newRow("longer than a try")
        << QByteArray("SAMLResponse=")
        << QByteArray::fromStdString(base64(deflated(letters(20'000, 2) + page(1), -15)))
        << QByteArray("base64+deflate");
}

void TestNestedStreams::unpacksBareDeflateInBase64()
{
    QFETCH(const QByteArray, before);
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, encoding);
    const QByteArray bytes
        = QByteArray::fromStdString(letters(50, 1)) + "\n" + before + text + "&RelayState=/\n";
    const auto places = placesOf(scanned(bytes.toStdString()), password(1));
    QVERIFY(std::any_of(places.begin(), places.end(), [&](const Occurrence& place) {
        if (place.encoding != encoding.toStdString())
            return false;
        // What pads the base64 tells nothing.
        const FileRange& piece = place.pieces.front().file;
        return piece.first() == std::uint64_t(51 + before.size())
            && piece.size() + 12 >= std::uint64_t(text.size())
            && piece.size() <= std::uint64_t(text.size());
    }));
}

void TestNestedStreams::takesNoTextForBareDeflate()
{
    std::string text;
    for (unsigned i = 0; i < 4000; ++i)
        text += "=" + base64(binary(60 + i % 90, i)) + "\n";
    const ScanResult result = scanned(text);
    for (const Finding& finding : result.findings)
        for (const Occurrence& place : finding.occurrences)
            QVERIFY(place.encoding.find("deflate") == std::string::npos);
}

void TestNestedStreams::unpacksEachMemberOfAnArchiveInBase64()
{
    std::string archive;
    for (unsigned i = 0; i < 5; ++i)
        archive += zipMember(page(30 + i), "part" + std::to_string(i), 8, i % 2 ? 8 : 0)
            + letters(i, 1);
    const ScanResult result = scanned("data:;base64," + base64(archive) + "\n");
    for (unsigned i = 0; i < 5; ++i)
        QVERIFY(!placesOf(result, password(30 + i)).empty());
    QVERIFY(placesOf(scanned(zipMember(page(1), "name", 0)), password(1)).empty());
    QVERIFY(placesOf(scanned(zipMember(page(1), "name", 8, 1)), password(1)).empty());
}

void TestNestedStreams::unpacksStreamsInText_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("encoding");
    const std::string stream = packed("gzip", page(2));
    const std::string digits = base64(stream);
    const auto row = [](const char* name, const std::string& text, const char* encoding) {
        QTest::newRow(name) << QByteArray::fromStdString(text) << QString(encoding);
    };
    row("lines", inLines(digits, 76, "\n"), "base64+gzip");
    row("indented lines", inLines(digits, 64, "\r\n    "), "base64+gzip");
    row("lines in JSON", inLines(digits, 76, "\\n"), "base64+gzip");
    row("hex in pairs", hex(stream, ':'), "hex+gzip");
    row("capital hex", QByteArray::fromStdString(hex(stream)).toUpper().toStdString(), "hex+gzip");
    row("percent", percent(stream), "percent+gzip");
    row("JSON string", escaped(stream), "escaped+gzip");
    row("octal", octal(stream), "escaped+gzip");
    row("list", listed(stream), "list+gzip");
    row("form", "data=" + percent(digits) + "&next=1", "percent+base64+gzip");
    row("attribute",
        QString::fromStdString(digits)
            .replace("+", "&#43;")
            .replace("/", "&#x2F;")
            .replace("=", "&equals;")
            .toStdString(),
        "html+base64+gzip");
    row("wide", wide(digits, 0, 1), "utf-16le+base64+gzip");
    row("widest", wide(digits, 0, 3), "utf-32le+base64+gzip");
    row("widest, the other order", "\x01\x02\x03\x04" + wide(digits, 3, 0), "utf-32be+base64+gzip");
    row("twice", base64(digits), "base64+base64+gzip");
    row("twice, first base64", hex(base64(stream)), "hex+base64+gzip");
    // The second base64 begins at each place of the first one's groups.
    row("twice, later", base64("x: " + digits), "base64+base64+gzip");
    row("twice, one later", base64("xy: " + digits), "base64+base64+gzip");
    row("twice, two later", base64("xyz: " + digits), "base64+base64+gzip");
}

void TestNestedStreams::unpacksStreamsInText()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, encoding);
    const std::string bytes = std::string("\0\0begin=", 8) + text.toStdString() + "\"\n";
    const auto places = placesOf(scanned(bytes), password(2));
    QVERIFY(!places.empty());
    QVERIFY(std::any_of(places.begin(), places.end(), [&](const Occurrence& place) {
        return place.encoding == encoding.toStdString();
    }));
}

void TestNestedStreams::fillsTheWholeText()
{
    const std::string text = inLines(base64(packed("gzip", page(3))), 76, "\n");
    const std::string bytes = "data: |\n" + text + "\nkind: Secret\n";
    const ScanResult result = scanned(bytes);
    const RedactionPlan plan = RedactionPlan::make(rawDump(bytes.size()), result.findings, {}, {});
    std::vector<FileRange> filled;
    for (const Edit& edit : plan.edits())
        filled.push_back(edit.range);
    // Padding carries nothing.
    const std::size_t digits = text.find_last_not_of('=') + 1;
    QVERIFY(normalised(filled) == std::vector {*FileRange::make(8, digits)});
}

void TestNestedStreams::unpacksStreamsInStreams()
{
    for (const char* const outer : codecs)
        for (const char* const inner : codecs) {
            // What lz4 sees for the first time it leaves as it is.
            const std::string encoding
                = outer + (std::string(inner) == "lz4" ? "" : "+" + std::string(inner));
            const std::string stream
                = packed(outer, letters(900, 8, 4) + packed(inner, page(4)) + letters(3000, 9, 4));
            const std::string bytes = letters(50, 1) + stream + letters(50, 2);
            const auto places = placesOf(scanned(bytes), password(4));
            QVERIFY2(std::any_of(places.begin(), places.end(),
                                 [&](const Occurrence& place) {
                                     return place.encoding == encoding
                                         && isAt(place, 50, stream.size());
                                 }),
                     (std::string(outer) + inner).c_str());
        }
    QCOMPARE(encodingOf(packed("gzip", letters(400, 1) + "=" + base64(packed("zlib", page(4)))),
                        password(4)),
             std::string("gzip+base64+zlib"));
}

void TestNestedStreams::unpacksStreamAfterStreamInOne()
{
    std::string all;
    for (unsigned i = 0; i < 40; ++i)
        all += binary(30'000 * (i % 3), i) + packed("gzip", page(100 + i) + binary(90'000, i));
    const std::string bytes = packed("zstd", all);
    const ScanResult result = scanned(bytes);
    for (unsigned i = 0; i < 40; ++i) {
        const auto places = placesOf(result, password(100 + i));
        // What does not pack is stored, and then stands there raw, too.
        QVERIFY(std::any_of(places.begin(), places.end(), [&](const Occurrence& place) {
            return place.encoding == "zstd+gzip" && isAt(place, 0, bytes.size());
        }));
    }
    QVERIFY(result.incomplete.empty());
}

void TestNestedStreams::goesThreeReadingsDeepAndNoDeeper()
{
    // Text beside it makes a packer code the stream inside, which it would store by itself.
    const auto around = [](const std::string& stream) {
        return packed("gzip", letters(3000, 1, 4) + stream + letters(3000, 2, 4));
    };
    const std::string three = around(around(packed("gzip", page(5))));
    QVERIFY(three.find("\x1f\x8b", 2) == std::string::npos);
    QCOMPARE(encodingOf(three, password(5)), std::string("gzip+gzip+gzip"));
    QCOMPARE(encodingOf(around(three), password(5)), std::string());
    const std::string text = base64(page(5));
    QCOMPARE(encodingOf(around("=" + base64(text) + "="), password(5)),
             std::string("gzip+base64+base64"));
    QCOMPARE(encodingOf(around("=" + base64(base64(text)) + "="), password(5)), std::string());
}

void TestNestedStreams::givesTheSameForAnyThreadCountAndWindowSize()
{
    // Packed, longer than a window; the text is longer still.
    std::string bytes = letters(10'000, 1) + " ";
    bytes += base64(packed("gzip", binary((1U << 20) + 99, 2) + page(7) + binary(300'000, 3)));
    for (unsigned i = 0; i < 6; ++i)
        bytes += "\n" + letters(7'001, i) + "=" + base64(packed(codecs[i], page(20 + i)));
    const ScanResult first = scanned(bytes);
    for (const unsigned seed : {7U, 20U, 21U, 22U, 23U, 24U, 25U})
        QVERIFY(!placesOf(first, password(seed)).empty());
    for (const std::size_t window : {std::size_t {30'011}, std::size_t {1U << 22}})
        for (const unsigned threads : {1U, 4U}) {
            ScanOptions options;
            options.threads = threads;
            options.windowSize = window;
            const ScanResult other = scanned(bytes, options);
            QVERIFY(other.findings == first.findings);
            QVERIFY(other.incomplete == first.incomplete);
        }
}

void TestNestedStreams::findsCopiesOfValuesThatStandElsewhere()
{
    // No rule knows the value where it stands alone.
    const std::string alone = letters(400, 1, 4) + "\n" + password(11) + "\n" + letters(99, 1);
    const std::string inText = base64(packed("zlib", alone));
    const std::string inStream = packed("gzip", binary(400, 2) + packed("zlib", alone));
    const std::string front = page(11) + std::string(9, '\0');
    const auto places = placesOf(scanned(front + inText + "\n" + inStream), password(11));
    const auto has = [&](const std::string& encoding, std::size_t offset) {
        return std::any_of(places.begin(), places.end(), [&](const Occurrence& place) {
            return place.encoding == encoding && place.pieces.front().file.first() == offset;
        });
    };
    QVERIFY(has("base64+zlib", front.size()));
    QVERIFY(has("gzip+zlib", front.size() + inText.size() + 1));
}

void TestNestedStreams::tellsOfWhatIsLeftInsideABomb()
{
    // Each of 40 gives ten times its share; together they give more than one stream may hold.
    const std::string zeros = packed("gzip", std::string(10U << 20, '\0'));
    std::string all;
    for (int i = 0; i < 40; ++i)
        all += zeros;
    const ScanResult result = scanned(packed("xz", page(12) + all));
    QVERIFY(!placesOf(result, password(12)).empty());
    QCOMPARE(result.incomplete.size(), std::size_t {1});
    QVERIFY(result.incomplete.front().reason.find("holds others") != std::string::npos);
}

void TestNestedStreams::takesNoNamesForStreams()
{
    std::mt19937 dice(5);
    const auto next = [&] { return static_cast<unsigned>(dice()); };
    std::string text;
    while (text.size() < 8U << 20)
        text += base64(binary(18 + next() % 90, next())) + "\n"
            + hex(binary(16 + next() % 90, next())) + "\n";
    const std::string_view all = text;
    StreamFinder finder;
    std::size_t found = 0;
    forEachWindow(all, {}, [&](const Window& window) {
        forEachView(window,
                    [&](const Window& view) { found += finder.find(view, view.encoding).size(); });
    });
    QCOMPARE(found, std::size_t {0});
}

QTEST_APPLESS_MAIN(TestNestedStreams)
#include "tst_nestedstreams.moc"
