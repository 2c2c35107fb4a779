// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/scanning.h"

#include <QtTest>

#include <random>

#include <unistd.h>

using namespace coredact;
using namespace coredact::test;

namespace {

std::uint32_t crc32(const std::string& text)
{
    std::uint32_t crc = 0xffffffffU;
    for (const char c : text) {
        crc ^= static_cast<std::uint8_t>(c);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
    }
    return ~crc;
}

/// A token whose checksum holds, different for each seed.
std::string token(unsigned seed)
{
    const std::string base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    std::mt19937 dice(seed);
    std::string body;
    for (int i = 0; i < 30; ++i)
        body += base62[dice() % 62];
    std::string tail(6, '0');
    std::uint32_t crc = crc32(body);
    for (std::size_t i = 6; i-- > 0; crc /= 62)
        tail[i] = base62[crc % 62];
    return std::string("gh") + "p_" + body + tail;
}

std::string utf16(const std::string& text)
{
    std::string wide;
    for (const char c : text)
        wide += {c, '\0'};
    return wide;
}

/// Bytes without any secret: words, pointers, zeros, random runs.
std::string noise(std::size_t size, unsigned seed)
{
    std::mt19937 dice(seed);
    std::string bytes;
    while (bytes.size() < size) {
        const unsigned kind = dice() % 4;
        const std::size_t run = 64 + dice() % 2000;
        for (std::size_t i = 0; i < run; ++i)
            bytes += kind == 0 ? '\0'
                : kind == 1    ? static_cast<char>(dice())
                               : static_cast<char>('a' + dice() % 5);
        bytes += '\n';
    }
    bytes.resize(size);
    return bytes;
}

void put(std::string& bytes, std::size_t at, const std::string& what)
{
    // Something that is no part of a token on both sides.
    if (at > 0)
        bytes[at - 1] = '\n';
    bytes.replace(at, what.size(), what);
    if (at + what.size() < bytes.size())
        bytes[at + what.size()] = '\0';
}

Segment segment(std::uint64_t address, std::uint64_t offset, std::uint64_t size)
{
    Segment made {*AddressRange::make(address, size), *FileRange::make(offset, size), {}, {}, {}};
    made.name = "[heap]";
    return made;
}

/// The finding with an occurrence that holds the byte at `offset`.
const Finding* findingAt(const ScanResult& result, std::uint64_t offset)
{
    for (const Finding& finding : result.findings)
        for (const Occurrence& occurrence : finding.occurrences)
            for (const Piece& piece : occurrence.pieces)
                if (piece.file.contains(offset))
                    return &finding;
    return nullptr;
}

} // namespace

