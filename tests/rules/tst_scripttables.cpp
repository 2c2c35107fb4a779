// SPDX-License-Identifier: GPL-3.0-or-later
#include "tableimage.h"

#include <QTest>

using namespace coredact;
using namespace coredact::test;

namespace {

Bytes luaString(const std::string& text)
{
    const bool isShort = text.size() <= 40;
    const std::uint64_t kind = isShort ? 0x04 | text.size() << 24 : 0x14;
    return withText(words({0, kind | hash << 32, isShort ? 0 : text.size()}), text);
}

/// As Ruby 3.1 has it.
Bytes smallRubyString(const std::string& text)
{
    return withText(words({5 | text.size() << 14, type}), text);
}

} // namespace

/// What entries of the tables of Lua, Ruby, PHP and Perl lead to.
class ScriptTablesTest : public QObject {
    Q_OBJECT

private slots:
    void luaTable();
    void rubyHash();
    void smallRubyHash();
    void rubySymbols();
    void phpArray();
    void nameMayStandAtTheEndOfMemory();
    void phpReferencesConstantsAndVariables();
    void propertyOfAPhpObject();
    void perlHash();
    void perlScalarMayLeadToAnother();
};

void ScriptTablesTest::luaTable()
{
    const auto entry = [](std::uint64_t name, std::uint64_t value) {
        return words({3, value, 0x4444, name, 0, 0, 0, 0});
    };
    QCOMPARE(toldOf(luaString("password"), luaString(secret), entry), Places {24});
    const auto longEntry = [](std::uint64_t name, std::uint64_t value) {
        return words({3, value, 0x54, name, 0x44, 0, 0, 0});
    };
    MemoryImage image;
    image.pad(100);
    const auto name = image.put(luaString("password"));
    const auto value = image.put(luaString(secret + secret + secret));
    image.put(longEntry(name, value));
    image.pad(100);
    const auto matches = image.walk(tablesecretsDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QCOMPARE(matches.front().value.size(), 3 * secret.size());
}

void ScriptTablesTest::rubyHash()
{
    const auto small = smallRubyString;
    const auto later = [](const std::string& text) {
        return withText(words({5, type, text.size()}), text);
    };
    const auto entry = [](std::uint64_t name, std::uint64_t value) {
        return words({5, 5, hash, name, value, 5, 5, 5});
    };
    QCOMPARE(toldOf(small("password"), small(secret), entry), Places {16});
    QCOMPARE(toldOf(later("password"), later(secret), entry), Places {24});
    QCOMPARE(toldOf(small("password"), small(secret), nextToEachOther), Places {});
    MemoryImage image;
    image.pad(100);
    const auto name = image.put(small("password"));
    const auto text = image.put(withText({}, secret));
    const auto value = image.put(words({5 | 1 << 13, type, secret.size(), text, 0}));
    image.put(entry(name, value));
    image.pad(100);
    QCOMPARE(told(image), Places {image.fileOffsetOf(text)});
}

/// Its head says the size of its block, malloc's or Ruby's own.
void ScriptTablesTest::smallRubyHash()
{
    const auto toldWith = [](std::uint64_t before, std::uint64_t head, std::size_t entries) {
        return toldOf(smallRubyString("password"), smallRubyString(secret),
                      [=](std::uint64_t name, std::uint64_t value) {
                          Bytes table = words({5, 5, before, head});
                          for (std::size_t i = 0; i < entries; ++i) {
                              const Bytes entry = words({0x1000 + i * 16, 0x2000});
                              table.insert(table.end(), entry.begin(), entry.end());
                          }
                          const Bytes last = words({name, value, 8, 8, 8, 8});
                          table.insert(table.end(), last.begin(), last.end());
                          return table;
                      });
    };
    for (const std::size_t entries : {0U, 1U, 7U}) {
        QCOMPARE(toldWith(0, 0x91, entries), Places {16});
        QCOMPARE(toldWith(0, 0x95, entries), Places {16});
        QCOMPARE(toldWith(0x26880090feab, 0x34, entries), Places {16});
        QCOMPARE(toldWith(0, 0xa1, entries), Places {});
        QCOMPARE(toldWith(0x26880038feab, 0x34, entries), Places {});
    }
    QCOMPARE(toldWith(0, 0x91, 8), Places {});
}

/// What stands for the name in tables: a number that the list of symbols gives it, or an object.
void ScriptTablesTest::rubySymbols()
{
    const auto toldOfSymbol = [](std::uint64_t before, std::uint64_t after, std::uint64_t head) {
        MemoryImage image;
        image.pad(5000);
        constexpr std::uint64_t symbol = 0xd6410c;
        const auto name = image.put(smallRubyString("password"));
        image.put(words({5, 0x1000, before, name, symbol, 0x2000, after, 5}));
        const auto value = image.put(smallRubyString(secret));
        image.put(words({0, head, 0x93210c, 0x3000, symbol, value, 0, 0, 0, 0}));
        image.pad(5000);
        Places places = told(image);
        for (std::uint64_t& place : places)
            place -= image.fileOffsetOf(value);
        return places;
    };
    QCOMPARE(toldOfSymbol(0xd6310c, 8, 0x91), Places {16});
    QCOMPARE(toldOfSymbol(8, 0xd6510c, 0x91), Places {16});
    QCOMPARE(toldOfSymbol(8, 8, 0x91), Places {});
    QCOMPARE(toldOfSymbol(0xd6210c, 0xd6610c, 0x91), Places {});
    QCOMPARE(toldOfSymbol(0xd6310c, 8, 0xa1), Places {});

    for (const std::uint64_t kind : {0x14U, 0x15U}) {
        MemoryImage image;
        image.pad(5000);
        const auto name = image.put(smallRubyString("password"));
        const auto symbol = image.put(words({0x880 << 8 | kind, 0x900008, hash, name, 0xd6410c}));
        const auto value = image.put(smallRubyString(secret));
        image.put(words({5, 5, 5, hash, symbol, value, 5, 5, 5, 5}));
        image.pad(5000);
        QCOMPARE(told(image), kind == 0x14 ? Places {image.fileOffsetOf(value) + 16} : Places {});
    }
}

void ScriptTablesTest::phpArray()
{
    const auto entry = [](std::uint64_t name, std::uint64_t value) {
        return words({3, value, 0x106, hash, name, 0, 0, 0, 0});
    };
    QCOMPARE(toldOf(phpString("password"), phpString(secret, 0), entry), Places {24});
    QCOMPARE(toldOf(phpString("password", hash + 1), phpString(secret), entry), Places {});
}

/// To the last byte, the NUL behind it.
void ScriptTablesTest::nameMayStandAtTheEndOfMemory()
{
    for (const bool isWhole : {true, false}) {
        MemoryImage image;
        image.pad(5000);
        const auto value = image.put(phpString(secret, 0));
        const auto entry = image.put(words({3, value, 0x106, hash, 0, 0, 0, 0, 0}));
        Bytes name = phpString("password");
        name.resize(24 + 8 + (isWhole ? 1 : 0));
        const Bytes address = words({image.put(name)});
        std::copy(address.begin(), address.end(),
                  image.bytes().begin()
                      + static_cast<std::ptrdiff_t>(image.fileOffsetOf(entry) + 32));
        QCOMPARE(told(image).size(), std::size_t {isWhole ? 1U : 0U});
    }
}

/// The kind of an entry says what the value is.
void ScriptTablesTest::phpReferencesConstantsAndVariables()
{
    const auto toldOfKind = [](std::uint64_t kind, const Bytes& before, std::uint64_t kindBehind) {
        MemoryImage image;
        image.pad(5000);
        const auto name = image.put(phpString("DB_PASSWORD"));
        const auto value = image.put(phpString(secret, 0));
        Bytes between = before;
        const Bytes behind = words({value, kindBehind, name, 0, 0});
        between.insert(between.end(), behind.begin(), behind.end());
        const auto at = image.put(between);
        image.put(words({3, at, kind, hash, name, 0, 0, 0, 0}));
        image.pad(5000);
        const auto places = told(image);
        return places.size() == 1 && places[0] == image.fileOffsetOf(value) + 24;
    };
    const Bytes reference = words({0x1a00000001});
    QVERIFY(toldOfKind(0x10a, reference, 0x106));
    QVERIFY(toldOfKind(0x7fff0000000c, {}, 0x106));
    QVERIFY(toldOfKind(13, {}, 6));
    QVERIFY(!toldOfKind(8, {}, 0x106)); // an object
    QVERIFY(!toldOfKind(13, {}, 0x107)); // an array
    QVERIFY(!toldOfKind(13, {}, 0x7f5500000406));
}

/// A class says of a property where in its objects that stands; a class below has it there, too.
void ScriptTablesTest::propertyOfAPhpObject()
{
    constexpr std::uint64_t ofClass = 13;
    const auto toldBy = [](std::uint64_t flags, std::uint64_t kind, bool isBelow) {
        MemoryImage image;
        image.pad(5000);
        const auto name = image.put(phpString("db_password"));
        const auto value = image.put(phpString(secret, 0));
        const auto above = image.put(words({2, image.put(phpString("Above")), 0, 0, 0}));
        const auto below = image.put(words({2, image.put(phpString("Below")), above, 0, 0}));
        const auto said = image.put(words({56 | flags << 32, name, 0, 0, above}));
        image.put(words({0, 0, said, ofClass, hash, name, 0, 0, 0, 0}));
        image.put(words({kind << 32 | 1, 7, isBelow ? below : above, 0, 0, 5, 4, value, 6, 0}));
        image.pad(5000);
        const auto places = told(image);
        return places.size() == 1 && places[0] == image.fileOffsetOf(value) + 24;
    };
    for (const bool isBelow : {false, true}) {
        QVERIFY(toldBy(1, 8, isBelow));
        QVERIFY(!toldBy(1 | 16, 8, isBelow)); // a static one stands elsewhere
        QVERIFY(!toldBy(1, 7, isBelow)); // no object
    }
}

void ScriptTablesTest::perlHash()
{
    MemoryImage image;
    image.pad(100);
    const auto name = image.put(withText(words({0x1234 | 8ULL << 32}), "password"));
    const auto text = image.put(withText({}, secret));
    const auto body = image.put(words({0, 0, secret.size(), secret.size() + 8}));
    const auto scalar = image.put(words({body, 1 | 0x4403ULL << 32, text}));
    image.put(words({0, name, scalar, 0, 0, 0}));
    image.pad(100);
    QCOMPARE(told(image), Places {image.fileOffsetOf(text)});
}

/// References, lists, and variables by their names.
void ScriptTablesTest::perlScalarMayLeadToAnother()
{
    struct Case {
        std::uint64_t flags;
        bool byPointer; // there is one more pointer between
        bool isTold;
    };
    for (const Case& one : {Case {0x801, false, true}, Case {0x800b, true, true},
                            Case {0x8009, true, true}, Case {0x800c, true, false}}) {
        MemoryImage image;
        image.pad(100);
        const auto name = image.put(withText(words({0x1234 | 8ULL << 32}), "password"));
        const auto text = image.put(withText({}, secret));
        const auto body = image.put(words({0, 0, secret.size(), secret.size() + 8}));
        const auto scalar = image.put(words({body, 1 | 0x4403ULL << 32, text}));
        const auto list = image.put(words({scalar, 0}));
        const auto first
            = image.put(words({body, 1 | one.flags << 32, one.byPointer ? list : scalar}));
        image.put(words({0, name, first, 0, 0, 0}));
        image.pad(100);
        QCOMPARE(told(image), one.isTold ? Places {image.fileOffsetOf(text)} : Places {});
    }
    MemoryImage loop;
    loop.pad(100);
    const auto name = loop.put(withText(words({0x1234 | 8ULL << 32}), "password"));
    const auto next = MemoryImage::base + (loop.size() + 24 + 15) / 16 * 16;
    QCOMPARE(loop.put(words({0, 1 | 0x801ULL << 32, next})), next);
    loop.put(words({0, name, next, 0, 0, 0}));
    QCOMPARE(told(loop), Places {});
}

QTEST_APPLESS_MAIN(ScriptTablesTest)
#include "tst_scripttables.moc"
