// SPDX-License-Identifier: GPL-3.0-or-later
#include "littlewords.h"
#include "memoryimage.h"

#include "scanner/dump/dump.h"
#include "scanner/rules/walk.h"

#include <QTest>

namespace coredact {
extern const Detector v8objectsDetector;
}

using namespace coredact;

namespace {

using Bytes = std::vector<std::uint8_t>;

const std::string secret = std::string("fI4Nk7Kj") + "gP6q3h8Zu2";
constexpr std::uint64_t heapStart = 0x2bcf3a400000;
constexpr std::uint64_t mark = 1; ///< of a reference
constexpr std::uint16_t objectKind = 0x421;
constexpr std::uint16_t flatKind = 0x28;

constexpr std::uint64_t small(std::uint64_t value) { return value << 32; }

/// A name of a property, and what its details say: bit 0 of an accessor, bit 5 of what stands in
/// no object.
struct Described {
    std::uint64_t name = 0;
    std::uint32_t details = 0x144;
};

/// The heap of a process of Node.js.
class Heap {
public:
    explicit Heap(std::uint64_t start = heapStart)
    {
        m_image.begin(start, "/usr/bin/node");
        m_image.pad(5000);
        m_root = m_image.put(map(0, 0x100, 10, 0, 0, 0)) | mark;
        Bytes& bytes = m_image.bytes();
        setWord(bytes, bytes.size() - 80, m_root); // the map of maps is its own
        m_other = putMap(0x90, 3, 0, 1, 0);
        m_flat = putMap(flatKind, 0, 0, 0, 0);
    }

    std::uint64_t put(const Bytes& object) { return m_image.put(object) | mark; }

    std::uint64_t putMap(std::uint16_t kind, unsigned size, unsigned first, std::uint64_t names,
                         unsigned count)
    {
        return put(map(m_root, kind, size, first, names, count));
    }

    /// A string of which there is only this one.
    std::uint64_t putConstant(const std::string& text)
    {
        return putString(text, false, putMap(flatKind - 0x20, 0, 0, 0, 0));
    }

    std::uint64_t putString(const std::string& text, bool isWide = false, std::uint64_t map = 0)
    {
        if (map == 0)
            map = isWide ? putMap(flatKind - 8, 0, 0, 0, 0) : m_flat;
        Bytes bytes = littleWords({map});
        addWords(bytes, {0x5e7a3b12}, 4);
        addWords(bytes, {text.size()}, 4);
        for (const char c : text)
            addWords(bytes, {static_cast<std::uint8_t>(c)}, isWide ? 2 : 1);
        bytes.resize((bytes.size() + 7) / 8 * 8);
        return put(bytes);
    }

    /// A string that is made of others: joined, cut out, or standing elsewhere.
    std::uint64_t putString(std::uint16_t kind, std::size_t size, std::uint64_t first,
                            std::uint64_t second = 0)
    {
        Bytes bytes = littleWords({putMap(kind, 4, 0, 0, 0), small(size), first, second});
        return put(bytes);
    }

    std::uint64_t putNames(const std::vector<Described>& names)
    {
        Bytes bytes = littleWords({m_other});
        addWords(bytes, {names.size()}, 2);
        addWords(bytes, {names.size()}, 2);
        addWords(bytes, {0}, 4);
        addWords(bytes, {m_other}, 8);
        for (const Described& one : names)
            for (const std::uint64_t word : {one.name, small(one.details), small(1)})
                addWords(bytes, {word}, 8);
        return put(bytes);
    }

    /// An object with properties in itself, and one more word than these have room for.
    void putObject(std::uint64_t map, const std::vector<std::uint64_t>& values,
                   std::uint64_t elsewhere = 0)
    {
        Bytes bytes = littleWords({map, elsewhere != 0 ? elsewhere : m_other, m_other});
        for (const std::uint64_t value : values)
            addWords(bytes, {value}, 8);
        put(bytes);
    }

