// SPDX-License-Identifier: GPL-3.0-or-later
#include "littlewords.h"
#include "memoryimage.h"

#include "scanner/dump/dump.h"
#include "scanner/rules/walk.h"

#include <QTest>

namespace coredact {
extern const Detector stringpairsDetector;
}

using namespace coredact;

namespace {

using Bytes = std::vector<std::uint8_t>;

const std::string secret = std::string("fI4Nk7Kj") + "gP6q3h8Zu2";
const std::string passwordName = "db_password";

Bytes textOf(const std::string& text)
{
    Bytes bytes(text.begin(), text.end());
    bytes.insert(bytes.end(), 8, 0);
    return bytes;
}

/// The image of a name, a value, and a structure that `layout` makes of their addresses.
template <typename Layout>
MemoryImage imageOf(const std::string& name, const std::string& value, Layout layout)
{
    MemoryImage image;
    image.pad(5000);
    const auto nameAt = image.put(textOf(name));
    image.pad(3000);
    const auto valueAt = image.put(textOf(value));
    Bytes structure;
    layout(structure, nameAt, valueAt);
    image.put(structure);
    image.pad(5000);
    return image;
}

/// Whether `value`, and nothing else, is told.
template <typename Layout>
bool isTold(const std::string& name, const std::string& value, Layout layout)
{
    const auto matches = imageOf(name, value, layout).walk(stringpairsDetector);
    return matches.size() == 1 && matches.front().value == SecretBytes(value.begin(), value.end());
}

/// Two Strings of Rust, in the order {capacity, pointer, length}.
void tupleOfStrings(Bytes& bytes, std::uint64_t name, std::uint64_t value)
{
    addWords(bytes, {16, name, passwordName.size(), 32, value, secret.size(), 0, 0});
}

} // namespace

/// Secrets whose names stand in a string beside theirs, in C++, Rust and Go.
class StringPairsTest : public QObject {
    Q_OBJECT

private slots:
    void nodeOfAStdMap();
    void stdMapWithTheTextsInTheStrings();
    void tupleOfRust();
    void tupleOfRustWithTheCapacityInTheMiddle();
    void nodeOfABTreeMap();
    void viewsSideBySide();
    void bucketOfGo();
    void stringOfJson();
    void stringInAnAnyOfGo_data();
    void stringInAnAnyOfGo();
    void nextNameIsNoValue();
    void otherNamesTellNothing();
    void nameMustEndWhereTheStringEnds();
    void wordsAreNoPasswords();
    void anyNumberOfOtherStringsMayStandBefore();
    void valueMayEndTheMemory();
    void valueMayHaveMoreThanAscii();
    void programsOf32Bits_data();
    void programsOf32Bits();
    void jsonOf32Bits();
};

void StringPairsTest::nodeOfAStdMap()
{
    QVERIFY(isTold(passwordName, secret, [](Bytes& bytes, std::uint64_t name, std::uint64_t value) {
        addWords(bytes,
                 {1, 0, 0, 0, name, passwordName.size(), 30, 0, value, secret.size(), 30, 0});
    }));
}

void StringPairsTest::stdMapWithTheTextsInTheStrings()
{
    MemoryImage image;
    image.pad(5000);
    const std::string value = std::string("x7Kq") + "!w2Zp#m";
    const auto withText = [](Bytes& bytes, std::uint64_t address, const std::string& text) {
        addWords(bytes, {address + 16, text.size()});
        bytes.insert(bytes.end(), text.begin(), text.end());
        bytes.resize(bytes.size() + 16 - text.size());
    };
    // The structure is put behind nothing but noise, so that its address is known from a first one.
    const auto before = image.put(Bytes(16, 0));
    const std::uint64_t at = before + 32;
    Bytes pair(32 - 16, 0);
    withText(pair, at, passwordName);
    withText(pair, at + 32, value);
    Bytes& memory = image.bytes();
    memory.resize(static_cast<std::size_t>(before - MemoryImage::base) + 16);
    memory.insert(memory.end(), pair.begin(), pair.end());
    image.pad(5000);
    const auto matches = image.walk(stringpairsDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches.front().value == SecretBytes(value.begin(), value.end()));
    QCOMPARE(matches.front().places.front().first(), image.fileOffsetOf(at + 48));
}

void StringPairsTest::tupleOfRust() { QVERIFY(isTold(passwordName, secret, tupleOfStrings)); }

