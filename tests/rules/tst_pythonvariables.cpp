// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/rules/pythonimage.h"

#include "scanner/rules/walk.h"

#include <QTest>

using namespace coredact;
using namespace coredact::test;

namespace {

Python::Change word(std::size_t at, std::uint64_t value)
{
    return [=](Bytes& bytes) { setWord(bytes, at, value); };
}
Python::Change half(std::size_t at, std::uint32_t value)
{
    return [=](Bytes& bytes) { setWord(bytes, at, value, 4); };
}

void putCallOf(Python& python, bool is311)
{
    const auto code = python.putCode(is311, 1);
    python.putCall(is311, code, python.putFunction(code, 48), 1);
}

void putDefaults(Python& python, bool is311)
{
    const auto code = python.putCode(is311, 1);
    python.putFunction(code, 48, python.putTuple("defaults", {python.value}));
}

void putClosure(Python& python, bool is311)
{
    const auto code = python.putCode(is311, 2);
    python.putFunction(code, 48, 0, python.putTuple("closure", {python.putCell(python.value)}));
}

/// The class of named tuples, one of these, or one of a class below.
void putNamedTuple(Python& python, bool below)
{
    const auto item = python.put("item", words({1, python.putType(32, 0, 0), 1, 0}));
    const auto keys = python.putKeys(python.name, item);
    const auto dict = python.put("dict", words({1, 0x5000, 1, 7, keys, 0}));
    auto type = python.putType(24, 8, isTuple | madeAtRunTime, 0, dict);
    if (below)
        type = python.putType(24, 8, isTuple | madeAtRunTime, type);
    python.putTuple("tuple", {python.name, python.value}, type);
}

/// A dict of 512 slots with one more name in the place of the one that is looked for.
void putBigDict(Python& python)
{
    constexpr std::size_t places = 512;
    constexpr std::size_t room = 341;
    Bytes bytes = words({1, 0x10a09, room - 300, 300});
    Bytes numbers(2 * places, 0xff);
    numbers[2 * (hash % places)] = 7; // taken by another one
    numbers[2 * (hash % places) + 1] = 0;
    const std::size_t next = (hash % places * 5 + (hash >> 5) + 1) % places;
    numbers[2 * next] = 290 % 256;
    numbers[2 * next + 1] = 290 / 256;
    bytes.insert(bytes.end(), numbers.begin(), numbers.end());
    for (std::uint64_t i = 0; i < room; ++i) {
        const Bytes entry
            = i == 290 ? words({python.name, python.value}) : words({0x1000 + 16 * i, 0x2000});
        bytes.insert(bytes.end(), entry.begin(), entry.end());
    }
    python.put("keys", bytes);
}

void putPair(Python& python)
{
    const auto pair = python.putTuple("pair", {python.name, python.value});
    python.put("list", words({pair}));
}

void putVariable(Python& python, bool inContext)
{
    const auto type = python.putType(64, 0, 0);
    const auto variable = python.put(
        "variable", words({1, type, python.name, inContext ? 0 : python.value, 0, 3, 40, hash}));
    python.put("context", words({variable, inContext ? python.value : 0}));
}

struct Broken {
    const char* part;
    Python::Change change;
};

} // namespace

/// Secrets of Python whose names stand in tuples: variables, closures, defaults, named tuples.
class PythonVariablesTest : public QObject {
    Q_OBJECT

private slots:
    void callsHaveValuesOfTheirVariables();
    void callsOfEarlierVersions();
    void functionsHaveDefaultsAndClosures();
    void functionsOfEarlierVersions();
    void itemsOfNamedTuples();
    void namesAndValuesInPairs();
    void variablesOfContexts();
    void namesInLargeDicts();
    void namesMayBeBytes();
    void valueMayBeHeldByAnObject();
    void valueMayBeOfAClassBelowStr();
    void valueMayBeAView();
    void valueMayBeABuffer();
};