    /// An object whose second property has this name and this value.
    void putNamed(std::uint64_t name, std::uint64_t value)
    {
        const auto names = putNames({{putString("hostname")}, {name}, {putString("retries")}});
        putObject(putMap(objectKind, 6, 3, names, 3), {m_other, value, small(3)});
    }

    std::uint64_t other() const { return m_other; }

    /// Whether the secret is told, and nothing else.
    bool tells()
    {
        m_image.pad(20000);
        const auto matches = m_image.walk(v8objectsDetector);
        return matches.size() == 1 && matches[0].value == SecretBytes(secret.begin(), secret.end());
    }

    bool tellsNothing()
    {
        m_image.pad(20000);
        return m_image.walk(v8objectsDetector).empty();
    }

    std::vector<Match> matches() const { return m_image.walk(v8objectsDetector); }
    std::uint64_t offsetOf(std::uint64_t reference) const
    {
        return m_image.fileOffsetOf(reference - mark);
    }

private:
    Bytes map(std::uint64_t root, std::uint16_t kind, unsigned size, unsigned first,
              std::uint64_t names, unsigned count) const
    {
        const std::uint64_t somewhere = heapStart | mark;
        Bytes bytes = littleWords({root});
        for (const unsigned byte : {size, first, 0U, 0U})
            addWords(bytes, {byte}, 1);
        addWords(bytes, {kind}, 2);
        addWords(bytes, {0}, 2);
        addWords(bytes, {std::uint64_t {count} << 10}, 8);
        for (const std::uint64_t word : {somewhere, somewhere, names != 0 ? names : somewhere,
                                         somewhere, somewhere, std::uint64_t {0}, somewhere})
            addWords(bytes, {word}, 8);
        return bytes;
    }

    MemoryImage m_image;
    std::uint64_t m_root = 0;
    std::uint64_t m_other = 0;
    std::uint64_t m_flat = 0;
};

} // namespace

/// Passwords and other secrets that objects of JavaScript hold.
class V8ObjectsTest : public QObject {
    Q_OBJECT

private slots:
    void propertyStandsInTheObject();
    void propertyStandsElsewhereWhereTheObjectIsFull();
    void onlyWhatObjectsHoldIsCounted();
    void mapsShareNamesOfWhichEachHasTheFirst();
    void privateFieldHasASymbolForItsName();
    void entryHoldsNameAndValue();
    void neighboursInTheTableOfNamesAreNoEntry();
    void textMayBePutTogether();
    void textMayBePutTogetherOfItsCharacters();
    void textMayHaveTwoBytesForEachCharacter();
    void textMayHaveMoreThanAscii();
    void bufferHoldsTheValue();
    void bufferMayBeInTheFirstFourGigabytes();
    void smallViewHoldsItsBytesItself();
    void bufferMayHoldAKey();
    void variableStandsInAContext();
    void listOfTwoIsNameAndValue();
    void valueMustBeAText();
    void textThatLeadsToItselfEnds();
    void namesMustBeNames();
    void onlyNodeIsLookedAt();
};

void V8ObjectsTest::propertyStandsInTheObject()
{
    Heap heap;
    const auto value = heap.putString(secret);
    heap.putNamed(heap.putString("smtpPassword"), value);
    QVERIFY(heap.tells());
    const auto match = heap.matches().at(0);
    QCOMPARE(match.title, std::string("Password in a program's table (JavaScript)"));
    QCOMPARE(match.places.at(0).first(), heap.offsetOf(value) + 16);
    QCOMPARE(match.places.at(0).size(), secret.size());
}

void V8ObjectsTest::propertyStandsElsewhereWhereTheObjectIsFull()
{
    Heap heap;
    const auto names = heap.putNames(
        {{heap.putString("hostname")}, {heap.putString("port")}, {heap.putString("apiKey")}});
    const auto map = heap.putMap(objectKind, 4, 3, names, 3);
    const auto more = heap.put(
        littleWords({heap.other(), small(3), small(5432), heap.putString(secret), heap.other()}));
    heap.putObject(map, {heap.other()}, more);
    QVERIFY(heap.tells());
}

