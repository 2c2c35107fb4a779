// SPDX-License-Identifier: GPL-3.0-or-later
#include "littlewords.h"
#include "memoryimage.h"

#include "scanner/base/bytes.h"

#include <QTest>

#include <algorithm>

using namespace coredact;

namespace coredact {
extern const Detector gostringsDetector;
}

namespace {

using Bytes = std::vector<std::uint8_t>;

const std::string secret = std::string("KP7CqYxttmk") + "0PRgysy";
const std::string other = std::string("T6eoC6NSgx9") + "KexH5U3vQ";
constexpr std::uint64_t heap = 0xc000000000;

Bytes bytesOf(const std::string& text) { return {text.begin(), text.end()}; }

/// A part of a text.
struct Part {
    std::size_t begin;
    std::size_t size;
};

/// What is told of a text of which strings hold parts.
std::vector<std::string> toldOf(const std::string& text, std::initializer_list<Part> parts,
                                std::uint64_t start = heap)
{
    MemoryImage image;
    image.begin(start, "");
    image.pad(5000);
    const std::uint64_t at = image.put(bytesOf(text));
    image.pad(9000);
    for (const Part& part : parts)
        image.put(littleWords({at + part.begin, part.size}));
    image.pad(5000);
    std::vector<std::string> told;
    for (const Match& match : image.walk(gostringsDetector)) {
        told.emplace_back(match.value.begin(), match.value.end());
        const std::size_t begin = text.find(told.back());
        if (match.places.size() != 1 || begin == text.npos
            || match.places[0].first() != image.fileOffsetOf(at + begin)
            || match.places[0].size() != told.back().size())
            told.emplace_back("at another place");
    }
    return told;
}

const std::vector<std::string> nothing;

} // namespace

/// Secrets in strings of Go that nothing names.
class GoStringsTest : public QObject {
    Q_OBJECT

private slots:
    void findsAPartOfALongerText();
    void lengthSaysWhatTheTextIs();
    void nameBeforeTheTextStays();
    void partsOfATextAreToldOnce();
    void otherTextsAreNone();
    void otherHeapsAreNone();
    void tellsWhereThereAreMoreThanItHolds();
};

void GoStringsTest::findsAPartOfALongerText()
{
    QCOMPARE(toldOf("session " + secret + "more", {{8, secret.size()}}),
             std::vector<std::string> {secret});
    const std::string chosen = "Walrusribbon" + std::to_string(17) + "!";
    QCOMPARE(toldOf("user " + chosen + "x", {{5, chosen.size()}}),
             std::vector<std::string> {chosen});
}

void GoStringsTest::lengthSaysWhatTheTextIs()
{
    QCOMPARE(toldOf("session " + secret, {{0, secret.size()}}), nothing);
    QCOMPARE(toldOf(secret, {}), nothing);
    QCOMPARE(toldOf(secret, {{0, 9}}), nothing);
    QCOMPARE(toldOf(secret, {{0, 129}}), nothing);
}

void GoStringsTest::nameBeforeTheTextStays()
{
    QCOMPARE(toldOf("token=" + secret, {{0, 6 + secret.size()}}),
             std::vector<std::string> {secret});
}

void GoStringsTest::partsOfATextAreToldOnce()
{
    const std::string both = secret + "," + other;
    const std::size_t second = secret.size() + 1;
    QCOMPARE(toldOf(both,
                    {{1, secret.size() - 1},
                     {0, secret.size()},
                     {0, secret.size() - 2},
                     {second, other.size()},
                     {second, other.size()}}),
             (std::vector<std::string> {secret, other}));
}

void GoStringsTest::otherTextsAreNone()
{
    for (const std::string text :
         {"TLS_AES_256_GCM_SHA384", "d41d8cd98f00b204e9800998ecf8427e", "application/json",
          "/usr/lib/go-1.19/lib/time/zoneinfo.zip", "net/http.(*conn).serve"})
        QCOMPARE(toldOf(text, {{0, text.size()}}), nothing);
}

void GoStringsTest::otherHeapsAreNone()
{
    QCOMPARE(toldOf(secret, {{0, secret.size()}}, 0x555555550000), nothing);
}

void GoStringsTest::tellsWhereThereAreMoreThanItHolds()
{
    constexpr std::size_t most = std::size_t {1} << 16;
    MemoryImage image;
    image.begin(heap, "");
    Bytes texts;
    Bytes strings;
    for (std::size_t i = 0; i < most; ++i) {
        addWords(strings, {heap + 32 + i * other.size(), other.size()});
        texts.insert(texts.end(), other.begin(), other.end());
    }
    QCOMPARE(image.put(texts), heap + 32);
    image.put(strings);
    image.pad(100);
    QVERIFY(!image.leavesOut(gostringsDetector));
    const std::uint64_t more = image.put(bytesOf(secret));
    image.put(littleWords({more, secret.size()}));
    image.pad(100);
    QVERIFY(image.leavesOut(gostringsDetector));
}

QTEST_APPLESS_MAIN(GoStringsTest)
#include "tst_gostrings.moc"
