// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/format.h"
#include "tests/scan/pages.h"

#include <QtTest>

#include <algorithm>

using namespace coredact;
using namespace coredact::test;

namespace {

const std::string secret = std::string("fI4Nk7Kj") + "gP6q3h8Zu2";

std::string number(std::uint64_t value, unsigned bytes)
{
    std::string text;
    for (unsigned i = bytes; i-- > 0;)
        text += static_cast<char>(value >> (8 * i));
    return text;
}

std::string id(std::uint64_t value) { return number(value, 8); }

std::string inUtf16(const std::string& text)
{
    std::string wide;
    for (const char c : text)
        wide += std::string(1, '\0') + c;
    return wide;
}

/// Of a key, in no order.
std::string keyBytes()
{
    std::string key;
    for (unsigned i = 0; i < 32; ++i)
        key += static_cast<char>(i * 73 + i * i * 5 + 147);
    return key;
}

constexpr char objectType = 2;
constexpr char intType = 10;

struct FieldOfClass {
    std::uint64_t name;
    char type = objectType;
};

/// A heap dump as HotSpot writes it, record by record, and what else it may look like.
class HeapDump {
public:
    HeapDump()
    {
        valueName = name("value");
        stringClass = klass(0, {{valueName}, {name("hash"), intType}});
    }

    std::uint64_t name(const std::string& text)
    {
        record(0x01, id(++m_last) + text);
        return m_last;
    }
    /// Another text that claims the id of a name.
    void otherName(std::uint64_t of, const std::string& text) { record(0x01, id(of) + text); }
    /// Its static fields come first, as (name, object).
    std::uint64_t klass(std::uint64_t super, const std::vector<FieldOfClass>& fields,
                        const std::vector<std::pair<std::uint64_t, std::uint64_t>>& statics = {})
    {
        std::string body = "\x20" + id(++m_last) + number(1, 4) + id(super) + id(7) + id(0) + id(0)
            + id(0) + id(0) + number(16, 4);
        // A constant, which no JVM writes but the format has.
        body += number(1, 2) + number(3, 2) + "\x0a" + number(5, 4);
        body += number(statics.size(), 2);
        for (const auto& [fieldName, object] : statics)
            body += id(fieldName) + objectType + id(object);
        body += number(fields.size(), 2);
        for (const FieldOfClass& field : fields)
            body += id(field.name) + field.type;
        part(body);
        return m_last;
    }
    std::uint64_t instance(std::uint64_t type, const std::string& fields)
    {
        part("\x21" + id(++m_last) + number(1, 4) + id(type) + number(fields.size(), 4) + fields);
        return m_last;
    }
    /// `type`: 8 for bytes, 5 for characters.
    std::uint64_t array(const std::string& bytes, char type = 8)
    {
        part("\x23" + id(++m_last) + number(1, 4) + number(bytes.size() / (type == 5 ? 2 : 1), 4)
             + type + bytes);
        return m_last;
    }
    std::uint64_t string(const std::string& text, char type = 8)
    {
        return instance(stringClass,
                        id(array(type == 5 ? inUtf16(text) : text, type)) + number(0, 4));
    }

    void turnRound() { std::reverse(m_records.begin(), m_records.end()); }
    std::string bytes(char idSize = 8) const
    {
        std::string all
            = std::string("JAVA PROFILE 1.0.2\0\0\0\0", 22) + idSize + number(1'700'000'000'000, 8);
        for (const std::string& one : m_records)
            all += one + letters(1, 3);
        return all;
    }

    std::uint64_t valueName;
    std::uint64_t stringClass;

private:
    void record(char tag, const std::string& body)
    {
        m_records.push_back(tag + number(0, 4) + number(body.size(), 4) + body);
    }
    void part(const std::string& body) { record(0x1c, body); }

    std::vector<std::string> m_records;
    std::uint64_t m_last = 0x7fee0000;
};

std::vector<Occurrence> told(const std::string& bytes, const std::string& wanted = secret,
                             ScanOptions options = {})
{
    const auto source = Source::fromBytes(asBytes(bytes));
    const JobControl control;
    const auto dump = readDump(*source, control);
    options.threads = std::max(options.threads, 1U);
    const auto result = scan(*source, *dump, rules(), options, control);
    for (const Finding& finding : result->findings)
        if (!finding.rule.starts_with("table-"))
            qFatal("told by %s", finding.rule.c_str());
    return placesOf(*result, wanted);
}

/// Whether it is told where the text stands.
bool tells(const std::string& bytes, bool wide = false)
{
    const std::string text = wide ? inUtf16(secret) : secret;
    const auto places = told(bytes);
    return std::any_of(places.begin(), places.end(), [&](const Occurrence& place) {
        return isAt(place, bytes.find(text), text.size());
    });
}

} // namespace