void PythonVariablesTest::callsHaveValuesOfTheirVariables()
{
    for (const bool is311 : {true, false}) {
        Python python;
        putCallOf(python, is311);
        QVERIFY(python.tells());
        const std::size_t names = is311 ? 76 : 72;
        const Broken broken[] {
            {"type", word(32, 32)}, // no tuple
            {"type", word(40, 1)},          {"type", word(168, 0)},
            {"names", word(16, 4)}, // another number of names
            {"names", word(16, 1)}, // fewer than stand there
            {"names", word(24, 5)}, // what comes before is no pointer
            {"kinds", word(16, 4)},         {"code", half(names, 4)},
            {"function", word(48, 0x1000)}, // of other code
            {"call", word(80, 0)}, // not set
            {"call", word(80, 0x900004)},
        };
        for (const auto& [part, change] : broken) {
            Python other(part, change);
            putCallOf(other, is311);
            QVERIFY2(other.tellsNothing(), part);
        }
    }
}

void PythonVariablesTest::callsOfEarlierVersions()
{
    // What is before the values up to 3.9, and in 3.10.
    for (const std::size_t head : {360u, 352u})
        for (const std::size_t number : {0u, 1u, 2u, 3u}) {
            Python python;
            python.putOldCall(python.putOldCode(number), number, head);
            QVERIFY(python.tells());
        }
    const Broken broken[] {
        {"code", half(28, 3)}, // another number of names
        {"code", word(80, 0x1000)}, // no tuple
        {"end", word(64, 0x7000)}, // where the values end
    };
    for (const auto& [part, change] : broken) {
        Python python(part, change);
        python.putOldCall(python.putOldCode(1), 1, 352);
        QVERIFY2(python.tellsNothing(), part);
    }
}

void PythonVariablesTest::functionsHaveDefaultsAndClosures()
{
    for (const bool is311 : {true, false})
        for (const auto putTo : {putDefaults, putClosure}) {
            Python python;
            putTo(python, is311);
            QVERIFY(python.tells());
        }
    Python more("defaults", word(16, 3)); // than there are arguments
    putDefaults(more, false);
    QVERIFY(more.tellsNothing());
    Python others("closure", word(16, 2)); // of more variables
    putClosure(others, false);
    QVERIFY(others.tellsNothing());
    // A name that is no argument's has no default.
    Python local;
    local.putFunction(local.putCode(false, 2), 48, local.putTuple("defaults", {local.value}));
    QVERIFY(local.tellsNothing());
}

void PythonVariablesTest::functionsOfEarlierVersions()
{
    for (const std::size_t codeAt : {16u, 48u}) {
        Python defaults;
        defaults.putFunction(defaults.putOldCode(0), codeAt,
                             defaults.putTuple("defaults", {defaults.value}));
        QVERIFY(defaults.tells());
        Python closure;
        closure.putFunction(closure.putOldCode(3), codeAt, 0,
                            closure.putTuple("closure", {closure.putCell(closure.value)}));
        QVERIFY(closure.tells());
    }
}

void PythonVariablesTest::itemsOfNamedTuples()
{
    for (const bool below : {false, true}) {
        Python python;
        putNamedTuple(python, below);
        QVERIFY(python.tells());
        const Broken broken[] {
            {"type", word(168, isTuple)}, // a class that no program made
            {"type", word(168, madeAtRunTime)}, // not of tuples
            {"type", word(264, 0x1000)}, // of another dict
            {"item", word(16, 2)}, // beyond the tuple
            {"keys", word(8, 0x10404)}, // of other keys
            {"dict", word(40, 0x1000)}, // values stand apart
            {"tuple", word(16, 1)},
        };
        for (const auto& [part, change] : broken) {
            Python other(part, change);
            putNamedTuple(other, below);
            QVERIFY2(other.tellsNothing(), part);
        }
    }
}

void PythonVariablesTest::namesAndValuesInPairs()
{
    Python python;
    putPair(python);
    QVERIFY(python.tells());
    // A name of the program's code; more than two items; no tuple.
    const Broken broken[] {
        {"value", word(32, 0x65)}, {"pair", word(16, 3)}, {"type", word(168, 0)}};
    for (const auto& [part, change] : broken) {
        Python other(part, change);
        putPair(other);
        QVERIFY2(other.tellsNothing(), part);
    }
}

void PythonVariablesTest::variablesOfContexts()
{
    for (const bool inContext : {false, true}) {
        Python python;
        putVariable(python, inContext);
        QVERIFY(python.tells());
        Python other("type", word(32, 56));
        putVariable(other, inContext);
        QVERIFY(other.tellsNothing());
    }
}

