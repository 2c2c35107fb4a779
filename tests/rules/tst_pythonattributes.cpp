// SPDX-License-Identifier: GPL-3.0-or-later
#include "memoryimage.h"

#include "scanner/rules/walk.h"

#include <QTest>

#include <functional>

namespace coredact {
extern const Detector tablesecretsDetector;
}

using namespace coredact;

namespace {

using Bytes = std::vector<std::uint8_t>;

const std::string secret = std::string("fI4Nk7Kj") + "gP6q3h8Zu2";
constexpr std::uint64_t strType = 0x900000;
constexpr std::uint64_t hash = 0x34274a961e65c774;
constexpr std::uint8_t number = 2; ///< of the attribute

void putWord(Bytes& bytes, std::size_t at, std::uint64_t value)
{
    for (unsigned i = 0; i < 8; ++i)
        bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

Bytes words(std::initializer_list<std::uint64_t> values)
{
    Bytes bytes(values.size() * 8);
    std::size_t at = 0;
    for (const std::uint64_t value : values)
        putWord(bytes, std::exchange(at, at + 8), value);
    return bytes;
}

Bytes withText(Bytes header, const std::string& text)
{
    header.insert(header.end(), text.begin(), text.end());
    header.insert(header.end(), 8, 0);
    return header;
}

/// As of 3.12; there is one more word before the text of earlier ones.
Bytes pythonString(const std::string& text)
{
    return withText(words({1, strType, text.size(), hash, 0x64}), text);
}

/// What an image is made of. A test may break each part before it is put.
struct Parts {
    /// The keys of a class with three names, of which one is known: count, sizes and kind, free
    /// ones, names, numbers by hash, names and what would be values.
    static Bytes keys(std::uint64_t name)
    {
        Bytes bytes = words({2, 0x20606, 25, 3});
        Bytes numbers(64, 0xff);
        numbers[hash % 64] = 1; // taken by another one
        numbers[(hash % 64 * 5 + (hash >> 5) + 1) % 64] = number;
        bytes.insert(bytes.end(), numbers.begin(), numbers.end());
        const Bytes entries = words({0x1000, 0, 0x2000, 0, name, 0});
        bytes.insert(bytes.end(), entries.begin(), entries.end());
        return bytes;
    }

    /// Numbers of the values backwards, how many there are, size of that; values.
    static Bytes valuesBehindNumbers(std::uint64_t value)
    {
        Bytes bytes(40);
        const Bytes numbers {number, 1, 0, 3, 40};
        std::copy(numbers.begin(), numbers.end(), bytes.end() - 5);
        const Bytes values = words({0x3000, 0x4000, value});
        bytes.insert(bytes.end(), values.begin(), values.end());
        return bytes;
    }

    /// Room, how many there are, in an object, in use; values; their numbers.
    static Bytes valuesBeforeNumbers(std::uint64_t value)
    {
        Bytes bytes = words({0x1010304, 0x3000, 0x4000, value, 0});
        const Bytes numbers {0, 1, number, 0, 0, 0, 0, 0};
        bytes.insert(bytes.end(), numbers.begin(), numbers.end());
        return bytes;
    }
};

using Change = std::function<void(Bytes&)>;

Change setting(std::size_t at, std::uint8_t byte)
{
    return [=](Bytes& bytes) { bytes[at] = byte; };
}

class PythonHeap {
public:
    /// Changes are to be made before the parts are put.
    Change changeKeys, changeValues, changeType;
    Bytes value = pythonString(secret);

    explicit PythonHeap(std::uint64_t start = 0x7f1200000000)
    {
        m_image.begin(start, "/usr/bin/python3.11");
        m_image.pad(start < 0x1000 ? 0 : 5000);
    }

    void putKeys()
    {
        const auto name = m_image.put(pythonString("db_password"));
        m_image.pad(3000);
        m_value = m_image.put(value);
        Bytes keys = Parts::keys(name);
        change(keys, changeKeys);
        m_keys = m_image.put(keys);
    }

    /// A class of which so many bytes stand before what it points at.
    std::uint64_t putType(std::size_t head, std::uint64_t flags)
    {
        Bytes type(head + 496);
        const std::uint64_t address = m_image.put(type);
        putWord(type, 80, address + head);
        putWord(type, 168, flags);
        putWord(type, head + 464, m_keys);
        change(type, changeType);
        std::copy(type.begin(), type.end(),
                  m_image.bytes().end() - static_cast<std::ptrdiff_t>(type.size()));
        return address;
    }

    std::uint64_t putValues(Bytes values)
    {
        change(values, changeValues);
        return m_image.put(values);
    }

    void putObject311()
    {
        putKeys();
        const auto type = putType(408, 0x210);
        const auto values = putValues(Parts::valuesBehindNumbers(m_value)) + 40;
        m_image.put(words({values, 0, 0, 0, 1, type}));
    }

    void putObject312()
    {
        putKeys();
        const auto type = putType(416, 0x210);
        const auto values = putValues(Parts::valuesBehindNumbers(m_value)) + 40;
        m_image.put(words({0, values - 1, 0, 0, 1, type}));
    }

    void putObject313()
    {
        putKeys();
        const auto type = putType(416, 0x214);
        Bytes object = words({0, 0, 0, 0, 1, type});
        Bytes values = Parts::valuesBeforeNumbers(m_value);
        change(values, changeValues);
        object.insert(object.end(), values.begin(), values.end());
        m_image.put(object);
    }

    void putDict(std::uint64_t values) { m_image.put(words({1, 0x5000, 1, 7, m_keys, values})); }

    /// As of 3.8 to 3.10: the name is the third one of a dict whose keys are shared.
    void putOldDict()
    {
        const auto name = m_image.put(pythonString("db_password"));
        m_value = m_image.put(value);
        Bytes keys = words({1, 8, 0x9000, 2, 3});
        Bytes numbers(8, 0xff);
        numbers[hash % 8] = 1; // taken by another one
        numbers[(hash % 8 * 5 + (hash >> 5) + 1) % 8] = number;
        keys.insert(keys.end(), numbers.begin(), numbers.end());
        const Bytes entries = words({7, 0x1000, 0, 8, 0x2000, 0, hash, name, 0});
        keys.insert(keys.end(), entries.begin(), entries.end());
        change(keys, changeKeys);
        m_keys = m_image.put(keys);
        putDict(m_image.put(words({0x3000, 0x4000, m_value})));
    }

    /// A class with the name in its `__slots__`, a class below it, an object of either.
    void putSlots(bool below)
    {
        constexpr std::size_t memberAt = 448;
        constexpr std::size_t offset = 24;
        const auto name = m_image.put(pythonString("db_password"));
        m_value = m_image.put(value);
        Bytes type(512);
        const Bytes member = words({0x1000, 16, offset, 0});
        std::copy(member.begin(), member.end(), type.begin() + memberAt);
        change(type, changeType);
        auto address = m_image.put(type);
        Bytes descriptor = words({1, 0x7000, address, name, 0, address + memberAt});
        change(descriptor, changeKeys);
        m_image.put(descriptor);
        if (below) {
            Bytes other(512);
            putWord(other, 168, 1 << 9);
            putWord(other, 256, address);
            change(other, changeValues);
            address = m_image.put(other);
        }
        m_image.put(words({1, address, 0x2000, m_value}));
    }
    void putObjectWithSlots() { putSlots(false); }
    void putObjectBelow() { putSlots(true); }

    std::uint64_t keysAt() const { return m_keys; }
    std::uint64_t valueAt() const { return m_value; }
    MemoryImage& image() { return m_image; }

    /// Whether the secret is told, where its text stands, and nothing else.
    bool tells(std::size_t header = 40)
    {
        m_image.pad(5000);
        const auto matches = m_image.walk(tablesecretsDetector);
        return matches.size() == 1 && matches[0].value == SecretBytes(secret.begin(), secret.end())
            && matches[0].places[0].first() == m_image.fileOffsetOf(m_value) + header;
    }

    bool tellsNothing()
    {
        m_image.pad(5000);
        return m_image.walk(tablesecretsDetector).empty();
    }

private:
    static void change(Bytes& bytes, const Change& by)
    {
        if (by)
            by(bytes);
    }

    MemoryImage m_image;
    std::uint64_t m_value = 0;
    std::uint64_t m_keys = 0;
};

using Put = void (PythonHeap::*)();
constexpr Put builders[] {&PythonHeap::putObject311, &PythonHeap::putObject312,
                          &PythonHeap::putObject313};

bool tellsNothingWith(Put put, Change PythonHeap::*part, const Change& change)
{
    PythonHeap heap;
    heap.*part = change;
    (heap.*put)();
    return heap.tellsNothing();
}

} // namespace

/// Secrets in attributes of Python's objects, whose names only their class knows.
class PythonAttributesTest : public QObject {
    Q_OBJECT

private slots:
    void objectsOfEachVersion();
    void dictThatSharesItsKeys();
    void valueMayBeBytes();
    void valueMayBeABytearray();
    void keysOfEarlierVersions();
    void slotsSayWhereTheValueStands();
    void slotsMustBeOfObjects();
    void keysMustBeThoseOfAClass();
    void typeMustPointAtItself();
    void valuesMustHaveTheNumber();
    void addressesMayWrap();
};

void PythonAttributesTest::objectsOfEachVersion()
{
    for (const Put put : builders) {
        PythonHeap heap;
        (heap.*put)();
        QVERIFY(heap.tells());
    }
}

void PythonAttributesTest::dictThatSharesItsKeys()
{
    PythonHeap behind;
    behind.putKeys();
    behind.putDict(behind.putValues(Parts::valuesBehindNumbers(behind.valueAt())) + 40);
    QVERIFY(behind.tells());
    PythonHeap before;
    before.putKeys();
    before.putDict(before.putValues(Parts::valuesBeforeNumbers(before.valueAt())));
    QVERIFY(before.tells());
    PythonHeap combined;
    combined.putKeys();
    combined.putDict(0);
    QVERIFY(combined.tellsNothing());
}

void PythonAttributesTest::valueMayBeBytes()
{
    constexpr std::uint64_t isBytes = std::uint64_t {1} << 27;
    for (const std::uint64_t flags : {isBytes, std::uint64_t {0}}) {
        PythonHeap heap;
        Bytes type(208);
        putWord(type, 32, 33);
        putWord(type, 40, 1);
        putWord(type, 168, flags);
        const auto address = heap.image().put(type);
        heap.value = withText(words({1, address, secret.size(), hash}), secret);
        heap.putObject311();
        QCOMPARE(heap.tells(32), flags != 0);
    }
}

void PythonAttributesTest::valueMayBeABytearray()
{
    // Room for it, where in its memory it begins, size of the object.
    const auto tells = [](std::uint64_t room, std::uint64_t skipped, std::uint64_t size) {
        PythonHeap heap;
        Bytes type(208);
        putWord(type, 32, size);
        const auto address = heap.image().put(type);
        const auto text = heap.image().put(withText({}, secret));
        heap.value = words({1, address, secret.size(), room, text - skipped, text, 0});
        heap.putObject311();
        return heap.tells(text - heap.valueAt());
    };
    const std::uint64_t size = secret.size();
    QVERIFY(tells(size + 1, 0, 56));
    QVERIFY(tells(size + 9, 8, 56));
    QVERIFY(!tells(size, 0, 56));
    QVERIFY(!tells(size + 9, 9, 56));
    QVERIFY(!tells(size + 1, 0, 48));
}

void PythonAttributesTest::keysOfEarlierVersions()
{
    PythonHeap heap;
    heap.putOldDict();
    QVERIFY(heap.tells());
    const Change changes[] {
        setting(8, 16), // slots
        setting(24, 3), // more free ones than there is room
        setting(32, 2), // the name is not among those in use
        [](Bytes& keys) { std::replace(keys.begin() + 40, keys.begin() + 48, +number, 1); },
        [](Bytes& keys) { keys[keys.size() - 8] = 8; }, // the name has a value
        [](Bytes& keys) { ++keys[keys.size() - 24]; }, // another hash
    };
    for (const Change& change : changes)
        QVERIFY2(tellsNothingWith(&PythonHeap::putOldDict, &PythonHeap::changeKeys, change),
                 qPrintable(QString::number(&change - changes)));
}

void PythonAttributesTest::slotsSayWhereTheValueStands()
{
    for (const Put put : {&PythonHeap::putObjectWithSlots, &PythonHeap::putObjectBelow}) {
        PythonHeap heap;
        (heap.*put)();
        QVERIFY(heap.tells());
    }
}

void PythonAttributesTest::slotsMustBeOfObjects()
{
    for (const Put put : {&PythonHeap::putObjectWithSlots, &PythonHeap::putObjectBelow}) {
        // Of another kind, at an offset that is none, too far from the class.
        QVERIFY(tellsNothingWith(put, &PythonHeap::changeType, setting(456, 6)));
        QVERIFY(tellsNothingWith(put, &PythonHeap::changeType, setting(464, 20)));
        QVERIFY(tellsNothingWith(put, &PythonHeap::changeType, setting(464, 8)));
        QVERIFY(tellsNothingWith(put, &PythonHeap::changeKeys, setting(44, 0xff)));
    }
    // A class that no program made.
    QVERIFY(
        tellsNothingWith(&PythonHeap::putObjectBelow, &PythonHeap::changeValues, setting(169, 0)));
}

void PythonAttributesTest::keysMustBeThoseOfAClass()
{
    const Change changes[] {
        setting(8, 5), // slots
        setting(9, 5), // bytes of the numbers
        setting(10, 1), // keys of one dict only
        setting(16, 28), // more free ones than there is room
        setting(23, 0xff), // so many that sums wrap
        setting(24, 2), // the name is not among those in use
        setting(24, 31), // more names than there may be
        [](Bytes& keys) { std::replace(keys.begin() + 32, keys.begin() + 96, +number, 1); },
        [](Bytes& keys) { keys[keys.size() - 8] = 8; }, // the name has a value
    };
    for (const Put put : builders)
        for (const Change& change : changes)
            QVERIFY2(tellsNothingWith(put, &PythonHeap::changeKeys, change),
                     qPrintable(QString::number(&change - changes)));
}

void PythonAttributesTest::typeMustPointAtItself()
{
    for (const Put put : builders) {
        QVERIFY(tellsNothingWith(put, &PythonHeap::changeType, setting(83, 0xff)));
        QVERIFY(tellsNothingWith(put, &PythonHeap::changeType, setting(168, 0)));
        QVERIFY(tellsNothingWith(put, &PythonHeap::changeType, setting(169, 0)));
    }
}

void PythonAttributesTest::valuesMustHaveTheNumber()
{
    using Changes = std::vector<std::pair<std::size_t, std::uint8_t>>;
    // Another number, counts that leave it out or are too large, sizes that are none, no pointer.
    const Changes behind {{35, 1},   {38, 0}, {38, 2},  {38, 31},
                          {38, 255}, {39, 0}, {39, 41}, {56, 1}};
    const Changes before {{0, 2}, {0, 31}, {0, 255}, {1, 2}, {1, 5},
                          {2, 2}, {3, 0},  {24, 1},  {42, 1}};
    for (const Put put : builders)
        for (const auto& [at, byte] : put == builders[2] ? before : behind)
            QVERIFY2(tellsNothingWith(put, &PythonHeap::changeValues, setting(at, byte)),
                     qPrintable(QString::number(at)));
}

void PythonAttributesTest::addressesMayWrap()
{
    // What would stand before these words is before address 0.
    PythonHeap low(0x10);
    low.image().bytes() = words({0, 0, 8});
    low.putKeys();
    putWord(low.image().bytes(), 0, low.putType(408, 0x210));
    putWord(low.image().bytes(), 8, low.keysAt());
    QVERIFY(low.tellsNothing());
    // Values would go on behind the last address.
    PythonHeap high(0xffffffffffff8000);
    high.putKeys();
    high.putDict(0xfffffffffffffff0);
    high.putDict(0xfffffffffffffff8);
    high.image().pad(0x8000 - high.image().size() - 16);
    const Bytes end = words({0x1010304, 0x1010304});
    high.image().bytes().insert(high.image().bytes().end(), end.begin(), end.end());
    QVERIFY(high.image().walk(tablesecretsDetector).empty());
}

QTEST_APPLESS_MAIN(PythonAttributesTest)
#include "tst_pythonattributes.moc"
