// SPDX-License-Identifier: GPL-3.0-or-later
#include "tableimage.h"

#include <QTest>

using namespace coredact;
using namespace coredact::test;

namespace {

Bytes ocamlString(const std::string& text, std::uint64_t kind = 0xfc)
{
    const std::size_t size = text.size() / 8 + 1;
    Bytes bytes = words({size << 10 | 0x300 | kind});
    bytes.insert(bytes.end(), text.begin(), text.end());
    bytes.resize(8 + size * 8);
    bytes.back() = static_cast<std::uint8_t>(size * 8 - 1 - text.size());
    return bytes;
}

/// `ofClass`: the address of the class.
Bytes monoString(const std::string& text, std::uint64_t ofClass = type)
{
    Bytes bytes = words({ofClass, 0});
    bytes.push_back(static_cast<std::uint8_t>(text.size()));
    bytes.resize(20);
    for (const char c : text) {
        bytes.push_back(static_cast<std::uint8_t>(c));
        bytes.push_back(0);
    }
    bytes.resize(bytes.size() + 4);
    return bytes;
}

Bytes guileBuffer(const std::string& text) { return withText(words({0x27, text.size()}), text); }

} // namespace

/// Tables of runtimes that have a word for the collector before what they lay out, or none at all.
class CollectedTablesTest : public QObject {
    Q_OBJECT

private slots:
    void ocamlEntry_data();
    void ocamlEntry();
    void ocamlStringIsOneByItsKindAndItsLastByte();
    void ocamlValueMayBeWrapped();
    void ocamlIsInProgramsOfAnyName();
    void monoEntry_data();
    void monoEntry();
    void monoValueIsOfTheNamesClass();
    void monoListHasTheValueFirst();
    void guilePairHasAStringOrASymbol_data();
    void guilePairHasAStringOrASymbol();
    void guileVariableHasTheValue();
};

void CollectedTablesTest::ocamlEntry_data()
{
    QTest::addColumn<std::uint64_t>("before");
    QTest::addColumn<std::uint64_t>("left");
    QTest::addColumn<bool>("isEntry");
    const auto row = [](const char* name, std::uint64_t before, std::uint64_t left, bool isEntry) {
        QTest::newRow(name) << before << left << isEntry;
    };
    row("tuple", 0, 2 << 10, true);
    row("bucket of a Hashtbl", 0, 3 << 10 | 0x300, true);
    row("node of a Map", 5 << 10, 1, true);
    row("block of four", 0, 4 << 10, false);
    row("closure", 0, 2 << 10 | 0xf7, false);
}

void CollectedTablesTest::ocamlEntry()
{
    QFETCH(const std::uint64_t, before);
    QFETCH(const std::uint64_t, left);
    QFETCH(const bool, isEntry);
    const auto entry = [&](std::uint64_t name, std::uint64_t value) {
        return words({0, 0, before, left, name + 8, value + 8, 1, 1, 0, 0});
    };
    QCOMPARE(toldOf(ocamlString("password"), ocamlString(secret), entry),
             isEntry ? Places {8} : Places {});
}

void CollectedTablesTest::ocamlStringIsOneByItsKindAndItsLastByte()
{
    const auto entry = [](std::uint64_t name, std::uint64_t value) {
        return words({0, 0, 0, 2 << 10, name + 8, value + 8, 0, 0, 0, 0});
    };
    Bytes damaged = ocamlString(secret);
    damaged.back() = 8;
    QCOMPARE(toldOf(ocamlString("password"), damaged, entry), Places {});
    QCOMPARE(toldOf(ocamlString("password"), ocamlString(secret, 0xfd), entry), Places {});
    QCOMPARE(toldOf(ocamlString("password", 0xfd), ocamlString(secret), entry), Places {});
    // A name to the end of its last word but for one byte, and values of all lengths.
    QCOMPARE(toldOf(ocamlString("db_secret_token"), ocamlString(secret), entry), Places {8});
}

void CollectedTablesTest::ocamlValueMayBeWrapped()
{
    const auto toldThrough = [](const Bytes& wrapper) {
        MemoryImage image;
        image.pad(5000);
        const auto name = image.put(ocamlString("password"));
        const auto value = image.put(ocamlString(secret));
        Bytes wrapping = wrapper;
        const Bytes pointer = words({value + 8});
        wrapping.insert(wrapping.end(), pointer.begin(), pointer.end());
        const auto wrapped = image.put(wrapping);
        image.put(words({0, 0, 0, 2 << 10, name + 8, wrapped + 8, 0, 0, 0, 0}));
        image.pad(5000);
        return told(image).size() == 1;
    };
    QVERIFY(toldThrough(words({1 << 10})));
    QVERIFY(toldThrough(words({2 << 10, 0x36b1a5c7}))); // of a variant
    QVERIFY(!toldThrough(words({2 << 10, 0x36b1a5c8})));
    QVERIFY(!toldThrough(words({3 << 10, 1})));
}

/// Its programs load no library of its own.
void CollectedTablesTest::ocamlIsInProgramsOfAnyName()
{
    MemoryImage image;
    image.begin(MemoryImage::base, "/usr/bin/program");
    image.pad(5000);
    const auto name = image.put(ocamlString("password"));
    const auto value = image.put(ocamlString(secret));
    image.put(words({0, 0, 0, 2 << 10, name + 8, value + 8, 0, 0, 0, 0}));
    image.pad(5000);
    QCOMPARE(told(image).size(), std::size_t {1});
}