void PythonVariablesTest::namesInLargeDicts()
{
    Python python;
    putBigDict(python);
    QVERIFY(python.tells());
    const Broken broken[] {
        {"keys", word(8, 0x20a09)}, // keys that are shared
        {"keys", word(8, 0x10b09)}, // other numbers
        {"keys", word(16, 40)}, // another number of free entries
        {"keys", word(24, 301)},
        {"keys", [](Bytes& keys) { keys[32 + 2 * (hash % 512)] = 0xff; }}, // still taken
    };
    for (const auto& [part, change] : broken) {
        Python other(part, change);
        putBigDict(other);
        QCOMPARE(other.tells(), &part == &broken[4].part);
    }
    Python empty("keys", [](Bytes& keys) { // no name has that hash
        keys[32 + 2 * (hash % 512)] = keys[33 + 2 * (hash % 512)] = 0xff;
    });
    putBigDict(empty);
    QVERIFY(empty.tellsNothing());
    Python fewer("keys", [](Bytes& keys) { // the name is not among those in use
        setWord(keys, 16, 51);
        setWord(keys, 24, 290);
    });
    putBigDict(fewer);
    QVERIFY(fewer.tellsNothing());
}

void PythonVariablesTest::namesMayBeBytes()
{
    const auto tells = [](std::uint64_t nameHash, std::uint64_t entryHash) {
        Python python;
        const auto bytes = python.putType(33, 1, 1 << 27);
        const auto name = python.put("", withText(words({1, bytes, 8, nameHash}), "password"));
        python.value = python.put("", withText(words({1, bytes, secret.size(), hash + 1}), secret));
        python.put("", words({7, 8, 9, 7, entryHash, name, python.value, 0, 0, 0, 0}));
        return python.tells(32);
    };
    QVERIFY(tells(hash, hash));
    QVERIFY(!tells(hash, hash + 1)); // of another name
    QVERIFY(!tells(~std::uint64_t {0}, ~std::uint64_t {0})); // not known, so no key
}

void PythonVariablesTest::valueMayBeHeldByAnObject()
{
    // Size and flags of the class, whether the object has values of any name.
    const auto tells = [](std::uint64_t size, std::uint64_t flags) {
        Python python;
        const auto type = python.putType(size, 0, flags);
        const auto object = python.put("", words({1, type, 0x1000, python.value, 0x1000, 0}));
        python.putKeys(python.name, object);
        return python.tells();
    };
    QVERIFY(tells(32, madeAtRunTime));
    QVERIFY(tells(40, madeAtRunTime));
    QVERIFY(!tells(48, madeAtRunTime)); // it has more than that
    QVERIFY(!tells(32, 0)); // of no class of the program
}

void PythonVariablesTest::valueMayBeOfAClassBelowStr()
{
    for (const std::uint64_t flags : {std::uint64_t {1} << 28, std::uint64_t {0}}) {
        Python python;
        const auto type = python.putType(64, 0, flags);
        const auto value = python.put("", withText({}, secret));
        const auto object
            = python.put("", words({1, type, secret.size(), hash, 0x44, 0, 0, value}));
        python.putKeys(python.name, object);
        python.value = value;
        QCOMPARE(python.tells(0), flags != 0);
    }
}

void PythonVariablesTest::valueMayBeAView()
{
    for (const std::uint64_t item : {8u, 0u}) {
        Python python;
        const auto type = python.putType(144, item, 0);
        const auto value = python.put("", withText({}, secret));
        const auto object
            = python.put("", words({1, type, 3, 0, 0, 0, 0, value, 0, secret.size(), 1, 1}));
        python.putKeys(python.name, object);
        python.value = value;
        QCOMPARE(python.tells(0), item != 0);
    }
}

void PythonVariablesTest::valueMayBeABuffer()
{
    // Its size, that of one item as all that it has.
    for (const std::uint64_t items : {64u, 8u}) {
        Python python;
        const auto type = python.putType(104, 0, 0);
        Bytes buffer = withText({}, secret);
        buffer.resize(64);
        const auto value = python.put("", buffer);
        const auto object = python.put("", words({1, type, value, 1, 0, 64, items, 0, 0, 0, 0, 0}));
        python.putKeys(python.name, object);
        python.value = value;
        QCOMPARE(python.tells(0), items == 64);
    }
}

QTEST_APPLESS_MAIN(PythonVariablesTest)
#include "tst_pythonvariables.moc"
