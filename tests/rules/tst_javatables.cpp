// SPDX-License-Identifier: GPL-3.0-or-later
#include "littlewords.h"
#include "memoryimage.h"

#include "scanner/dump/dump.h"
#include "scanner/rules/walk.h"

#include <QTest>

namespace coredact {
extern const Detector javatablesDetector;
}

using namespace coredact;

namespace {

using Bytes = std::vector<std::uint8_t>;

const std::string secret = std::string("fI4Nk7Kj") + "gP6q3h8Zu2";
const std::string key = std::string("db.pass") + "word";
constexpr std::uint32_t stringType = 0xec20;
constexpr std::uint32_t arrayType = 0x6848;
constexpr std::uint32_t entryType = 0x1adf48;

Bytes halves(std::initializer_list<std::uint64_t> values) { return littleWords(values, 4); }

std::uint32_t javaHash(const std::string& text)
{
    std::uint32_t hash = 0;
    for (const char c : text)
        hash = hash * 31 + static_cast<std::uint8_t>(c);
    return hash;
}

std::uint32_t spread(std::uint32_t hash) { return hash ^ hash >> 16; }

/// A heap below 32 GB: references are addresses divided by eight.
class JavaHeap {
public:
    JavaHeap()
    {
        m_image.begin(0x7c0000000, "/opt/jdk/lib/server/libjvm.so");
        m_image.pad(5000);
    }

    std::uint32_t reference(std::uint64_t address) const
    {
        return static_cast<std::uint32_t>(address >> 3);
    }

    std::uint32_t put(const Bytes& object) { return reference(m_image.put(object)); }

    /// How a string's text is held: since Java 15, before, and since then in UTF-16.
    enum Layout { New, Old, Wide };

    std::uint32_t putString(const std::string& text, Layout layout = New)
    {
        Bytes array = halves({1, 0, arrayType, static_cast<std::uint32_t>(text.size())});
        array.insert(array.end(), text.begin(), text.end());
        array.resize((array.size() + 7) / 8 * 8);
        const std::uint32_t value = put(array);
        m_texts.push_back(value);
        const std::uint32_t coder = layout == Wide ? 1 : 0;
        return put(layout == Old ? halves({1, 0, stringType, value, 0, 0})
                                 : halves({1, 0, stringType, 0, coder, value}));
    }

    void putEntry(std::uint32_t hash, std::uint32_t name, std::uint32_t value)
    {
        put(halves({1, 0, entryType, hash, name, value, 0, 0}));
    }

    /// Whether the secret is told, where its text stands, and nothing else.
    bool tells(std::uint32_t text)
    {
        m_image.pad(5000);
        const auto matches = m_image.walk(javatablesDetector);
        return matches.size() == 1 && matches[0].value == SecretBytes(secret.begin(), secret.end())
            && matches[0].places[0].first() == m_image.fileOffsetOf(std::uint64_t {text} << 3) + 16;
    }

    bool tellsKey(const Bytes& wanted)
    {
        m_image.pad(5000);
        const auto matches = m_image.walk(javatablesDetector);
        return matches.size() == 1 && std::ranges::equal(matches[0].value, wanted);
    }

    bool tellsNothing()
    {
        m_image.pad(5000);
        return m_image.walk(javatablesDetector).empty();
    }

    std::uint32_t lastText() const { return m_texts.back(); }

private:
    MemoryImage m_image;
    std::vector<std::uint32_t> m_texts;
};

/// A heap of 32 GB or more: references are addresses, and what they stand in begins at a multiple
/// of eight.
class LargeHeap {
public:
    LargeHeap()
    {
        m_image.begin(0x7f35'4c00'0000, "/opt/jdk/lib/server/libjvm.so");
        m_image.pad(5000);
    }

    /// An object of a class: the half word behind it, and references.
    std::uint64_t put(std::uint32_t type, std::uint32_t half,
                      std::initializer_list<std::uint64_t> references)
    {
        Bytes object = halves({1, 0, type, half});
        for (const std::uint64_t reference : references) {
            const Bytes more = halves({static_cast<std::uint32_t>(reference),
                                       static_cast<std::uint32_t>(reference >> 32)});
            object.insert(object.end(), more.begin(), more.end());
        }
        return m_image.put(object);
    }

    std::uint64_t putString(const std::string& text)
    {
        Bytes array = halves({1, 0, arrayType, static_cast<std::uint32_t>(text.size())});
        array.insert(array.end(), text.begin(), text.end());
        array.resize((array.size() + 7) / 8 * 8);
        m_text = m_image.put(array);
        constexpr std::uint64_t latin = 0;
        return put(stringType, 0, {latin, m_text});
    }

    /// Whether the secret is told, where the text stands that was put last, and nothing else.
    bool tells()
    {
        m_image.pad(5000);
        const auto matches = m_image.walk(javatablesDetector);
        return matches.size() == 1 && matches[0].value == SecretBytes(secret.begin(), secret.end())
            && matches[0].places[0].first() == m_image.fileOffsetOf(m_text) + 16;
    }

private:
    MemoryImage m_image;
    std::uint64_t m_text = 0;
};

} // namespace

/// Passwords and other secrets that an entry of a Java map names.
class JavaTablesTest : public QObject {
    Q_OBJECT

private slots:
    void entryHoldsTheHashThatItsMapMakes();
    void stringsWereLaidOutOtherwiseBeforeJava15();
    void valueMayStandInAnObjectThatSaysWhereItIsFrom();
    void valueMayBeWide();
    void valueMayBeBytes();
    void nameAndValueMayStandSideBySide();
    void referencesOfLargeHeapsAreAddresses();
    void nameIsNoValue();
    void valueMustBeAString();
    void onlyJavaIsLookedAt();
};