/// Secrets in a Java heap dump that the name of a field or the key of a map tells.
class TestJavaHeap : public QObject {
    Q_OBJECT

private slots:
    void valueOfAFieldIsFoundByTheFieldsName_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("found");
        for (const char* name : {"password", "dbPassword", "apiKey", "clientSecret", "passphrase"})
            QTest::newRow(name) << QString::fromLatin1(name) << true;
        for (const char* name : {"user", "passwordField", "getToken_", "value"})
            QTest::newRow(name) << QString::fromLatin1(name) << false;
    }
    void valueOfAFieldIsFoundByTheFieldsName()
    {
        QFETCH(const QString, name);
        QFETCH(const bool, found);
        HeapDump dump;
        const auto type
            = dump.klass(0, {{dump.name("port"), intType}, {dump.name(name.toStdString())}});
        dump.instance(type, number(1, 4) + id(dump.string(secret)));
        QCOMPARE(tells(dump.bytes()), found);
    }

    void entryThatIsCalledKeyMayHoldOne()
    {
        HeapDump dump;
        const auto type = dump.klass(0, {{dump.name("key")}, {dump.valueName}});
        const std::string key = keyBytes();
        dump.instance(type, id(dump.string("key")) + id(dump.array(key)));
        QCOMPARE(told(dump.bytes(), key).size(), std::size_t {1});
    }

    /// As javax.crypto.spec.SecretKeySpec has it; in the entries of maps it is another thing.
    void fieldThatIsCalledKeyMayHoldOne()
    {
        const std::string key = keyBytes();
        for (const bool isEntry : {false, true}) {
            HeapDump dump;
            std::vector<FieldOfClass> fields {{dump.name("key")}};
            if (isEntry)
                fields.push_back({dump.valueName});
            const auto type = dump.klass(0, fields);
            dump.instance(type, id(dump.array(key)) + (isEntry ? id(0) : std::string()));
            QCOMPARE(told(dump.bytes(), key).size(), std::size_t {isEntry ? 0U : 1U});
        }
    }

    void fieldsOfTheClassesAboveCountToo()
    {
        HeapDump dump;
        const auto top = dump.klass(0, {{dump.name("count"), 11}});
        const auto middle
            = dump.klass(top, {{dump.name("next")}, {dump.name("password")}, {dump.name("z"), 4}});
        const auto type = dump.klass(middle, {{dump.name("flag"), 4}, {dump.name("rate"), 7}});
        dump.instance(type,
                      number(1, 1) + number(9, 8) + id(dump.string("other"))
                          + id(dump.string(secret)) + number(0, 1) + number(2, 8));
        QVERIFY(tells(dump.bytes()));
    }

    void staticFieldsCountToo()
    {
        HeapDump dump;
        dump.klass(0, {}, {{dump.name("user"), 0}, {dump.name("PASSWORD"), dump.string(secret)}});
        QVERIFY(tells(dump.bytes()));
    }

    void textMayStandInTheFieldItself_data()
    {
        QTest::addColumn<int>("type");
        QTest::newRow("bytes") << 8;
        QTest::newRow("characters") << 5;
    }
    void textMayStandInTheFieldItself()
    {
        QFETCH(const int, type);
        HeapDump dump;
        const bool wide = type == 5;
        const auto holder = dump.klass(0, {{dump.name("keyPassword")}});
        const auto text = dump.array(wide ? inUtf16(secret) : secret, static_cast<char>(type));
        dump.instance(holder, id(text));
        QVERIFY(tells(dump.bytes(), wide));
    }

    /// As it was before Java 9.
    void stringsMayHaveCharacters()
    {
        HeapDump dump;
        const auto holder = dump.klass(0, {{dump.name("password")}});
        dump.instance(holder, id(dump.string(secret, 5)));
        QVERIFY(tells(dump.bytes(), true));
    }

    void keyOfAnEntryTellsItsValue_data()
    {
        QTest::addColumn<QString>("fields");
        QTest::addColumn<QString>("key");
        QTest::addColumn<bool>("found");
        for (const char* fields : {"key value", "key val", "k0 v0"})
            for (const char* key : {"db.password", "api-key"})
                QTest::addRow("%s %s", fields, key)
                    << QString::fromLatin1(fields) << QString::fromLatin1(key) << true;
        QTest::newRow("no secret")
            << QStringLiteral("key value") << QStringLiteral("db.user") << false;
        QTest::newRow("no entry") << QStringLiteral("key left") << QStringLiteral("password")
                                  << false;
        QTest::newRow("no key") << QStringLiteral("left v0") << QStringLiteral("password") << false;
    }
    void keyOfAnEntryTellsItsValue()
    {
        QFETCH(const QString, fields);
        QFETCH(const QString, key);
        QFETCH(const bool, found);
        HeapDump dump;
        const QStringList names = fields.split(' ');
        const auto type = dump.klass(0,
                                     {{dump.name("hash"), intType},
                                      {dump.name(names.at(0).toStdString())},
                                      {dump.name(names.at(1).toStdString())}});
        const auto holder = dump.klass(0, {{dump.valueName}});
        const auto held = dump.instance(holder, id(dump.string(secret)));
        const auto name = dump.string(key.toStdString());
        dump.instance(type, number(5, 4) + id(name) + id(held));
        QCOMPARE(tells(dump.bytes()), found);
    }

    void recordsMayComeInAnyOrder()
    {
        HeapDump dump;
        const auto type = dump.klass(0, {{dump.name("password")}});
        dump.instance(type, id(dump.string(secret)));
        dump.turnRound();
        QVERIFY(tells(dump.bytes()));
    }

    void objectsThatAreNotAsTheirClassSaysAreNotRead()
    {
        HeapDump longer;
        const auto type = longer.klass(0, {{longer.name("password")}});
        longer.instance(type, id(longer.string(secret)) + number(0, 1));
        QVERIFY(!tells(longer.bytes()));
        HeapDump orphan;
        const auto below = orphan.klass(0x1234, {{orphan.name("password")}});
        orphan.instance(below, id(orphan.string(secret)));
        QVERIFY(!tells(orphan.bytes()));
    }

    void otherFilesAreNotLookedAt()
    {
        HeapDump dump;
        const auto type = dump.klass(0, {{dump.name("password")}});
        dump.instance(type, id(dump.string(secret)));
        QVERIFY(!tells(dump.bytes(4)));
        QVERIFY(!tells("\n" + dump.bytes()));
    }

    void ofTwoThatClaimOneIdTheOrderDoesNotCount()
    {
        HeapDump dump;
        const auto name = dump.name("password");
        dump.otherName(name, "value");
        dump.instance(dump.klass(0, {{name}}), id(dump.string(secret)));
        QVERIFY(tells(dump.bytes()));
        dump.turnRound();
        QVERIFY(tells(dump.bytes()));
    }

    void aCutFileIsReadAsFarAsItGoes()
    {
        HeapDump dump;
        const auto type = dump.klass(0, {{dump.name("password")}});
        dump.instance(type, id(dump.string(secret)));
        const std::string bytes = dump.bytes();
        for (std::size_t size = 0; size < bytes.size(); ++size)
            told(bytes.substr(0, size));
    }

    void givesTheSameForAnyThreadCountAndWindowSize()
    {
        HeapDump dump;
        const auto type = dump.klass(0, {{dump.name("password")}});
        for (unsigned i = 0; i < 40; ++i) {
            dump.array(binary(3001, i));
            dump.instance(type, id(dump.string(secret)));
        }
        const std::string bytes = dump.bytes();
        const auto first = told(bytes);
        QCOMPARE(first.size(), std::size_t {40});
        for (const unsigned threads : {1U, 4U})
            for (const std::size_t window : {std::size_t {30'011}, std::size_t {1U << 20}}) {
                ScanOptions options;
                options.threads = threads;
                options.windowSize = window;
                QVERIFY(told(bytes, secret, options) == first);
            }
    }
};

QTEST_APPLESS_MAIN(TestJavaHeap)
#include "tst_javaheap.moc"
