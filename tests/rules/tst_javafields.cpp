// SPDX-License-Identifier: GPL-3.0-or-later
#include "memoryimage.h"

#include "scanner/dump/dump.h"
#include "scanner/rules/walk.h"

#include <QTest>

namespace coredact {
extern const Detector javafieldsDetector;
}

using namespace coredact;

namespace {

using Bytes = std::vector<std::uint8_t>;

const std::string secret = std::string("fI4Nk7Kj") + "gP6q3h8Zu2";
constexpr std::uint64_t start = 0x7c0000000; ///< below 32 GB: references are divided by eight
constexpr std::uint64_t classesBegin = 0x7c0000000 - 0x400000;
constexpr std::uint64_t kindOfClass = 0x7f35e4ae0010;
constexpr std::size_t ownAt = 64; ///< of a class, in the list of those above
constexpr std::size_t nextAt = 128;
constexpr std::size_t mirrorAt = 112;
constexpr std::size_t constantsAt = 232;
constexpr std::size_t fieldsAt = 456;

void setNumber(Bytes& bytes, std::size_t at, std::uint64_t value, unsigned size)
{
    for (unsigned i = 0; i < size; ++i)
        bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

void addNumber(Bytes& bytes, std::uint64_t value, unsigned size)
{
    bytes.resize(bytes.size() + size);
    setNumber(bytes, bytes.size() - size, value, size);
}

/// A field of the class that is built, at the offset 16 of its objects.
struct FieldShape {
    std::string name = "smtpPassword";
    std::string signature = "Ljava/lang/String;";
    std::uint16_t flags = 2;
    std::uint16_t packed = 16 << 2 | 1;
    std::uint16_t nameNumber = 2; ///< among the constants
    std::uint32_t counted = 4; ///< by the list of the constants' kinds; the class has 4 or more
    std::uint16_t version = 61;
    bool isStream = false; ///< as since JDK 21
    unsigned told = 2; ///< fields that a stream says there are
};

/// The memory of a Java process with one class.
class Machine {
public:
    /// References are addresses in heaps of 32 GB and more.
    enum class Heap { Small, Large };

    explicit Machine(Heap heap = Heap::Small)
        : m_heap(heap)
    {
        m_image.begin(start, "/usr/lib/jvm/lib/server/libjvm.so");
        m_image.pad(5000);
    }

    /// Puts a class with one field; its address.
    std::uint64_t putClass(const FieldShape& field)
    {
        const auto name = putSymbol(field.name);
        const auto signature = putSymbol(field.signature);
        Bytes kinds;
        addNumber(kinds, field.counted, 4);
        for (const unsigned kind : {0U, 7U, 1U, 1U})
            addNumber(kinds, kind, 1);
        const std::size_t count = std::max<std::size_t>(4, field.nameNumber + std::size_t {1});
        kinds.resize(4 + count, 1);
        Bytes constants(72 + count * 8);
        setNumber(constants, 0, kindOfClass + 0x100, 8);
        setNumber(constants, 8, m_image.put(kinds), 8);
        setNumber(constants, 48, field.version, 2);
        setNumber(constants, 60, count, 4);
        setNumber(constants, 72 + 3 * 8, signature, 8);
        setNumber(constants, 72 + field.nameNumber * std::size_t {8}, name, 8);
        Bytes fields;
        if (field.isStream) {
            // Another field with a value (300) and a generic type (7), then the one.
            const std::uint8_t other[] = {2, 4, 13, 1, 6, 237, 2, 8};
            const std::uint8_t one[] = {3, 4, static_cast<std::uint8_t>((field.packed >> 2) + 1),
                                        static_cast<std::uint8_t>(field.flags + 1), 1};
            addNumber(fields, 2 + sizeof other + sizeof one + 1, 4);
            fields.push_back(static_cast<std::uint8_t>(field.told + 1));
            fields.push_back(1); // none of the machine's
            fields.insert(fields.end(), std::begin(other), std::end(other));
            fields.insert(fields.end(), std::begin(one), std::end(one));
            fields.resize(fields.size() + 8);
        } else {
            addNumber(fields, 12, 4);
            addFieldWords(fields, field);
        }
        const auto pool = m_image.put(constants);
        const auto type = putClass(m_image.put(fields), pool, 0);
        set(pool + 24, type);
        return type;
    }

    static void addFieldWords(Bytes& fields, const FieldShape& field)
    {
        for (const unsigned number :
             {2U, 1U, 3U, 0U, 12U << 2 | 1, 0U, unsigned {field.flags}, unsigned {field.nameNumber},
              3U, 0U, unsigned {field.packed}, 0U})
            addNumber(fields, number, 2);
    }

    /// Puts a class with one symbol as so many constants, and fields that are called by constants
    /// of these numbers.
    std::uint64_t putWideClass(std::size_t constantsCount, const std::vector<unsigned>& numbers)
    {
        const FieldShape shape;
        const auto name = putSymbol(shape.name);
        const auto signature = putSymbol(shape.signature);
        Bytes kinds;
        addNumber(kinds, constantsCount, 4);
        kinds.resize(4 + constantsCount, 1);
        Bytes constants(72 + constantsCount * 8);
        setNumber(constants, 0, kindOfClass + 0x100, 8);
        setNumber(constants, 8, m_image.put(kinds), 8);
        setNumber(constants, 48, shape.version, 2);
        setNumber(constants, 60, constantsCount, 4);
        for (std::size_t number = 1; number < constantsCount; ++number)
            setNumber(constants, 72 + number * 8, number == 3 ? signature : name, 8);
        Bytes fields;
        addNumber(fields, numbers.size() * 6, 4);
        for (const unsigned number : numbers)
            for (const unsigned part : {2U, number, 3U, 0U, unsigned {shape.packed}, 0U})
                addNumber(fields, part, 2);
        const auto pool = m_image.put(constants);
        const auto type = putClass(m_image.put(fields), pool, 0);
        set(pool + 24, type);
        return type;
    }

    void putNames(int count)
    {
        const auto name = putSymbol(FieldShape().name);
        Bytes words;
        for (; count > 0; --count)
            addNumber(words, name, 8);
        m_image.put(words);
    }

    /// Puts a class below another one.
    std::uint64_t putClassBelow(std::uint64_t above)
    {
        const auto type = putClass(0, 0, above);
        set(above + nextAt, type);
        return type;
    }

    void putClassesBelow(std::uint64_t above, int count)
    {
        for (std::uint64_t before = above; count > 0; --count) {
            const auto type = putClass(0, 0, above);
            set(before + nextAt, type);
            before = type;
        }
    }

    /// An array of characters of so many bytes each.
    std::uint64_t putArray(const std::string& text, unsigned width)
    {
        Bytes array;
        for (const std::uint64_t half : {1UL, 0UL, 0x6848UL, text.size()})
            addNumber(array, half, 4);
        for (const char c : text)
            addNumber(array, static_cast<std::uint8_t>(c), width);
        array.resize((array.size() + 7) / 8 * 8);
        return m_image.put(array);
    }

    std::uint64_t putString(const std::string& text, bool isWide = false)
    {
        const auto array = putArray(text, 1);
        Bytes string(24);
        setNumber(string, 0, 1, 8);
        setNumber(string, 8, 0xec20, 4);
        string[16] = isWide ? 2 : 0;
        if (m_heap == Heap::Large)
            addNumber(string, array, 8);
        else
            setNumber(string, 20, array >> 3, 4);
        return m_image.put(string);
    }

    std::uint64_t putObject(std::uint64_t type, std::uint64_t value)
    {
        Bytes object(32);
        setNumber(object, 0, 1, 8);
        setNumber(object, 8, type - classesBegin, 4);
        setReference(object, 16, value);
        return m_image.put(object);
    }

    /// The class's mirror, with this static field.
    void putMirror(std::uint64_t type, std::uint64_t value)
    {
        Bytes mirror(112);
        setNumber(mirror, 0, 1, 8);
        setReference(mirror, 16, value);
        setNumber(mirror, 96, type, 8);
        Bytes handle;
        addNumber(handle, m_image.put(mirror), 8);
        set(type + mirrorAt, m_image.put(handle));
    }

    bool tells()
    {
        m_image.pad(20000);
        const auto matches = m_image.walk(javafieldsDetector);
        return matches.size() == 1 && matches[0].value == SecretBytes(secret.begin(), secret.end());
    }

    bool tellsNothing()
    {
        m_image.pad(20000);
        return m_image.walk(javafieldsDetector).empty();
    }

    bool leavesOut() const { return m_image.leavesOut(javafieldsDetector); }
    FileRange place() const { return m_image.walk(javafieldsDetector).at(0).places.at(0); }
    std::uint64_t offsetOf(std::uint64_t address) const { return m_image.fileOffsetOf(address); }

private:
    void setReference(Bytes& object, std::size_t at, std::uint64_t address) const
    {
        if (m_heap == Heap::Large)
            setNumber(object, at, address, 8);
        else
            setNumber(object, at, address >> 3, 4);
    }

    std::uint64_t putSymbol(const std::string& text)
    {
        Bytes symbol;
        addNumber(symbol, 0xc3ac0001, 4);
        addNumber(symbol, text.size(), 2);
        symbol.insert(symbol.end(), text.begin(), text.end());
        symbol.resize(symbol.size() + 8);
        return m_image.put(symbol);
    }

    std::uint64_t putClass(std::uint64_t fields, std::uint64_t constants, std::uint64_t above)
    {
        Bytes type(600);
        setNumber(type, 0, kindOfClass, 8);
        setNumber(type, 8, 32, 4);
        setNumber(type, ownAt, above, 8);
        setNumber(type, constantsAt, constants, 8);
        setNumber(type, fieldsAt, fields, 8);
        const auto address = m_image.put(type);
        set(address + (above == 0 ? ownAt : ownAt + 8), address);
        return address;
    }

    void set(std::uint64_t address, std::uint64_t value)
    {
        setNumber(m_image.bytes(), static_cast<std::size_t>(address - start), value, 8);
    }

    Heap m_heap;
    MemoryImage m_image;
};

} // namespace

/// Passwords and other secrets in fields of Java's objects.
class JavaFieldsTest : public QObject {
    Q_OBJECT

private slots:
    void fieldLeadsToAString();
    void fieldsAreAStreamOfNumbersSinceJdk21();
    void nameMayBeAnyOfVeryManyConstants();
    void fieldLeadsToAnArray();
    void staticFieldStandsInTheMirror();
    void objectsOfClassesBelowHaveTheField();
    void referencesOfLargeHeapsAreAddresses();
    void nameMustSayThatItIsASecret();
    void constantsMustBeThoseOfAClass();
    void fieldMustBeAText();
    void stringMustBeOne();
    void onlyJavaIsLookedAt();
    void listsWithoutEndAreLeft();
    void fieldsOfVeryManyClassesAreLeft();
    void fieldsOfVeryManyObjectsAreLeft();
};

void JavaFieldsTest::fieldLeadsToAString()
{
    Machine machine;
    const auto array = machine.putArray(secret, 1);
    const auto value = machine.putString(secret);
    QVERIFY(value > array);
    machine.putObject(machine.putClass({}), value);
    QVERIFY(machine.tells());
    QCOMPARE(machine.place().size(), secret.size());
    QVERIFY(machine.place().first() > machine.offsetOf(array) + 16);
}

void JavaFieldsTest::fieldsAreAStreamOfNumbersSinceJdk21()
{
    FieldShape shape;
    shape.isStream = true;
    Machine machine;
    machine.putObject(machine.putClass(shape), machine.putString(secret));
    QVERIFY(machine.tells());
    shape.flags = 2 | 8;
    Machine withStatic;
    withStatic.putMirror(withStatic.putClass(shape), withStatic.putString(secret));
    QVERIFY(withStatic.tells());
    // Only what the stream says there is counts.
    shape.flags = 2;
    shape.told = 1;
    Machine withFewer;
    withFewer.putObject(withFewer.putClass(shape), withFewer.putString(secret));
    QVERIFY(withFewer.tellsNothing());
}

void JavaFieldsTest::nameMayBeAnyOfVeryManyConstants()
{
    for (const std::uint16_t number :
         std::initializer_list<std::uint16_t> {63, 64, 65, 4095, 4096, 4500, 65534}) {
        FieldShape shape;
        shape.nameNumber = number;
        shape.counted = std::uint32_t {number} + 1;
        Machine machine;
        const auto value = machine.putString(secret);
        machine.putObject(machine.putClass(shape), value);
        QVERIFY(machine.tells());
    }
}

void JavaFieldsTest::fieldLeadsToAnArray()
{
    for (const unsigned width : {1U, 2U}) {
        Machine machine;
        FieldShape field;
        field.signature = width == 1 ? "[B" : "[C";
        const auto array = machine.putArray(secret, width);
        machine.putObject(machine.putClass(field), array);
        QVERIFY(machine.tells());
        QCOMPARE(machine.place().first(), machine.offsetOf(array) + 16);
        QCOMPARE(machine.place().size(), secret.size() * width);
    }
}

void JavaFieldsTest::staticFieldStandsInTheMirror()
{
    Machine machine;
    FieldShape field;
    field.flags = 0xa;
    const auto type = machine.putClass(field);
    machine.putObject(type, machine.putString("Another-1234"));
    machine.putMirror(type, machine.putString(secret));
    QVERIFY(machine.tells());
}

void JavaFieldsTest::objectsOfClassesBelowHaveTheField()
{
    Machine machine;
    const auto type = machine.putClass({});
    const auto below = machine.putClassBelow(type);
    machine.putObject(below, machine.putString(secret));
    QVERIFY(machine.tells());
    Machine other;
    other.putClass({});
    other.putObject(other.putClassBelow(other.putClass({"hostname"})), other.putString(secret));
    QVERIFY(other.tellsNothing());
}

void JavaFieldsTest::referencesOfLargeHeapsAreAddresses()
{
    Machine string(Machine::Heap::Large);
    string.putObject(string.putClass({}), string.putString(secret));
    QVERIFY(string.tells());
    FieldShape characters;
    characters.signature = "[C";
    Machine array(Machine::Heap::Large);
    array.putObject(array.putClass(characters), array.putArray(secret, 2));
    QVERIFY(array.tells());
    FieldShape field;
    field.flags = 0xa;
    Machine withStatic(Machine::Heap::Large);
    withStatic.putMirror(withStatic.putClass(field), withStatic.putString(secret));
    QVERIFY(withStatic.tells());
}

void JavaFieldsTest::nameMustSayThatItIsASecret()
{
    for (const std::string name : {"hostname", "get_password", "compass", "keyboard"}) {
        Machine machine;
        machine.putObject(machine.putClass({name}), machine.putString(secret));
        QVERIFY(machine.tellsNothing());
    }
}

void JavaFieldsTest::constantsMustBeThoseOfAClass()
{
    FieldShape counted;
    counted.counted = 5;
    FieldShape old;
    old.version = 44;
    for (const FieldShape& field : {counted, old}) {
        Machine machine;
        machine.putObject(machine.putClass(field), machine.putString(secret));
        QVERIFY(machine.tellsNothing());
    }
}

void JavaFieldsTest::fieldMustBeAText()
{
    FieldShape number;
    number.signature = "I";
    FieldShape other;
    other.signature = "Ljava/lang/Object;";
    FieldShape nowhere; // its offset is not known yet
    nowhere.packed = 16 << 2;
    for (const FieldShape& field : {number, other, nowhere}) {
        Machine machine;
        machine.putObject(machine.putClass(field), machine.putString(secret));
        QVERIFY(machine.tellsNothing());
    }
}

void JavaFieldsTest::stringMustBeOne()
{
    Machine machine;
    const auto type = machine.putClass({});
    machine.putObject(type, machine.putString(secret, true));
    machine.putObject(type, 0);
    machine.putObject(type, start + 0x40000000);
    QVERIFY(machine.tellsNothing());
}

void JavaFieldsTest::onlyJavaIsLookedAt()
{
    Dump dump;
    dump.modules.push_back({*AddressRange::make(0x1000, 0x1000), "/usr/bin/python3.11", {}});
    QVERIFY(!javafieldsDetector.newWalk(dump));
    dump.modules.push_back({*AddressRange::make(0x4000, 0x1000), "/opt/jdk/lib/libjvm.so", {}});
    QVERIFY(javafieldsDetector.newWalk(dump));
    dump.wordSize = 4;
    QVERIFY(!javafieldsDetector.newWalk(dump));
}

/// As many fields for each of many names, none of which has the name.
void JavaFieldsTest::listsWithoutEndAreLeft()
{
    const std::vector<unsigned> others(65535, 0);
    Machine few;
    few.putWideClass(100, others);
    QVERIFY(!few.leavesOut());
    Machine many;
    many.putWideClass(2048, others);
    QVERIFY(many.leavesOut());
    // Before each name as many words as a class can have constants, but no class.
    Machine none;
    none.putNames(100'000);
    QVERIFY(none.leavesOut());
}

void JavaFieldsTest::fieldsOfVeryManyClassesAreLeft()
{
    std::vector<unsigned> numbers;
    for (unsigned number = 4; number < 1000; ++number)
        numbers.push_back(number);
    for (const bool isMany : {false, true}) {
        Machine machine;
        machine.putClassesBelow(machine.putWideClass(1000, numbers), isMany ? 600 : 500);
        QCOMPARE(machine.leavesOut(), isMany);
    }
}

void JavaFieldsTest::fieldsOfVeryManyObjectsAreLeft()
{
    std::vector<unsigned> numbers;
    for (unsigned number = 4; number < 1000; ++number)
        numbers.push_back(number);
    for (const bool isMany : {false, true}) {
        Machine machine;
        const std::uint64_t type = machine.putWideClass(1000, numbers);
        for (int i = 0; i < (isMany ? 4300 : 4100); ++i)
            machine.putObject(type, 8);
        QCOMPARE(machine.leavesOut(), isMany);
    }
}

QTEST_APPLESS_MAIN(JavaFieldsTest)
#include "tst_javafields.moc"