void JavaTablesTest::entryHoldsTheHashThatItsMapMakes()
{
    const std::uint32_t hash = javaHash(key);
    QVERIFY(hash >> 31 != 0 || spread(hash) != hash);
    for (const std::uint32_t held : {hash, spread(hash), spread(hash) & 0x7fffffff}) {
        JavaHeap heap;
        const auto name = heap.putString(key);
        const auto value = heap.putString(secret);
        heap.putEntry(held, name, value);
        QVERIFY(heap.tells(heap.lastText()));
    }
}

void JavaTablesTest::stringsWereLaidOutOtherwiseBeforeJava15()
{
    JavaHeap heap;
    const auto name = heap.putString(key, JavaHeap::Old);
    const auto value = heap.putString(secret, JavaHeap::Old);
    heap.putEntry(spread(javaHash(key)), name, value);
    QVERIFY(heap.tells(heap.lastText()));
}

void JavaTablesTest::valueMayStandInAnObjectThatSaysWhereItIsFrom()
{
    JavaHeap heap;
    const auto name = heap.putString(key);
    const auto value = heap.putString(secret);
    const auto text = heap.lastText();
    const auto tracked = heap.put(halves({1, 0, 0x2000, value, 0, 0}));
    heap.putEntry(spread(javaHash(key)), name, tracked);
    QVERIFY(heap.tells(text));
}

void JavaTablesTest::valueMayBeWide()
{
    JavaHeap heap;
    const auto name = heap.putString(key);
    std::string wide;
    for (const char c : secret)
        wide += {c, '\0'};
    const auto value = heap.putString(wide, JavaHeap::Wide);
    heap.putEntry(javaHash(key), name, value);
    QVERIFY(heap.tells(heap.lastText()));
}

/// As in a TreeMap, a Map.of and an object of two strings: what stands before is no hash.
void JavaTablesTest::valueMayBeBytes()
{
    const auto made = randomBytes(32, 62);
    for (const std::uint32_t type : {arrayType, entryType})
        for (const bool isEntry : {true, false}) {
            JavaHeap heap;
            const auto name = heap.putString("macKey");
            Bytes array = halves({1, 0, type, static_cast<std::uint32_t>(made.size())});
            array.insert(array.end(), made.begin(), made.end());
            const std::uint32_t hash = spread(javaHash("macKey"));
            heap.putEntry(isEntry ? hash : hash + 1, name, heap.put(array));
            QCOMPARE(heap.tellsKey(made), type == arrayType && isEntry);
        }
}

void JavaTablesTest::nameAndValueMayStandSideBySide()
{
    for (const std::uint32_t before : {0U, spread(javaHash(key)) + 1, 0x77777777U}) {
        JavaHeap heap;
        const auto name = heap.putString(key);
        const auto value = heap.putString(secret);
        const auto text = heap.lastText();
        heap.putEntry(before, name, value);
        QVERIFY(heap.tells(text));
    }
}

void JavaTablesTest::referencesOfLargeHeapsAreAddresses()
{
    const std::uint32_t hash = spread(javaHash(key));
    for (const std::uint32_t before : {hash, javaHash(key), 0U, hash + 1}) {
        LargeHeap heap;
        const auto name = heap.putString(key);
        heap.put(entryType, before, {name, heap.putString(secret), 0});
        QVERIFY(heap.tells());
    }
    LargeHeap tracked;
    const auto name = tracked.putString(key);
    const auto value = tracked.put(0x2000, 0, {tracked.putString(secret), 0});
    tracked.put(entryType, hash, {name, value, 0});
    QVERIFY(tracked.tells());
}

/// Nor is what stands beside another name.
void JavaTablesTest::nameIsNoValue()
{
    JavaHeap heap;
    const auto name = heap.putString(key);
    const auto other = heap.putString("another.key.of.the.map");
    const auto value = heap.putString(secret);
    heap.putEntry(0, name, other);
    heap.putEntry(spread(javaHash(key)), other, value);
    const std::string token = "access.token";
    heap.putString(token);
    heap.putEntry(0, heap.put(halves({1, 0, 0x2000, 0, 0, 0})), value);
    QVERIFY(heap.tellsNothing());
}

void JavaTablesTest::valueMustBeAString()
{
    JavaHeap heap;
    const auto name = heap.putString(key);
    heap.putString(secret);
    const auto holder = heap.put(halves({1, 0, 0x2000, 0, 0, heap.lastText()}));
    heap.putEntry(spread(javaHash(key)), name, heap.put(halves({1, 0, 0x2000, holder, 0, 0})));
    QVERIFY(heap.tellsNothing());
}

void JavaTablesTest::onlyJavaIsLookedAt()
{
    Dump dump;
    dump.modules.push_back({*AddressRange::make(0x1000, 0x1000), "/usr/bin/python3.11", {}});
    QVERIFY(!javatablesDetector.newWalk(dump));
    dump.modules.push_back({*AddressRange::make(0x4000, 0x1000), "/opt/jdk/lib/libjvm.so", {}});
    QVERIFY(javatablesDetector.newWalk(dump));
    dump.wordSize = 4;
    QVERIFY(!javatablesDetector.newWalk(dump));
}

QTEST_APPLESS_MAIN(JavaTablesTest)
#include "tst_javatables.moc"