void V8ObjectsTest::onlyWhatObjectsHoldIsCounted()
{
    Heap heap;
    const auto names = heap.putNames({{heap.putString("constructor"), 0x164},
                                      {heap.putString("hostname"), 0x144},
                                      {heap.putString("password"), 0x144},
                                      {heap.putString("passphrase"), 0x145}});
    const auto map = heap.putMap(objectKind, 6, 3, names, 4);
    heap.putObject(map, {heap.other(), heap.putString(secret), heap.putString("Another-1234")});
    QVERIFY(heap.tells());
}

void V8ObjectsTest::mapsShareNamesOfWhichEachHasTheFirst()
{
    Heap heap;
    const auto names = heap.putNames({{heap.putString("hostname")}, {heap.putString("password")}});
    const auto before = heap.putMap(objectKind, 5, 3, names, 1);
    const auto after = heap.putMap(objectKind, 5, 3, names, 2);
    heap.putObject(before, {heap.other(), heap.putString("Another-1234")});
    heap.putObject(after, {heap.other(), heap.putString(secret)});
    QVERIFY(heap.tells());
}

void V8ObjectsTest::privateFieldHasASymbolForItsName()
{
    Heap heap;
    const auto name = heap.putString("#apiKey");
    const auto symbol = heap.put(littleWords({heap.other(), 0x112345678, name}));
    heap.putNamed(symbol, heap.putString(secret));
    QVERIFY(heap.tells());
}

void V8ObjectsTest::entryHoldsNameAndValue()
{
    Heap heap;
    heap.put(littleWords(
        {heap.other(), heap.putString("db_password"), heap.putString(secret), small(0xc0)}));
    QVERIFY(heap.tells());
    Heap without;
    without.put(littleWords({without.other(), without.putString("db_password"),
                             without.putString(secret), without.other()}));
    QVERIFY(without.tellsNothing());
}

void V8ObjectsTest::neighboursInTheTableOfNamesAreNoEntry()
{
    for (const std::uint64_t third : {0, 1, 2}) {
        Heap text;
        text.put(
            littleWords({0, text.putConstant("_password"), text.putString(secret), small(third)}));
        QVERIFY(text.tells());
        Heap constant;
        constant.put(littleWords(
            {0, constant.putConstant("_password"), constant.putConstant(secret), small(third)}));
        QVERIFY(third > 1 ? constant.tells() : constant.tellsNothing());
    }
}

void V8ObjectsTest::textMayBePutTogether()
{
    constexpr std::uint16_t joined = 0x29;
    constexpr std::uint16_t cut = 0x2b;
    constexpr std::uint16_t elsewhere = 0x2d;
    Heap heap;
    const auto whole = heap.putString("password=" + secret.substr(0, 10) + "&user=me");
    const auto front = heap.putString(cut, 10, whole, small(9));
    const auto back = heap.putString(secret.substr(10));
    const auto both = heap.putString(joined, secret.size(), front, back);
    heap.putNamed(heap.putString("password"), heap.putString(elsewhere, secret.size(), both));
    QVERIFY(heap.tells());
    const auto match = heap.matches().at(0);
    QCOMPARE(match.places.size(), std::size_t {2});
    QCOMPARE(match.places[0].first(), heap.offsetOf(whole) + 16 + 9);
    QCOMPARE(match.places[1].first(), heap.offsetOf(back) + 16);

    // A part of what was joined.
    Heap part;
    const auto first = part.putString("=" + secret.substr(0, 10));
    const auto second = part.putString(secret.substr(10) + "&");
    const auto line = part.putString(joined, secret.size() + 2, first, second);
    part.putNamed(part.putString("password"), part.putString(cut, secret.size(), line, small(1)));
    QVERIFY(part.tells());
}