class TestScan : public QObject {
    Q_OBJECT

private slots:
    void findsTokensBehindALengthThatReadsAsALetter();
    void oneOfTwoEqualRulesStays();
    void findsWideTextRightBehindTextOfBytes();
    void looksNowhereElseForAKeyThatEverybodyHas();
    void aTextThatARuleKnowsElsewhereIsToldOnce_data();
    void aTextThatARuleKnowsElsewhereIsToldOnce();
    void findsATokenAcrossTheThreePartsOfAVectorRegister()
    {
        // A core's note: FXSAVE's registers from 32 on, AVX's and AVX-512's upper parts from 576.
        constexpr std::size_t legacy = 1000;
        constexpr std::size_t extended = legacy + 544;
        constexpr std::size_t upperHalves = legacy - 32 + 1152;
        std::string bytes = noise(8000, 4);
        std::string whole(64, '\0');
        put(whole, 10, token(60));
        put(bytes, legacy + 128, whole.substr(0, 16));
        put(bytes, extended, whole.substr(16, 16));
        put(bytes, upperHalves, whole.substr(32));
        Dump dump = rawDump(bytes.size());
        dump.fields = {{"state", *FileRange::make(legacy, 384), FieldKind::VectorRegisters},
                       {"state", *FileRange::make(extended, 2120), FieldKind::VectorRegisters}};
        const ScanResult result = scanned(bytes, dump);
        const Finding* found = findingOf(result, "github-token");
        QVERIFY(found != nullptr);
        QVERIFY(found->confidence == Confidence::Verified);
        std::vector<FileRange> places;
        for (const Piece& piece : found->occurrences.at(0).pieces)
            places.push_back(piece.file);
        QCOMPARE(places,
                 (std::vector<FileRange> {*FileRange::make(legacy + 128 + 14, 2),
                                          *FileRange::make(extended, 16),
                                          *FileRange::make(upperHalves, 18)}));
    }
    void givesTheSameForAnyThreadCountAndWindowSize()
    {
        std::string bytes = noise(3'000'000, 1);
        for (unsigned i = 0; i < 20; ++i)
            put(bytes, 100 + i * 149'981, token(i % 7));
        put(bytes, 1'048'560, token(50)); // across a window's edge
        put(bytes, 2'097'152 - 77, utf16(token(51)));
        put(bytes, 4096 * 100 - 1, utf16(token(52)));
        const Dump dump = rawDump(bytes.size());
        const ScanResult first = scanned(bytes, dump);
        QVERIFY(first.findings.size() >= 10);
        QCOMPARE(first.scannedBytes, std::uint64_t {bytes.size()});
        for (const std::size_t window :
             {std::size_t {70'001}, std::size_t {1U << 16}, std::size_t {1U << 22}})
            for (const unsigned threads : {1U, 2U, 5U})
                QVERIFY(scanned(bytes, dump, cut(threads, window)).findings == first.findings);
    }

    void groupsAllPlacesOfOneValueInEveryShape()
    {
        std::string bytes = noise(200'000, 2);
        put(bytes, 1000, token(1));
        put(bytes, 50'000, utf16(token(1)));
        put(bytes, 150'000, token(2));
        const ScanResult result = scanned(bytes, rawDump(bytes.size()));
        const Finding* finding = findingAt(result, 1020);
        QVERIFY(finding);
        QCOMPARE(findingAt(result, 50'040), finding);
        QVERIFY(findingAt(result, 150'020) && findingAt(result, 150'020) != finding);
        QCOMPARE(finding->confidence, Confidence::Verified);
        QCOMPARE(result.values.size(), result.findings.size());
    }

    void findsASecretCutByTwoSegmentsThatTouchInMemory()
    {
        const std::string secret = token(3);
        for (std::size_t cut = 1; cut < secret.size(); ++cut) {
            std::string bytes = noise(40'000, 4);
            // Memory 0x10000 ends in the file at 30000; memory 0x11000 begins in the file at 8000.
            put(bytes, 30'000 - cut, secret.substr(0, cut));
            put(bytes, 8'000, secret.substr(cut));
            bytes[7'999] = 'x'; // what stands before the second half in the file is not before it
            Dump dump = rawDump(bytes.size());
            dump.format = "test";
            dump.segments
                = {segment(0x11000, 8'000, 4'000), segment(0x10000, 30'000 - 0x1000, 0x1000)};
            const ScanResult result = scanned(bytes, dump);
            const Finding* finding = findingAt(result, cut > 10 ? 29'999 : 8'020);
            QVERIFY2(finding, qPrintable(QString::number(cut)));
            QCOMPARE(finding->confidence, Confidence::Verified);
            if (cut > 10) {
                QCOMPARE(finding->occurrences.front().pieces.size(), std::size_t {2});
                QCOMPARE(*finding->occurrences.front().pieces[1].address, std::uint64_t {0x11000});
            }
        }
    }

    void findsASecretThatLiesAcrossFileNeighboursOnly()
    {
        const std::string secret = token(5);
        std::string bytes = noise(40'000, 5);
        put(bytes, 20'000 - 20, secret);
        Dump dump = rawDump(bytes.size());
        dump.segments = {segment(0x50000, 10'000, 10'000), segment(0x90000, 20'000, 10'000)};
        const ScanResult result = scanned(bytes, dump);
        const Finding* finding = findingAt(result, 19'990);
        QVERIFY(finding);
        QCOMPARE(findingAt(result, 20'005), finding);
    }

    void findsGivenValuesWithEveryCopy()
    {
        std::string bytes = noise(100'000, 6);
        const std::string value = "correct horse 77 battery";
        put(bytes, 500, value);
        put(bytes, 70'001, utf16(value));
        const auto source = Source::fromBytes(asBytes(bytes));
        ScanOptions options;
        options.given = {SecretBytes(value.begin(), value.end()), SecretBytes(30, 'Q')};
        const auto result = scan(*source, rawDump(bytes.size()), rules(), options, JobControl());
        QVERIFY(result.ok());
        const Finding* finding = findingAt(*result, 510);
        QVERIFY(finding);
        QCOMPARE(QString::fromStdString(finding->rule), QStringLiteral("given-secret"));
        QCOMPARE(findingAt(*result, 70'011), finding);
        const auto isGiven = [](const Finding& f) { return f.rule == "given-secret"; };
        QCOMPARE(std::count_if(result->findings.begin(), result->findings.end(), isGiven), 1);
    }

    void saysWhatCouldNotBeRead()
    {
        const std::string bytes = noise(300'000, 7);
        const auto source = Source::fromBytes(asBytes(bytes));
        QVERIFY(source.ok());
        QVERIFY(ftruncate(source->descriptor(), 250'000) == 0);
        const auto result = scan(*source, rawDump(bytes.size()), rules(), {}, JobControl());
        QVERIFY(result.ok());
        QVERIFY(!result->incomplete.empty());
        QVERIFY(result->scannedBytes < bytes.size());
    }

    /// What a detector gathers is bounded; what was beyond is not passed over in silence.
    void saysThatThereWasMoreThanADetectorHolds()
    {
        const auto told = [](std::size_t names) {
            const std::uint64_t start = 0x10000;
            std::string bytes = "db_password" + std::string(21, '\0');
            const auto word = [&](std::uint64_t value) {
                for (int i = 0; i < 8; ++i)
                    bytes += static_cast<char>(value >> (8 * i));
            };
            for (std::size_t i = 0; i < names; ++i) {
                word(start); // a string, and one that is no text
                word(11);
                word(0);
                word(0);
                word(start + 11);
                word(9);
            }
            Dump dump = rawDump(bytes.size());
            dump.wordSize = 8;
            dump.segments = {segment(start, 0, bytes.size())};
            std::vector<std::string> reasons;
            for (const IncompleteRange& one : scanned(bytes, dump).incomplete)
                reasons.push_back(one.reason);
            return reasons;
        };
        QVERIFY(told(std::size_t {1} << 17).empty());
        const auto reasons = told((std::size_t {1} << 17) + 1);
        QCOMPARE(reasons.size(), std::size_t {1});
        QVERIFY(reasons.front().find("stringpairs") != std::string::npos);
    }

    /// Beside a name like a password's any word may stand: one that is all over the text is found
    /// where the name is, and nowhere else.
    void takesAWordThatIsEverywhereForAWord()
    {
        const auto placesOf = [](int others) {
            std::string bytes = "db_password = \"walrus\"\n";
            for (int i = 0; i < others; ++i)
                bytes += "the walrus number " + std::to_string(i) + " sleeps\n";
            const ScanResult result = scanned(bytes, rawDump(bytes.size()));
            const Finding* finding = findingAt(result, 16);
            return finding ? finding->occurrences.size() : 0;
        };
        QCOMPARE(placesOf(3), std::size_t(4));
        QCOMPARE(placesOf(300), std::size_t(1));
        QCOMPARE(placesOf(30'000), std::size_t(1)); // more than the search for copies keeps
    }

    /// F18: an export sees every byte that is not the one that was scanned.
    void leavesSumsOfAllBytes()
    {
        std::string bytes = noise(100000, 31);
        std::fill_n(bytes.begin() + 50000, 9000, '\0');
        Dump dump = rawDump(bytes.size());
        // In memory the second half comes first.
        dump.segments = {segment(0x20000, 1000, 44000), segment(0x10000, 45000, 50000)};
        const ScanResult result = scanned(bytes, dump, cut(2, 10000));
        const auto isSame
            = [&] { return bool(RangeSums::Check(result.sums).pass(asBytes(bytes))); };
        QVERIFY(isSame());
        for (std::size_t at = 0; at < bytes.size(); at += at < 99000 ? 997 : 1) {
            bytes[at] = static_cast<char>(bytes[at] ^ 1);
            QVERIFY(!isSame());
            bytes[at] = static_cast<char>(bytes[at] ^ 1);
        }
    }

    void stopsWhenAsked()
    {
        const std::string bytes = noise(2'000'000, 8);
        const auto source = Source::fromBytes(asBytes(bytes));
        JobControl control;
        control.cancel();
        const auto result = scan(*source, rawDump(bytes.size()), rules(), {}, control);
        QVERIFY(!result.ok());
        QCOMPARE(result.error().code, ErrorCode::Cancelled);
    }

    void dropsWhatLiesInsideASurerFinding()
    {
        // The token is the password of a URL: the rule that knows more keeps the place.
        std::string bytes = noise(50'000, 9);
        put(bytes, 1000, "https://bot:" + token(9) + "@git.example.org/x ");
        const ScanResult result = scanned(bytes, rawDump(bytes.size()));
        const Finding* finding = findingAt(result, 1040);
        QVERIFY(finding);
        QCOMPARE(finding->confidence, Confidence::Verified);
    }
};

void TestScan::findsWideTextRightBehindTextOfBytes()
{
    // The last letter of the first text and its end read as a wide character of the second.
    for (const std::size_t shift : {0U, 1U}) {
        std::string bytes(400 + shift, '\x01');
        bytes += "first text";
        bytes += '\0';
        const std::size_t at = bytes.size();
        bytes += utf16(token(77)) + std::string(400, '\x01');
        const auto result = scanned(bytes, rawDump(bytes.size()));
        // The text with the letter before it may be told as well, by a rule that knows less.
        const auto isToken = [&](const Finding& finding) {
            const Occurrence& place = finding.occurrences.front();
            return finding.confidence == Confidence::Verified && place.encoding == "utf-16le"
                && place.pieces.front().file.contains(at + 2 * 10);
        };
        QVERIFY(std::any_of(result.findings.begin(), result.findings.end(), isToken));
    }
}

void TestScan::findsTokensBehindALengthThatReadsAsALetter()
{
    // Forty characters: "(" as Pascal strings have it, "S" as PostgreSQL's rows do.
    for (const char length : {'(', 'S'}) {
        std::string bytes(300, '\x01');
        const std::size_t at = bytes.size() + 1;
        bytes += length + token(78) + std::string(300, '\x01');
        const auto result = scanned(bytes, rawDump(bytes.size()));
        const Finding* finding = findingAt(result, at + 10);
        QVERIFY(finding);
        QCOMPARE(finding->confidence, Confidence::Verified);
    }
}

/// Each takes more around the secret than the other needs to give way.
void TestScan::oneOfTwoEqualRulesStays()
{
    const RuleFile file {"two.toml",
                         "[[rules]]\nid = \"line\"\nregex = '\\nkey=([a-z]{8});'\n"
                         "[[rules]]\nid = \"part\"\nregex = 'key=([a-z]{8})'\n"};
    RuleSetOptions options;
    options.defaults = false;
    const auto two = RuleSet::load(std::span(&file, 1), options);
    QVERIFY(two && two->rules().size() == 2);
    const std::string text = "\nkey=abcdefgh;\n";
    const auto source = Source::fromBytes(asBytes(text));
    const auto result = scan(*source, rawDump(text.size()), *two, {}, JobControl());
    QVERIFY(result);
    QCOMPARE(result->findings.size(), 1);
    QCOMPARE(result->findings[0].rule, std::string("line"));
    QCOMPARE(result->findings[0].occurrences.size(), 1);
}

void TestScan::looksNowhereElseForAKeyThatEverybodyHas()
{
    // RFC 8410, section 10.3, and another of the same form.
    const QByteArray published = "d4ee72dbf913584ad5b6d8f1f769f8ad"
                                 "3afe7c28cbf1d4fbe097a88f44755842";
    QByteArray other = published;
    other[0] = 'c';
    for (const QByteArray& hex : {published, other}) {
        const QByteArray der = QByteArray::fromHex("302e020100300506032b657004220420" + hex);
        std::string bytes = noise(20'000, 8);
        put(bytes, 1000, der.toStdString());
        put(bytes, 15'000, hex.toStdString());
        const ScanResult result = scanned(bytes);
        const Finding* found = findingAt(result, 1020);
        QVERIFY(found);
        const bool everybodyHasIt = hex == published;
        QCOMPARE(found->severity == Severity::Info, everybodyHasIt);
        QVERIFY(found->notSought == (everybodyHasIt ? NotSought::PublishedKey : NotSought::No));
        QCOMPARE(findingAt(result, 15'020) == nullptr, everybodyHasIt);
        // Nothing is asked for a value that may stay elsewhere.
        const auto number = static_cast<std::size_t>(found - result.findings.data());
        QCOMPARE(result.values.at(number).value.empty(), everybodyHasIt);
    }
}

void TestScan::aTextThatARuleKnowsElsewhereIsToldOnce_data()
{
    QTest::addColumn<bool>("isKnown");
    QTest::newRow("nothing says what it is") << false;
    QTest::newRow("a token is made of it") << true;
}

void TestScan::aTextThatARuleKnowsElsewhereIsToldOnce()
{
    QFETCH(const bool, isKnown);
    const std::string made = token(61);
    const std::string text = made.substr(4);
    std::string bytes(20'000, '\x93');
    // A block of the heap: its size, what it holds, and the next one's size.
    const std::string size {'\x31', 0, 0, 0, 0, 0, 0, 0};
    bytes.replace(4096 - 8, 8, size);
    bytes.replace(4096, text.size(), text);
    bytes[4096 + text.size()] = '\0';
    bytes.replace(4096 + 0x30 - 8, 8, size);
    if (isKnown)
        put(bytes, 12'000, made);
    Dump dump = rawDump(bytes.size());
    dump.segments = {segment(0x555555550000, 0, bytes.size())};
    const ScanResult result = scanned(bytes, dump);
    QCOMPARE(findingOf(result, "generated-text") != nullptr, !isKnown);
    const Finding* found = findingOf(result, isKnown ? "github-token" : "generated-text");
    QVERIFY(found);
    QCOMPARE(found->occurrences.size(), std::size_t {isKnown ? 2U : 1U});
    QCOMPARE(findingAt(result, 4096), found);
}

QTEST_APPLESS_MAIN(TestScan)
#include "tst_scan.moc"
