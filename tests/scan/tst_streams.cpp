// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/streams.h"

#include "scanner/redact/plan.h"
#include "scanner/scan/streammagic.h"
#include "tests/rules/textscan.h"
#include "tests/scan/packed.h"
#include "tests/scan/pages.h"

#include <QtTest>

#include <random>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/resource.h>

using namespace coredact;
using namespace coredact::test;

namespace {

std::string pemKey()
{
    EVP_PKEY* key = EVP_EC_gen("P-256");
    BIO* out = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
    char* data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    std::string text(data, static_cast<std::size_t>(size));
    BIO_free(out);
    EVP_PKEY_free(key);
    return text;
}

std::string utf16(const std::string& text)
{
    std::string wide;
    for (const char c : text)
        wide += {c, '\0'};
    return wide;
}

} // namespace

class TestStreams : public QObject {
    Q_OBJECT

private slots:
    void findsKeysInEveryCodec();
    void findsMagicsLikeTheSimpleSearch();
    void takesTheWholeMemberOfEveryFormat();
    void readsViewsInsideStreams();
    void followsMemoryOrder();
    void givesTheSameForAnyThreadCountAndWindowSize();
    void readsWhatIsLeftOfACutStream();
    void readsADamagedStreamUpToTheDamage();
    void takesCompleteShortStreamsOnly();
    void findsCopiesOfValuesThatStandElsewhere();
    void keepsAllThatOneStreamHolds();
    void fillsTheWholeMember();
    void tellsOfStreamsThatGiveTooMuch();
    void tellsOfTheStreamInWhichADetectorLeftSomethingOut();
    void takesNoRandomBytesForStreams();
    void takesNoMemoryForAStoredBlock();
    void takesWhatIsPackedBesideStoredBlocks_data();
    void takesWhatIsPackedBesideStoredBlocks();
};

/// What detectors find by their anchors, not by a text rule.
void TestStreams::findsKeysInEveryCodec()
{
    for (const char* codec : codecs) {
        const std::string before = binary(500, 3);
        const std::string stream
            = packed(codec, letters(700, 5, 4) + pemKey() + letters(600, 6, 4));
        const ScanResult result = scanned(before + stream + binary(500, 4));
        // lz4 leaves most of the key's base64 as it is, of which a part is told as well.
        const bool isLeft = std::string_view(codec) == "lz4";
        QCOMPARE(result.findings.size(), std::size_t {isLeft ? 2U : 1U});
        QCOMPARE(result.findings[0].rule, std::string("pem-private-key"));
        QVERIFY(isAt(result.findings[0].occurrences.at(0), before.size(), stream.size()));
        if (isLeft)
            QCOMPARE(result.findings[1].rule, std::string("ec-private-key-der"));
    }
}

void TestStreams::findsMagicsLikeTheSimpleSearch()
{
    const std::string chosen("\x78\x01\x5e\x9c\xda\x1f\x8b\x28\xb5\x04\x22\xfd\x37"
                             "BZ\x08\xf2\x4d\x7a",
                             19);
    std::mt19937 dice(1);
    for (int round = 0; round < 200; ++round) {
        std::string bytes = letters(dice() % 300, 1);
        for (char& byte : bytes)
            if (dice() % 4 == 0)
                byte = chosen[dice() % chosen.size()];
        const std::size_t to = bytes.empty() ? 0 : dice() % bytes.size();
        for (std::size_t from = 0; from <= to; ++from)
            for (const auto& search : streamMagicSearches())
                QVERIFY2(search.kernel(asBytes(bytes), from, to)
                             == streamMagicSearches().front().kernel(asBytes(bytes), from, to),
                         search.name.data());
    }
}

void TestStreams::takesTheWholeMemberOfEveryFormat()
{
    for (const char* const codec : codecs) {
        const std::string member = packed(codec, page(3));
        for (std::size_t before = 4001; before < 4130; before += 43) {
            const std::string bytes = letters(before, 9) + member + letters(5000, 8);
            const auto places = placesOf(scanned(bytes), password(3));
            // lz4 leaves what it sees for the first time as it is, so that also stands there raw.
            QVERIFY2(std::any_of(places.begin(), places.end(),
                                 [&](const Occurrence& place) {
                                     return place.encoding == codec
                                         && isAt(place, before, member.size());
                                 }),
                     codec);
        }
    }
}