void StringPairsTest::tupleOfRustWithTheCapacityInTheMiddle()
{
    // The value's block is longer than its text, and what is behind it does not print.
    MemoryImage image;
    image.pad(5000);
    const auto name = image.put(textOf(passwordName));
    const auto value = image.put(textOf(secret));
    Bytes pair;
    addWords(
        pair,
        {name, passwordName.size(), passwordName.size(), value, secret.size() + 8, secret.size()});
    image.put(pair);
    image.pad(5000);
    const auto matches = image.walk(stringpairsDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches.front().value == SecretBytes(secret.begin(), secret.end()));
}

void StringPairsTest::nodeOfABTreeMap()
{
    QVERIFY(isTold(passwordName, secret, [](Bytes& bytes, std::uint64_t name, std::uint64_t value) {
        addWords(bytes, {0, 16, name, passwordName.size()});
        bytes.resize(16 + 264);
        addWords(bytes, {value, secret.size(), 0, 0});
    }));
}

void StringPairsTest::viewsSideBySide()
{
    QVERIFY(isTold(passwordName, secret, [](Bytes& bytes, std::uint64_t name, std::uint64_t value) {
        addWords(bytes, {name, passwordName.size(), value, secret.size(), 0, 0});
    }));
}

void StringPairsTest::bucketOfGo()
{
    QVERIFY(isTold(passwordName, secret, [](Bytes& bytes, std::uint64_t name, std::uint64_t value) {
        addWords(bytes, {0x7b, name, passwordName.size()});
        bytes.resize(8 + 128);
        addWords(bytes, {value, secret.size(), 0, 0});
    }));
}

void StringPairsTest::stringOfJson()
{
    MemoryImage image;
    image.pad(5000);
    const auto name = image.put(textOf(passwordName));
    const auto value = image.put(textOf(secret));
    Bytes text;
    addWords(text, {value, secret.size(), 30, 0});
    const auto textAt = image.put(text);
    Bytes node;
    addWords(node, {1, 0, 0, 0, name, passwordName.size(), 30, 0, 3, textAt, 0, 0});
    image.put(node);
    image.pad(5000);
    const auto matches = image.walk(stringpairsDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches.front().value == SecretBytes(secret.begin(), secret.end()));
}

void StringPairsTest::stringInAnAnyOfGo_data()
{
    QTest::addColumn<int>("distance");
    QTest::addColumn<bool>("inHeap");
    QTest::newRow("a bucket") << 128 << true;
    QTest::newRow("a slot") << 16 << true;
    QTest::newRow("none of Go") << 128 << false;
}

/// What a map of JSON's names has: a type, and a pointer to the string.
void StringPairsTest::stringInAnAnyOfGo()
{
    QFETCH(const int, distance);
    QFETCH(const bool, inHeap);
    MemoryImage image;
    if (inHeap)
        image.begin(0xc000000000, "");
    image.pad(5000);
    const auto name = image.put(textOf(passwordName));
    const auto value = image.put(textOf(secret));
    Bytes string;
    addWords(string, {value, secret.size()});
    const auto stringAt = image.put(string);
    Bytes entry;
    addWords(entry, {name, passwordName.size()});
    entry.resize(static_cast<std::size_t>(distance));
    addWords(entry, {0x5e8f20, stringAt, 0, 0});
    image.put(entry);
    image.pad(5000);
    const auto matches = image.walk(stringpairsDetector);
    QCOMPARE(matches.size(), std::size_t {inHeap ? 1U : 0U});
    if (inHeap)
        QVERIFY(matches.front().value == SecretBytes(secret.begin(), secret.end()));
}

void StringPairsTest::nextNameIsNoValue()
{
    const std::string next = "listen_address_4";
    const auto matches
        = imageOf(passwordName, next, [&](Bytes& bytes, std::uint64_t name, std::uint64_t value) {
              addWords(bytes, {name, passwordName.size(), value, next.size(), 0, 0});
          }).walk(stringpairsDetector);
    QVERIFY(matches.empty());
}

void StringPairsTest::otherNamesTellNothing()
{
    const auto matches = imageOf("listen_addr", secret, tupleOfStrings).walk(stringpairsDetector);
    QVERIFY(matches.empty());
}