/// As loops do that add one to the text.
void V8ObjectsTest::textMayBePutTogetherOfItsCharacters()
{
    constexpr std::uint16_t joined = 0x29;
    constexpr std::size_t longestValue = 160;
    std::string text;
    while (text.size() < longestValue)
        text += secret;
    text.resize(longestValue);
    Heap heap;
    std::uint64_t value = heap.putString(text.substr(0, 1));
    for (std::size_t i = 1; i < text.size(); ++i)
        value = heap.putString(joined, i + 1, value, heap.putString(text.substr(i, 1)));
    heap.putNamed(heap.putString("password"), value);
    const auto matches = heap.matches();
    QCOMPARE(matches.size(), std::size_t {1});
    QCOMPARE(std::string(matches[0].value.begin(), matches[0].value.end()), text);
}

void V8ObjectsTest::textMayHaveTwoBytesForEachCharacter()
{
    Heap heap;
    const auto value = heap.putString(secret, true);
    heap.putNamed(heap.putString("password"), value);
    QVERIFY(heap.tells());
    QCOMPARE(heap.matches().at(0).places.at(0).size(), secret.size() * 2);
}

void V8ObjectsTest::textMayHaveMoreThanAscii()
{
    const auto told = [](const Heap& heap) {
        const auto matches = heap.matches();
        return matches.size() == 1 ? std::string(matches[0].value.begin(), matches[0].value.end())
                                   : std::string();
    };
    const std::string latin1 = std::string("gr\xfcn7") + "KxQ4zT";
    Heap one;
    one.putNamed(one.putString("smtpPassword"), one.putString(latin1));
    QCOMPARE(told(one), latin1);
    // Characters of two bytes, of which a test's are below 0x100.
    Heap two;
    two.putNamed(two.putString("smtpPassword"), two.putString(latin1, true));
    QCOMPARE(told(two), std::string("gr\xc3\xbcn7") + "KxQ4zT");
}

void V8ObjectsTest::bufferHoldsTheValue()
{
    for (const bool isBorneOut : {true, false}) {
        Heap heap;
        const Bytes pool(secret.begin(), secret.end());
        const std::uint64_t bytes = heap.put(pool) - mark - 512;
        const auto other = heap.other();
        const auto buffer = heap.put(
            littleWords({other, other, other, 8192, 8192, isBorneOut ? bytes : bytes + 8, 0, 0}));
        const auto view = heap.put(littleWords(
            {other, other, other, buffer, 512, secret.size(), 0, secret.size(), bytes + 512, 0}));
        heap.putNamed(heap.putString("password"), view);
        QVERIFY(isBorneOut ? heap.tells() : heap.tellsNothing());
    }
}

/// The buffer itself may be the value, too.
void V8ObjectsTest::bufferMayBeInTheFirstFourGigabytes()
{
    for (const bool isView : {true, false}) {
        Heap heap(0x3d800000);
        const std::uint64_t bytes = heap.put(Bytes(secret.begin(), secret.end())) - mark;
        const auto other = heap.other();
        const auto buffer = heap.put(
            littleWords({other, other, other, other, secret.size(), secret.size(), bytes, 0}));
        const auto view = heap.put(littleWords(
            {other, other, other, buffer, 0, secret.size(), other, secret.size(), bytes, 0}));
        heap.putNamed(heap.putString("password"), isView ? view : buffer);
        QVERIFY(heap.tells());
    }
}

void V8ObjectsTest::smallViewHoldsItsBytesItself()
{
    for (const bool isSaidTwice : {true, false}) {
        Heap heap;
        const auto other = heap.other();
        Bytes list = littleWords({other, small(secret.size())});
        list.insert(list.end(), secret.begin(), secret.end());
        const auto elements = heap.put(list);
        const auto buffer = heap.put(littleWords({other, other, other, other, 0, 0, 0, 0}));
        const auto view
            = heap.put(littleWords({other, other, elements, buffer, 0, secret.size(), 0,
                                    secret.size(), 0x7f, isSaidTwice ? elements : other}));
        heap.putNamed(heap.putString("password"), view);
        QVERIFY(isSaidTwice ? heap.tells() : heap.tellsNothing());
    }
}