void CollectedTablesTest::monoEntry_data()
{
    QTest::addColumn<std::uint64_t>("object");
    QTest::addColumn<std::uint64_t>("before");
    QTest::addColumn<std::uint64_t>("behind");
    QTest::addColumn<bool>("isEntry");
    const auto row
        = [](const char* name, std::uint64_t object, std::uint64_t before, std::uint64_t behind,
             bool isEntry) { QTest::newRow(name) << object << before << behind << isEntry; };
    constexpr std::uint64_t heap = 0x7ff53982db78;
    row("of a Dictionary", 1, 0xffffffff20424a7a, 0, true);
    row("of a Dictionary, with a next one", 1, 0x320424a7a, 0, true);
    row("bucket of a Hashtable", 1, 1, 0x2a8b5807, true);
    row("object", type + 0x800, 0, 0, true);
    row("items of an array", heap, heap + 0x10, heap + 0x20, false);
    row("behind an address", 1, heap, 0, false);
}

void CollectedTablesTest::monoEntry()
{
    QFETCH(const std::uint64_t, object);
    QFETCH(const std::uint64_t, before);
    QFETCH(const std::uint64_t, behind);
    QFETCH(const bool, isEntry);
    const auto entry = [&](std::uint64_t name, std::uint64_t value) {
        return words({0, 0, object, before, name, value, behind, 0, 0, 0});
    };
    QCOMPARE(toldOf(monoString("password"), monoString(secret), entry),
             isEntry ? Places {20} : Places {});
}

void CollectedTablesTest::monoValueIsOfTheNamesClass()
{
    const auto entry = [](std::uint64_t name, std::uint64_t value) {
        return words({0, 0, 0, 0xffffffff20424a7a, name, value, 0, 0, 0, 0});
    };
    QCOMPARE(toldOf(monoString("password"), monoString(secret, type + 8), entry), Places {});
    QCOMPARE(toldOf(monoString("password", type + 4), monoString(secret, type + 4), entry),
             Places {});
}

/// As NameValueCollection has it.
void CollectedTablesTest::monoListHasTheValueFirst()
{
    for (const std::uint64_t bounds : {0, 8}) {
        MemoryImage image;
        image.pad(5000);
        const auto name = image.put(monoString("password"));
        const auto value = image.put(monoString(secret));
        const auto array = image.put(words({type + 0x100, 0, bounds, 1, value}));
        const auto list = image.put(words({type + 0x200, 0, array, 1}));
        image.put(words({0, 0, type + 0x300, 0, name, list, 0, 0, 0, 0}));
        image.pad(5000);
        QCOMPARE(told(image).size(), std::size_t {bounds == 0 ? 1U : 0U});
    }
}

void CollectedTablesTest::guilePairHasAStringOrASymbol_data()
{
    QTest::addColumn<std::uint64_t>("kind");
    QTest::addColumn<std::uint64_t>("begin");
    QTest::addColumn<std::uint64_t>("valueEnd");
    QTest::addColumn<bool>("isTold");
    QTest::newRow("symbol") << std::uint64_t {0x05} << std::uint64_t {0x3c3a6e0f1ab51d87}
                            << std::uint64_t {secret.size()} << true;
    QTest::newRow("string") << std::uint64_t {0x15} << std::uint64_t {0}
                            << std::uint64_t {secret.size()} << true;
    QTest::newRow("end of a string")
        << std::uint64_t {0x15} << std::uint64_t {2} << std::uint64_t {secret.size()} << false;
    QTest::newRow("vector") << std::uint64_t {0x0d} << std::uint64_t {0}
                            << std::uint64_t {secret.size()} << false;
    QTest::newRow("value longer than its buffer")
        << std::uint64_t {0x15} << std::uint64_t {0} << std::uint64_t {secret.size() + 1} << false;
}

void CollectedTablesTest::guilePairHasAStringOrASymbol()
{
    QFETCH(const std::uint64_t, kind);
    QFETCH(const std::uint64_t, begin);
    QFETCH(const std::uint64_t, valueEnd);
    QFETCH(const bool, isTold);
    MemoryImage image;
    image.pad(5000);
    const auto text = image.put(guileBuffer("password"));
    const auto name = image.put(words({kind, text, begin, 8, 0, 0}));
    const auto buffer = image.put(guileBuffer(secret));
    const auto value = image.put(words({0x15, buffer, 0, valueEnd}));
    image.put(words({0x304, 0x304, name, value, 0, 0}));
    image.pad(5000);
    QCOMPARE(told(image), isTold ? Places {image.fileOffsetOf(buffer) + 16} : Places {});
}

void CollectedTablesTest::guileVariableHasTheValue()
{
    for (const std::uint64_t kind : {0x07, 0x17}) {
        MemoryImage image;
        image.pad(5000);
        const auto text = image.put(guileBuffer("db-password"));
        const auto name = image.put(words({0x05, text, 0x3c3a6e0f1ab51d87, 0, 0, 0}));
        const auto buffer = image.put(guileBuffer(secret));
        const auto value = image.put(words({0x15, buffer, 0, secret.size()}));
        const auto variable = image.put(words({kind, value}));
        image.put(words({0x304, 0x304, name, variable, 0, 0}));
        image.pad(5000);
        QCOMPARE(told(image).size(), std::size_t {kind == 0x07 ? 1U : 0U});
    }
}

QTEST_APPLESS_MAIN(CollectedTablesTest)
#include "tst_collectedtables.moc"