void TestStreams::readsViewsInsideStreams()
{
    const std::string wide = packed("zlib", utf16(page(4)));
    const std::string coded
        = packed("zstd", QByteArray::fromStdString(page(5)).toBase64().toStdString());
    const std::string bytes = letters(333, 1) + wide + letters(4444, 2) + coded + letters(99, 3);
    const ScanResult result = scanned(bytes);
    const auto inWide = placesOf(result, password(4));
    QVERIFY(!inWide.empty());
    QCOMPARE(inWide.front().encoding, std::string("zlib+utf-16le"));
    QVERIFY(isAt(inWide.front(), 333, wide.size()));
    const auto inCoded = placesOf(result, password(5));
    QVERIFY(!inCoded.empty());
    QCOMPARE(inCoded.front().encoding, std::string("zstd+base64"));
    QVERIFY(isAt(inCoded.front(), 333 + wide.size() + 4444, coded.size()));
}

void TestStreams::followsMemoryOrder()
{
    const std::string member = packed("gzip", page(6) + binary(20'000, 6));
    QVERIFY(member.size() > 20'000);
    // The front half in the file's second half: memory 0x10000 ends where 0x15000 begins.
    std::string bytes = letters(60'000, 7);
    const std::size_t cut = 9'999;
    bytes.replace(40'000 + 0x5000 - cut, cut, member, 0, cut);
    bytes.replace(4'000, member.size() - cut, member, cut);
    bytes.resize(40'000 + 0x5000);
    Dump dump = rawDump(bytes.size());
    const auto segment = [](std::uint64_t at, std::uint64_t offset, std::uint64_t size) {
        return Segment {*AddressRange::make(at, size), *FileRange::make(offset, size), {}, {}, {}};
    };
    dump.segments = {segment(0x15000, 4'000, 0x5000), segment(0x10000, 40'000, 0x5000)};
    const auto places = placesOf(scanned(bytes, dump), password(6));
    QVERIFY(!places.empty());
    QCOMPARE(places.front().pieces.size(), std::size_t {2});
    QCOMPARE(places.front().pieces[0].file, *FileRange::make(40'000 + 0x5000 - cut, cut));
    QCOMPARE(places.front().pieces[1].file, *FileRange::make(4'000, member.size() - cut));
}

void TestStreams::givesTheSameForAnyThreadCountAndWindowSize()
{
    std::string bytes = letters(100'000, 1);
    // Longer than a window, packed and unpacked; the password across a window's edge.
    bytes += packed("gzip", binary((1U << 20) + 500'000 - 40, 2) + page(7) + letters(300'000, 3));
    for (unsigned i = 0; i < 8; ++i)
        bytes += letters(7'001, i) + packed(codecs[i % codecs.size()], page(20 + i));
    const Dump dump = rawDump(bytes.size());
    const ScanResult first = scanned(bytes, dump);
    for (const unsigned seed : {7U, 20U, 21U, 22U, 23U, 24U, 25U, 26U, 27U})
        QVERIFY(!placesOf(first, password(seed)).empty());
    for (const std::size_t window : {std::size_t {30'011}, std::size_t {1U << 22}})
        for (const unsigned threads : {1U, 4U}) {
            ScanOptions options;
            options.threads = threads;
            options.windowSize = window;
            const ScanResult other = scanned(bytes, dump, options);
            QVERIFY(other.findings == first.findings);
            QVERIFY(other.incomplete == first.incomplete);
        }
}

void TestStreams::readsWhatIsLeftOfACutStream()
{
    const std::string member = packed("gzip", page(8) + letters(50'000, 8));
    const std::size_t kept = member.size() / 2;
    const auto places = placesOf(scanned(letters(1000, 1) + member.substr(0, kept)), password(8));
    QVERIFY(!places.empty());
    QVERIFY(isAt(places.front(), 1000, kept));
}

void TestStreams::readsADamagedStreamUpToTheDamage()
{
    for (const char* const codec : {"gzip", "zlib", "zstd", "lz4"}) {
        std::string member = packed(codec, page(9) + letters(400'000, 9));
        const std::size_t from = member.size() * 3 / 4;
        member.replace(from, 3000, std::string(3000, '\xff'));
        const auto places
            = placesOf(scanned(letters(999, 1) + member + letters(50, 2)), password(9));
        const auto place = std::find_if(places.begin(), places.end(), [&](const Occurrence& one) {
            return one.encoding == codec;
        });
        QVERIFY2(place != places.end(), codec);
        const FileRange file = place->pieces.front().file;
        QCOMPARE(file.first(), std::uint64_t {999});
        QVERIFY(file.size() > from / 2 && file.size() <= member.size() + 50);
    }
}

void TestStreams::takesCompleteShortStreamsOnly()
{
    const std::string member = packed("zlib", address(10));
    QVERIFY(address(10).size() < leastUnpacked);
    QVERIFY(!placesOf(scanned(letters(50, 1) + member + letters(50, 1)), password(10)).empty());
    std::string damaged = member;
    damaged.back() = static_cast<char>(damaged.back() ^ 1);
    QVERIFY(placesOf(scanned(letters(50, 1) + damaged + letters(50, 1)), password(10)).empty());
}

void TestStreams::findsCopiesOfValuesThatStandElsewhere()
{
    // No rule knows the value where it stands alone.
    const std::string value = password(11);
    const std::string plain
        = packed("zlib", letters(400, 1, 4) + "\n" + value + "\n" + letters(99, 1));
    const std::string wide = packed("lz4", letters(400, 2, 4) + utf16(value) + letters(99, 1));
    const std::string bytes = address(11) + letters(3000, 4) + plain + letters(3000, 5) + wide;
    const ScanResult result = scanned(bytes);
    const auto places = placesOf(result, value);
    const auto has = [&](const std::string& encoding, std::size_t offset, std::size_t size) {
        return std::any_of(places.begin(), places.end(), [&](const Occurrence& place) {
            return place.encoding == encoding && isAt(place, offset, size);
        });
    };
    const std::size_t first = address(11).size() + 3000;
    QVERIFY(has("zlib", first, plain.size()));
    QVERIFY(has("lz4+utf-16le", first + plain.size() + 3000, wide.size()));
}

void TestStreams::keepsAllThatOneStreamHolds()
{
    const std::string token = std::string("AK"
                                          "IA")
        + "Q3EGRIOOA7PMZT6K";
    const std::string member
        = packed("gzip", page(12) + "\naws_access_key_id = " + token + "\n" + page(13));
    const ScanResult result = scanned(letters(77, 1) + member);
    QVERIFY(!placesOf(result, password(12)).empty());
    QVERIFY(!placesOf(result, password(13)).empty());
    QVERIFY(!placesOf(result, token).empty());
    // Told once each: what covers what is weighed inside the stream.
    QCOMPARE(placesOf(result, token).size(), std::size_t {1});
}

void TestStreams::fillsTheWholeMember()
{
    const std::string member = packed("gzip", page(14));
    const std::string bytes = letters(500, 1) + member + letters(500, 2);
    const Dump dump = rawDump(bytes.size());
    const ScanResult result = scanned(bytes, dump);
    const RedactionPlan plan = RedactionPlan::make(dump, result.findings, {}, {});
    std::vector<FileRange> filled;
    for (const Edit& edit : plan.edits())
        filled.push_back(edit.range);
    QVERIFY(normalised(filled) == std::vector {*FileRange::make(500, member.size())});
    QVERIFY(plan.conflicts().empty());
}

void TestStreams::tellsOfStreamsThatGiveTooMuch()
{
    const std::string member
        = packed("gzip", page(15) + std::string(70U << 20, '\0') + letters(5'000, 1));
    const std::string bytes = letters(500, 1) + member + letters(500, 2);
    rusage before {};
    getrusage(RUSAGE_SELF, &before);
    const ScanResult result = scanned(bytes);
    rusage after {};
    getrusage(RUSAGE_SELF, &after);
    QVERIFY(after.ru_maxrss - before.ru_maxrss < 32 << 10);
    QCOMPARE(result.incomplete.size(), std::size_t {1});
    QCOMPARE(result.incomplete.front().offset, std::uint64_t {500});
    // What was found in its front stands for all of it.
    const auto places = placesOf(result, password(15));
    QVERIFY(!places.empty());
    QVERIFY(isAt(places.front(), 500, member.size()));
}

void TestStreams::tellsOfTheStreamInWhichADetectorLeftSomethingOut()
{
    std::string statement = "INSERT INTO a (id, api_token) VALUES (0, '')";
    for (int row = 0; row < 1000; ++row)
        statement += ",(" + std::to_string(row) + ",'')";
    const ScanResult plain = scanned(letters(500, 1) + statement + letters(500, 2));
    QCOMPARE(plain.incomplete.size(), std::size_t {1});
    QVERIFY(plain.incomplete.front().reason.find("sqlcolumns") != std::string::npos);
    QCOMPARE(plain.incomplete.front().offset, std::uint64_t {500 + statement.find("VALUES")});
    const ScanResult inside
        = scanned(letters(700, 1) + packed("gzip", statement) + letters(500, 2));
    QCOMPARE(inside.incomplete.size(), std::size_t {1});
    QCOMPARE(inside.incomplete.front().reason, plain.incomplete.front().reason);
    QCOMPARE(inside.incomplete.front().offset, std::uint64_t {700});
}

void TestStreams::takesNoRandomBytesForStreams()
{
    const std::string bytes = binary(64U << 20, 99);
    const ShiftMap map(0);
    StreamFinder finder;
    const auto& found = finder.find({asBytes(bytes), 0, bytes.size(), &map, "raw"});
    QCOMPARE(found.size(), std::size_t {0});
}

/// Two bytes like a header, zeros and the number -1 are a block of what lies behind, whose filling
/// would take all of it; of a real stream's blocks, too, what stands there is found as it is.
void TestStreams::takesNoMemoryForAStoredBlock()
{
    const std::string head("\x78\x01\0\xff\xff\0\0", 7);
    for (const std::size_t size : {900UL, 30'000UL, 65'535UL, 90'000UL}) {
        std::string bytes = binary(500, 5) + head + binary(300, 6) + page(7);
        bytes += binary(size - 300, 8);
        const ScanResult result = scanned(bytes);
        const auto places = placesOf(result, password(7));
        QCOMPARE(places.size(), std::size_t {1});
        QCOMPARE(places[0].encoding, std::string("raw"));
        QCOMPARE(places[0].pieces.size(), std::size_t {1});
        QVERIFY(places[0].pieces[0].file.size() < 100);
        QCOMPARE(result.findings.size(), std::size_t {1});
    }
    // What is packed is not: here a stream that broke off.
    const std::string cut = packed("zlib", page(9) + binary(3000, 9)).substr(0, 1500);
    const auto places = placesOf(scanned(binary(500, 5) + cut + letters(800, 5)), password(9));
    QVERIFY(!places.empty());
    QCOMPARE(places[0].encoding, std::string("zlib"));
    QVERIFY(places[0].pieces[0].file.first() == 500);
}

/// A picture and settings, sent up to here: what of the stream is packed only the stream has, and
/// so it is with what two blocks hold a part of each.
void TestStreams::takesWhatIsPackedBesideStoredBlocks_data()
{
    QTest::addColumn<bool>("knownBefore");
    QTest::addColumn<bool>("divided");
    QTest::addColumn<bool>("nested");
    QTest::newRow("packed") << false << false << false;
    QTest::newRow("packed, known before") << true << false << false;
    QTest::newRow("divided") << false << true << false;
    QTest::newRow("packed twice") << false << false << true;
    QTest::newRow("packed twice, known before") << true << false << true;
}
void TestStreams::takesWhatIsPackedBesideStoredBlocks()
{
    QFETCH(const bool, knownBefore);
    QFETCH(const bool, divided);
    QFETCH(const bool, nested);
    const auto stored = [](const std::string& bytes) {
        const auto size = static_cast<std::uint16_t>(bytes.size());
        const auto number = [](std::uint16_t value) {
            return std::string {static_cast<char>(value & 0xff), static_cast<char>(value >> 8)};
        };
        return '\0' + number(size) + number(static_cast<std::uint16_t>(~size)) + bytes;
    };
    std::string before = binary(500, 5);
    std::string settings = page(11);
    if (knownBefore) {
        before += settings + binary(500, 6);
        settings = letters(900, 7, 4) + " " + password(11) + " " + letters(900, 8, 4);
    }
    if (nested)
        settings = letters(3000, 9, 4) + packed("gzip", settings) + letters(3000, 10, 4);
    std::string stream = "\x78\x01" + stored(page(12) + binary(30'000, 7));
    if (divided) {
        const std::size_t middle = settings.find(password(11)) + 8;
        stream += stored(settings.substr(0, middle)) + stored(settings.substr(middle));
        stream += stored(binary(1000, 8)).substr(0, 900);
    } else {
        stream += deflated(settings + binary(9000, 9), -15).substr(0, 4000);
    }
    const auto places = placesOf(scanned(before + stream + letters(800, 5)), password(11));
    QVERIFY(std::any_of(places.begin(), places.end(), [&](const Occurrence& place) {
        return place.encoding == (nested ? "zlib+gzip" : "zlib")
            && place.pieces[0].file.first() == before.size();
    }));
}

QTEST_APPLESS_MAIN(TestStreams)
#include "tst_streams.moc"