void V8ObjectsTest::bufferMayHoldAKey()
{
    const Bytes key = randomBytes(32, 63);
    Heap heap;
    const std::uint64_t bytes = heap.put(key) - mark;
    const auto other = heap.other();
    const auto buffer
        = heap.put(littleWords({other, other, other, other, key.size(), key.size(), bytes, 0}));
    heap.putNamed(heap.putString("encryptionKey"), buffer);
    const auto matches = heap.matches();
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(std::ranges::equal(matches[0].value, key));
    QVERIFY(matches[0].form == ValueForm::Binary);
}

void V8ObjectsTest::variableStandsInAContext()
{
    struct Case {
        std::uint64_t variables;
        std::uint64_t length; // of the context
        bool isTold;
    };
    for (const Case& one : {Case {2, 4, true}, Case {2, 3, false}, Case {1, 4, false}}) {
        Heap heap;
        const auto other = heap.other();
        const auto scope = heap.put(littleWords(
            {other, 0x577042ULL << 32, small(1), small(one.variables), heap.putString("host"),
             heap.putString("password"), small(1), small(1), other}));
        heap.put(littleWords({other, small(one.length), scope, other, heap.putString("db.example"),
                              heap.putString(secret)}));
        QVERIFY(one.isTold ? heap.tells() : heap.tellsNothing());
    }
}

void V8ObjectsTest::listOfTwoIsNameAndValue()
{
    for (const std::uint64_t length : {2U, 3U}) {
        Heap heap;
        const auto name = heap.putString("password");
        heap.put(
            littleWords({heap.other(), small(length), name, heap.putString(secret), heap.other()}));
        QVERIFY(length == 2 ? heap.tells() : heap.tellsNothing());
    }
}

void V8ObjectsTest::valueMustBeAText()
{
    Heap heap;
    const auto name = heap.putString("password");
    heap.putNamed(name, small(7654321));
    heap.putNamed(name, heap.putNames({}));
    Bytes object = littleWords({heap.other(), small(secret.size())});
    object.insert(object.end(), secret.begin(), secret.end());
    object.resize(48);
    heap.putNamed(name, heap.put(object));
    QVERIFY(heap.tellsNothing());
}

void V8ObjectsTest::textThatLeadsToItselfEnds()
{
    Heap heap;
    const auto loop = heap.putString(0x2d, 18, heap.other());
    // What is put next, 64 bytes on or so, is what the string before it leads to.
    const auto next = heap.putString(0x29, 18, loop, loop);
    heap.putNamed(heap.putString("password"), heap.putString(0x29, 18, next, next));
    QVERIFY(heap.tellsNothing());
}

void V8ObjectsTest::namesMustBeNames()
{
    Heap heap;
    const auto value = heap.putString(secret);
    heap.putNamed(heap.putString("description"), value);
    heap.putNamed(heap.putString("get_password"), value);
    // The number of names that count is larger than that of the names.
    const auto names = heap.putNames({{heap.putString("password")}});
    heap.putObject(heap.putMap(objectKind, 4, 3, names, 2), {value});
    QVERIFY(heap.tellsNothing());
}

void V8ObjectsTest::onlyNodeIsLookedAt()
{
    Dump dump;
    dump.modules.push_back({*AddressRange::make(0x1000, 0x1000), "/usr/bin/python3.11", {}});
    QVERIFY(!v8objectsDetector.newWalk(dump));
    dump.modules.push_back({*AddressRange::make(0x4000, 0x1000), "/usr/lib/libnode.so.108", {}});
    QVERIFY(v8objectsDetector.newWalk(dump));
    dump.wordSize = 4;
    QVERIFY(!v8objectsDetector.newWalk(dump));
}

QTEST_APPLESS_MAIN(V8ObjectsTest)
#include "tst_v8objects.moc"
