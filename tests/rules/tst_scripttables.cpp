// SPDX-License-Identifier: GPL-3.0-or-later
#include "tableimage.h"

#include <QTest>

using namespace coredact;
using namespace coredact::test;

/// What entries of PHP's and Perl's tables lead to.
class ScriptTablesTest : public QObject {
    Q_OBJECT

private slots:
    void phpArray();
    void nameMayStandAtTheEndOfMemory();
    void phpReferencesConstantsAndVariables();
    void propertyOfAPhpObject();
    void perlHash();
    void perlScalarMayLeadToAnother();
};

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
