// SPDX-License-Identifier: GPL-3.0-or-later
#include "tableimage.h"

#include "scanner/rules/walk.h"

#include <QTest>

#include <functional>

using namespace coredact;
using namespace coredact::test;

namespace {

constexpr std::uint64_t serial = 0x1234;
constexpr std::uint64_t local = 0;
constexpr std::uint64_t ofObject = 2;
constexpr std::uint64_t global = 6;
constexpr std::uint64_t constant = 10;
constexpr std::uint64_t ofClass = 12;

std::uint64_t numberOf(std::uint64_t scope) { return serial << 4 | scope | 1; }
std::uint64_t symbolOf(std::uint64_t number) { return number << 8 | 0xc; }

/// Short ones, as Ruby 3.1 has them.
Bytes text(const std::string& of) { return withText(words({5 | of.size() << 14, type}), of); }

void putWord(Bytes& bytes, std::size_t at, std::uint64_t value)
{
    const Bytes word = words({value});
    std::copy(word.begin(), word.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
}

/// Memory of a Ruby process with a symbol and a value. A test may break a part before it is put.
class Ruby {
public:
    using Change = std::function<void(Bytes&)>;

    Ruby(const std::string& name, std::uint64_t scope, std::string part = {}, Change change = {})
        : number(numberOf(scope))
        , symbol(symbolOf(number))
        , m_part(std::move(part))
        , m_change(std::move(change))
    {
        m_image.pad(5000);
        const auto nameAt = put("name", text(name));
        put("symbols", words({5, symbolOf(number - 16), nameAt, symbol, 0, 5, 5, 5}));
        m_image.pad(3000);
        value = put("value", text(secret));
    }

    std::uint64_t put(const std::string& part, Bytes bytes)
    {
        if (m_change && part == m_part)
            m_change(bytes);
        return m_image.put(bytes);
    }

    /// The class of objects whose second value has the name.
    std::uint64_t putClass()
    {
        const auto found = put("class", words({0x42, 0, 0, 0, 0}));
        const auto record = put("record", words({1, 7, found}));
        put("entry", words({hash, number, record}));
        return found;
    }

    bool tells()
    {
        m_image.pad(5000);
        return told(m_image) == Places {m_image.fileOffsetOf(value) + 16};
    }
    bool tellsNothing()
    {
        m_image.pad(5000);
        return m_image.walk(tablesecretsDetector).empty();
    }

    std::uint64_t number;
    std::uint64_t symbol;
    std::uint64_t value = 0;

private:
    MemoryImage m_image;
    std::string m_part;
    Change m_change;
};

Ruby::Change word(std::size_t at, std::uint64_t value)
{
    return [=](Bytes& bytes) { putWord(bytes, at, value); };
}

struct Broken {
    const char* part;
    Ruby::Change change;
};

using Put = std::function<void(Ruby&)>;

void expectNothing(const std::string& name, std::uint64_t scope, const Put& putTo,
                   const std::vector<Broken>& broken)
{
    for (const auto& [part, change] : broken) {
        Ruby ruby(name, scope, part, change);
        putTo(ruby);
        QVERIFY2(ruby.tellsNothing(), part);
    }
}

void putSmallObject(Ruby& ruby)
{
    ruby.put("object", words({0x2001, ruby.putClass(), 3, ruby.value, 0x34}));
}

void putObject(Ruby& ruby)
{
    const auto values = ruby.put("values", words({3, ruby.value, 3, 3}));
    ruby.put("object", words({0x2000001, ruby.putClass(), 4, values, 0x1000}));
}

/// A string with values that has them apart.
void putApart(Ruby& ruby)
{
    const auto object = ruby.put("object", words({0x405, ruby.putClass(), 0, 0, 0}));
    const auto values = ruby.put("values", words({2, 3, ruby.value}));
    ruby.put("table", words({hash, object, values}));
}

void putClassValue(Ruby& ruby) { ruby.put("entry", words({hash, ruby.number, ruby.value})); }

void putConstant(Ruby& ruby)
{
    const auto file = ruby.put("file", text("app.rb"));
    const auto found = ruby.put("constant", words({0x100000000, ruby.value, file}));
    ruby.put("entry", words({serial | std::uint64_t {1} << 32, found}));
}

void putGlobal(Ruby& ruby)
{
    const auto variable = ruby.put("variable", words({1, ruby.value}));
    const auto found = ruby.put("global", words({variable, ruby.number, 0x90}));
    ruby.put("entry", words({serial, found}));
}

/// A class with the symbols of its members, one below it, and a Struct of that.
void putStruct(Ruby& ruby, bool isSmall)
{
    Bytes members;
    if (isSmall) {
        members = words({0x12807, 0, 0x1000c, ruby.symbol, 0});
    } else {
        const auto items = ruby.put("items", words({0x1000c, ruby.symbol, 0x1000c, 0x1000c}));
        members = words({0x807, 0, 4, 4, items});
    }
    const auto array = ruby.put("members", members);
    const auto entries = ruby.put("entries", words({hash, 0x3851, array}));
    const auto table = ruby.put("table", words({0x302, 0, 1, 0, 0, 1, entries}));
    const auto more = ruby.put("more", words({0, table, 0}));
    const auto above = ruby.put("above", words({0x42, 0, 0, more, 0}));
    const auto empty = ruby.put("more", words({0, 0, 0}));
    const auto below = ruby.put("below", words({0x42, 0, above, empty, 0}));
    if (isSmall) {
        ruby.put("struct", words({0x4009, below, 0x1000, ruby.value, 0}));
    } else {
        const auto values = ruby.put("values", words({0x1000, ruby.value, 3, 3}));
        ruby.put("struct", words({0x8009, below, 4, values, 0}));
    }
}
void putSmallStruct(Ruby& ruby) { putStruct(ruby, true); }
void putLargeStruct(Ruby& ruby) { putStruct(ruby, false); }

/// Code with three local names, of which one is known.
std::uint64_t putCode(Ruby& ruby)
{
    const auto names = ruby.put("names", words({0xd591, ruby.number, 0xfffefffcf}));
    Bytes body(256);
    putWord(body, 152, names);
    putWord(body, 240, 3);
    return ruby.put("code", words({0x781a, 0, ruby.put("body", body)}));
}

/// Values, what belongs to the call, and the last word of that.
std::uint64_t putEnd(Ruby& ruby)
{
    return ruby.put("stack", words({0x1000, ruby.value, 8, 0, 0, 0x11})) + 40;
}

void putCall(Ruby& ruby)
{
    const auto code = putCode(ruby);
    ruby.put("call", words({0, 0, code, 8, putEnd(ruby), 0, 0}));
}

void putEnvironment(Ruby& ruby)
{
    const auto code = putCode(ruby);
    ruby.put("environment", words({0x1a, code, putEnd(ruby), 0, 3}));
}

void putPair(Ruby& ruby) { ruby.put("pair", words({0x12007, type, ruby.symbol, ruby.value, 0})); }

} // namespace

/// Secrets of Ruby that variables, constants and members of a Struct have.
class RubyVariablesTest : public QObject {
    Q_OBJECT

private slots:
    void variablesOfObjects();
    void variablesOfClasses();
    void constants();
    void globalVariables();
    void membersOfStructs();
    void variablesOfMethods();
    void pairsInArrays();
    void valueMayBeWrapped();
    void signsDoNotNameASecret();
    void tellsWhereThereIsMoreThanItFollows();
};

void RubyVariablesTest::variablesOfObjects()
{
    const std::string name = "@password";
    for (const auto putTo : {putSmallObject, putObject, putApart}) {
        Ruby ruby(name, ofObject);
        putTo(ruby);
        QVERIFY(ruby.tells());
        expectNothing(name, ofObject, putTo,
                      {{"class", word(0, 0x43)}, // a module
                       {"record", word(0, 4)}, // the number of another value
                       {"record", word(0, 0x1000)},
                       {"entry", word(8, 0x12341)}, // of another name
                       {"symbols", word(8, 0xc)}, // no symbols
                       {"object", word(8, 0x1000)}, // of another class
                       {"value", word(8, 0x1000)}}); // no string
    }
    expectNothing(name, ofObject, putObject, {{"object", word(16, 1)}}); // fewer values
    expectNothing(name, ofObject, putApart,
                  {{"object", word(0, 5)}, {"table", word(8, 0x1000)}, {"values", word(0, 1)}});
}

void RubyVariablesTest::variablesOfClasses()
{
    for (const auto& [name, scope] :
         {std::pair("@password", ofObject), std::pair("@@password", ofClass)}) {
        Ruby ruby(name, scope);
        putClassValue(ruby);
        QVERIFY(ruby.tells());
        expectNothing(name, scope, putClassValue, {{"entry", word(8, 0x12341)}});
    }
}

void RubyVariablesTest::constants()
{
    Ruby ruby("PASSWORD", constant);
    putConstant(ruby);
    QVERIFY(ruby.tells());
    expectNothing("PASSWORD", constant, putConstant,
                  {{"entry", word(0, serial + 1)},
                   {"file", word(0, 7)}, // no string
                   {"constant", word(16, 0x34)}});
    // A method of that name is none.
    expectNothing("PASSWORD", local, putConstant, {{"", {}}});
}

void RubyVariablesTest::globalVariables()
{
    Ruby ruby("$password", global);
    putGlobal(ruby);
    QVERIFY(ruby.tells());
    expectNothing("$password", global, putGlobal,
                  {{"entry", word(0, serial + 1)}, {"global", word(8, 0x12341)}});
}

void RubyVariablesTest::membersOfStructs()
{
    for (const auto putTo : {putSmallStruct, putLargeStruct}) {
        Ruby ruby("password", local);
        putTo(ruby);
        QVERIFY(ruby.tells());
        expectNothing("password", local, putTo,
                      {{"below", word(0, 0x43)}, // no class
                       {"below", word(16, 0x1000)}, // of another one
                       {"above", word(24, 0x1000)},
                       {"table", word(40, 0)}, // no entries
                       {"members", word(0, 0x12805)}, // no array
                       {"struct", word(0, 0x2009)}}); // of one member
    }
    expectNothing("password", local, putLargeStruct, {{"struct", word(16, 1)}});
}

void RubyVariablesTest::variablesOfMethods()
{
    for (const auto putTo : {putCall, putEnvironment}) {
        Ruby ruby("password", local);
        putTo(ruby);
        QVERIFY(ruby.tells());
        expectNothing("password", local, putTo,
                      {{"names", word(0, 0xd590)}, // where they begin is not known
                       {"body", word(240, 1)}, // fewer names
                       {"code", word(0, 0x681a)}, // no code
                       {"stack", word(8, 8)}}); // no value yet
        // Another kind of name.
        expectNothing("@password", ofObject, putTo, {{"", {}}});
    }
}

void RubyVariablesTest::pairsInArrays()
{
    Ruby ruby("password", local);
    putPair(ruby);
    QVERIFY(ruby.tells());
    // Of three items; what is no array.
    expectNothing("password", local, putPair, {{"pair", word(0, 0x1a007)}, {"pair", word(0, 5)}});
}

void RubyVariablesTest::valueMayBeWrapped()
{
    const auto putTo = [](Ruby& ruby) {
        const auto object = ruby.put("wrapper", words({0x2001, 0x1000, 3, ruby.value, 0x34}));
        ruby.put("entry", words({hash, ruby.number, object}));
    };
    Ruby ruby("@password", ofObject);
    putTo(ruby);
    QVERIFY(ruby.tells());
    // It has more than that; it is no object of a class of the program's.
    expectNothing("@password", ofObject, putTo,
                  {{"wrapper", word(0, 1)}, {"wrapper", word(0, 0x2003)}});
}

void RubyVariablesTest::signsDoNotNameASecret()
{
    for (const std::string name : {"@", "@@", "@user", "@password_length"}) {
        Ruby ruby(name, ofObject);
        putSmallObject(ruby);
        QVERIFY2(ruby.tellsNothing(), name.c_str());
    }
}

/// A crafted dump, in which each of many names has the number that stands everywhere.
void RubyVariablesTest::tellsWhereThereIsMoreThanItFollows()
{
    constexpr std::uint64_t names = 1024;
    const std::uint64_t number = numberOf(ofObject);
    for (const std::uint64_t places : {900U, 1100U}) { // as often as names point at the symbol
        MemoryImage image;
        Bytes symbols;
        for (std::uint64_t i = 0; i < names; ++i) {
            const auto name = image.put(text("@password"));
            const Bytes entry = words({symbolOf(number - 16), name, symbolOf(number), 0});
            symbols.insert(symbols.end(), entry.begin(), entry.end());
        }
        image.put(symbols);
        Bytes numbers;
        for (std::uint64_t i = 0; i < places; ++i) {
            const Bytes entry = words({number, 0});
            numbers.insert(numbers.end(), entry.begin(), entry.end());
        }
        image.put(numbers);
        image.pad(5000);
        QCOMPARE(image.leavesOut(tablesecretsDetector), places > names);
    }
}

QTEST_APPLESS_MAIN(RubyVariablesTest)
#include "tst_rubyvariables.moc"