void StringPairsTest::nameMustEndWhereTheStringEnds()
{
    const auto matches = imageOf("db_passwordX", secret, tupleOfStrings).walk(stringpairsDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    const auto shorter
        = imageOf("db_passwordXYZ", secret,
                  [](Bytes& bytes, std::uint64_t name, std::uint64_t value) {
                      addWords(bytes, {16, name, 14, 32, value, secret.size(), 0, 0});
                  })
              .walk(stringpairsDetector);
    QVERIFY(shorter.empty());
}

void StringPairsTest::wordsAreNoPasswords()
{
    const std::string word = "Enter a password";
    const auto matches
        = imageOf(passwordName, word, [&](Bytes& bytes, std::uint64_t name, std::uint64_t value) {
              addWords(bytes, {16, name, passwordName.size(), 32, value, word.size(), 0, 0});
          }).walk(stringpairsDetector);
    QVERIFY(matches.empty());
}

/// Large programs hold millions of pointers with a small number behind.
void StringPairsTest::anyNumberOfOtherStringsMayStandBefore()
{
    MemoryImage image;
    const auto other = image.put(textOf("no name at all, nor a value"));
    Bytes strings;
    for (int i = 0; i < 300'000; ++i)
        addWords(strings, {other, 11});
    image.put(strings);
    const auto name = image.put(textOf(passwordName));
    const auto value = image.put(textOf(secret));
    Bytes pair;
    tupleOfStrings(pair, name, value);
    image.put(pair);
    image.pad(5000);
    const auto matches = image.walk(stringpairsDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches.front().value == SecretBytes(secret.begin(), secret.end()));
}

void StringPairsTest::valueMayEndTheMemory()
{
    MemoryImage image;
    const auto name = image.put(textOf(passwordName));
    const auto value = image.put(textOf(secret));
    Bytes views;
    addWords(views, {name, passwordName.size(), value, secret.size()});
    image.put(views);
    QCOMPARE(image.walk(stringpairsDetector).size(), std::size_t {1});
}

void StringPairsTest::valueMayHaveMoreThanAscii()
{
    const auto node = [](const std::string& value) {
        return isTold(passwordName, value, [&](Bytes& bytes, std::uint64_t name, std::uint64_t at) {
            addWords(bytes,
                     {1, 0, 0, 0, name, passwordName.size(), 30, 0, at, value.size(), 30, 0});
        });
    };
    QVERIFY(node(std::string("gr\xc3\xbcn7") + "KxQ4zT"));
    QVERIFY(!node(std::string("gr\xc3\xbcn7") + "Kx\x07Q4zT"));
    QVERIFY(!node("Contrase\xc3\xb1"
                  "a"));
}

/// What is joined so: how far behind the name's pointer that of the value stands, and whether each
/// text's length is a word later, behind a capacity.
void StringPairsTest::programsOf32Bits_data()
{
    QTest::addColumn<int>("distance");
    QTest::addColumn<bool>("hasCapacity");
    QTest::newRow("std::string_view") << 8 << false;
    QTest::newRow("String") << 12 << false;
    QTest::newRow("String with the capacity in the middle") << 12 << true;
    QTest::newRow("std::string") << 24 << false;
    QTest::newRow("a bucket of Go's") << 64 << false;
    QTest::newRow("a node of a BTreeMap") << 132 << false;
}

void StringPairsTest::programsOf32Bits()
{
    QFETCH(const int, distance);
    QFETCH(const bool, hasCapacity);
    MemoryImage image(4);
    image.pad(5000);
    const auto name = image.put(textOf(passwordName));
    const auto value = image.put(textOf(secret));
    Bytes structure;
    const auto addString = [&](std::uint64_t address, const std::string& text) {
        addWords(structure, {address}, 4);
        if (hasCapacity)
            addWords(structure, {text.size() + 9}, 4);
        addWords(structure, {text.size()}, 4);
    };
    addWords(structure, {0x93}, 4); // at a word that is none of 64 bits
    if (hasCapacity) { // of the name's the length is looked for right behind
        addWords(structure, {name, passwordName.size(), passwordName.size()}, 4);
    } else {
        addString(name, passwordName);
        structure.resize(4 + static_cast<std::size_t>(distance));
    }
    addString(value, secret);
    image.put(structure);
    image.pad(5000);
    const auto matches = image.walk(stringpairsDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches.front().value == SecretBytes(secret.begin(), secret.end()));
}

void StringPairsTest::jsonOf32Bits()
{
    MemoryImage image(4);
    image.pad(5000);
    const auto name = image.put(textOf(passwordName));
    const auto value = image.put(textOf(secret));
    Bytes text;
    addWords(text, {value, secret.size(), 30, 0}, 4);
    const auto textAt = image.put(text);
    Bytes node;
    addWords(node, {1, 0, 0, 0, name, passwordName.size(), 30, 0, 0, 0, 3, textAt, 0, 0}, 4);
    image.put(node);
    image.pad(5000);
    const auto matches = image.walk(stringpairsDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches.front().value == SecretBytes(secret.begin(), secret.end()));
}

QTEST_APPLESS_MAIN(StringPairsTest)
#include "tst_stringpairs.moc"
