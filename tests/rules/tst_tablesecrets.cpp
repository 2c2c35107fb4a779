// SPDX-License-Identifier: GPL-3.0-or-later
#include "littlewords.h"
#include "tableimage.h"

#include "scanner/dump/dump.h"
#include "scanner/rules/walk.h"

#include <QTest>

#include <set>

using namespace coredact;
using namespace coredact::test;

namespace {

/// A str of Python 3.11 and earlier; of the state only the lowest byte was set.
Bytes pythonString(const std::string& text)
{
    return withText(words({1, type, text.size(), hash, 0x7f18a409e5, 0}), text);
}

Bytes newPythonString(const std::string& text)
{
    return withText(words({1, type, text.size(), hash, 0x64}), text);
}

/// The keys of a dict since Python 3.11: one entry of several, found by its hash.
Bytes pythonKeys(std::uint64_t name, std::uint64_t value)
{
    constexpr std::size_t places = 32;
    Bytes keys = words({1, 0x10505, 9, 12});
    Bytes numbers(places, 0xff);
    numbers[hash % places] = 11; // taken by another one
    numbers[(hash % places * 5 + (hash >> 5) + 1) % places] = 3;
    keys.insert(keys.end(), numbers.begin(), numbers.end());
    for (std::uint64_t i = 0; i < 12; ++i) {
        const Bytes entry = i == 3 ? words({name, value}) : words({0x1000 + 16 * i, 0x2000});
        keys.insert(keys.end(), entry.begin(), entry.end());
    }
    return keys;
}

/// What is told of a dict with one entry.
std::vector<Match> toldOfEntry(const std::string& key, const std::string& text)
{
    MemoryImage image;
    image.pad(100);
    const auto name = image.put(pythonString(key));
    const auto value = image.put(pythonString(text));
    image.put(pythonKeys(name, value));
    image.pad(100);
    return image.walk(tablesecretsDetector);
}

} // namespace

/// Passwords and other secrets that an entry of a program's table names.
class TableSecretsTest : public QObject {
    Q_OBJECT

private slots:
    void pythonDictWithHashes();
    void pythonDictOfNames();
    void pythonTextWithMoreThanAscii_data();
    void pythonTextWithMoreThanAscii();
    void pythonTupleOfNamesIsNoTable();
    void dictWithoutAFreeSlotEndsTheSearch();
    void nameMayCallForASecret();
    void randomTextIsASecretWhateverItsSigns();
    void uuidIsASecretWhereItWasDrawnAtRandom();
    void nameMayHaveLettersOfAnyAlphabet();
    void wordsMayBeAPassphrase_data();
    void wordsMayBeAPassphrase();
    void bytesThatAValueWritesAreItsSecretToo();
    void lettersOfNoWordAreTold();
    void keysAreBytesThatAreNoText_data();
    void keysAreBytesThatAreNoText();
    void valueMayBeNone_data();
    void valueMayBeNone();
    void nameMayCallForNothing_data();
    void nameMayCallForNothing();
    void onlyLoadedRuntimesAreLookedFor();
    void findsEachOfVeryManyValues();
    void findsTheValueOfEachOfVeryManyNames();
};

void TableSecretsTest::pythonDictWithHashes()
{
    const auto entry = [](std::uint64_t name, std::uint64_t value) {
        return words({7, 8, 9, hash, name, value, 0, 0, 0, 0});
    };
    QCOMPARE(toldOf(pythonString("db_password"), pythonString(secret), entry), Places {48});
    QCOMPARE(toldOf(newPythonString("PASSWORD"), newPythonString(secret), entry), Places {40});
}

void TableSecretsTest::pythonDictOfNames()
{
    QCOMPARE(toldOf(pythonString("password"), pythonString(secret), pythonKeys), Places {48});
    // Only a str is a value, and a name that the keys do not have is none of theirs.
    QCOMPARE(toldOf(pythonString("password"), phpString(secret), pythonKeys), Places {});
    const auto other = [](std::uint64_t name, std::uint64_t value) {
        Bytes keys = pythonKeys(name, value);
        std::replace(keys.begin() + 32, keys.begin() + 64, 3, 4);
        return keys;
    };
    QCOMPARE(toldOf(pythonString("password"), pythonString(secret), other), Places {});
}

void TableSecretsTest::pythonTextWithMoreThanAscii_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<QString>("text");
    QTest::newRow("Latin-1") << 1 << QString::fromUtf8("gr\xc3\xbcn7KxQ4zT");
    QTest::newRow("two bytes") << 2
                               << QString::fromUtf8("w\xc5\x82"
                                                    "a7KxQ4zT");
    QTest::newRow("four bytes") << 4
                                << QString::fromUtf8("w\xc5\x82"
                                                     "a7KxQ4\xf0\x9f\x98\x80");
}

void TableSecretsTest::pythonTextWithMoreThanAscii()
{
    QFETCH(int, width);
    QFETCH(QString, text);
    const auto codes = text.toUcs4();
    for (const bool isOld : {true, false}) {
        const std::uint64_t state = 0x20 | static_cast<std::uint64_t>(width) << 2;
        Bytes value = words({1, type, static_cast<std::uint64_t>(codes.size()), hash, state, 0, 0});
        if (isOld)
            value.insert(value.end(), 16, 0);
        const std::size_t head = value.size();
        for (const auto code : codes)
            for (int i = 0; i < width; ++i)
                value.push_back(static_cast<std::uint8_t>(code >> 8 * i));
        value.resize(value.size() + 8);
        MemoryImage image;
        const auto name
            = image.put(isOld ? pythonString("db_password") : newPythonString("db_password"));
        const auto at = image.put(value);
        image.put(words({7, 8, 9, hash, name, at, 0, 0, 0, 0}));
        image.pad(5000);
        const auto matches = image.walk(tablesecretsDetector);
        QCOMPARE(matches.size(), std::size_t {1});
        QCOMPARE(matches[0].places[0].first(), image.fileOffsetOf(at) + head);
        QCOMPARE(matches[0].places[0].size(), static_cast<std::uint64_t>(codes.size() * width));
        const QByteArray wanted = width == 1 ? text.toLatin1() : text.toUtf8();
        QVERIFY(matches[0].value == SecretBytes(wanted.begin(), wanted.end()));
    }
}

void TableSecretsTest::pythonTupleOfNamesIsNoTable()
{
    QCOMPARE(toldOf(pythonString("password"), pythonString(secret), nextToEachOther), Places {});
}

void TableSecretsTest::dictWithoutAFreeSlotEndsTheSearch()
{
    const auto full = [](std::uint64_t name, std::uint64_t value) {
        Bytes keys = pythonKeys(name, value);
        std::fill(keys.begin() + 32, keys.begin() + 64, 7);
        return keys;
    };
    QCOMPARE(toldOf(pythonString("password"), pythonString(secret), full), Places {});
}

void TableSecretsTest::nameMayCallForASecret()
{
    for (const char* name : {"remotepass", "dbPass", "pw", "SECRET_KEY", "api-key", "accessToken",
                             "client_secret", "app.key", "senha", "secret_key_base"})
        QCOMPARE(toldOf(pythonString(name), pythonString(secret), pythonKeys), Places {48});
    const auto shorter
        = [](std::uint64_t at, std::uint64_t value) { return pythonKeys(at, value); };
    QCOMPARE(toldOf(pythonString("token"), pythonString(secret.substr(0, 9)), shorter), Places {});
}

/// Some have the signs of programs among them, as the keys of Django, or letters of one case.
void TableSecretsTest::randomTextIsASecretWhateverItsSigns()
{
    for (const std::string& value :
         {std::string("sqv!zq3+d^)*1u05l7v4!y_$2") + "u6i2pyxam^6f9r_(=el#p_-)7",
          std::string("yx4o#=mf{*hwa!^h^a#tm(n4%b") + "sf9_5pn<&lb[k#r_(^1n0n$",
          std::string("qzv(xk7d#w") + "9)jt.m3[fh",
          std::string("P3APWCBTUBZ7UGUI") + "HQW7BXO3UENIRITM"})
        QCOMPARE(toldOfEntry("SECRET_KEY", value).size(), 1U);
    for (const char* value :
         {"self._config(password)[0]", "settings.SECRET_KEY_OF(app)", "get_random_key(length=50)",
          "[a-z](0-9)*(en|de|fr)+(us|gb)?", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"})
        QCOMPARE(toldOfEntry("SECRET_KEY", value).size(), 0U);
}

void TableSecretsTest::uuidIsASecretWhereItWasDrawnAtRandom()
{
    const std::string begin = "3f2504e0-4f89-";
    QCOMPARE(toldOfEntry("client_secret", begin + "41d3-9a0c-0305e82c3301").size(), 1U);
    for (const char* rest : {"11d3-9a0c-0305e82c3301", "71d3-9a0c-0305e82c3301",
                             "41d3-1a0c-0305e82c3301", "41d3-ca0c-0305e82c3301"})
        QCOMPARE(toldOfEntry("client_secret", begin + rest).size(), 0U);
}

void TableSecretsTest::nameMayHaveLettersOfAnyAlphabet()
{
    const auto entry = [](std::uint64_t name, std::uint64_t value) {
        return words({3, value, 0x106, hash, name, 0, 0, 0, 0});
    };
    for (const char* name : {"пароль", "db_Пароль", "密码", "パスワード", "hasło", "contraseña"})
        QCOMPARE(toldOf(phpString(name), phpString(secret, 0), entry), Places {24});
    QCOMPARE(toldOf(phpString("парольный"), phpString(secret, 0), entry), Places {});
}

void TableSecretsTest::wordsMayBeAPassphrase_data()
{
    QTest::addColumn<QString>("value");
    QTest::addColumn<bool>("isTold");
    for (const char* value :
         {"walrus ribbon orchid", "gas-tin-mop", "Gas Tin Mop", "walrus ribbon"})
        QTest::newRow(value) << QString(value) << true;
    for (const char* value :
         {"walrus", "gas-tin", "walrus  ribbon", "walrus ribbon-orchid", "Walrus ribbon orchid",
          "walrus for ribbons", "walrus of ribbon", "walrus ribbon walrus", "walrus ribbon!",
          "walrus input ribbon", "walrus unreasonably ribbon extraordinarily"})
        QTest::newRow(value) << QString(value) << false;
}

void TableSecretsTest::wordsMayBeAPassphrase()
{
    QFETCH(QString, value);
    const auto matches = toldOfEntry("db_password", value.toStdString());
    QTEST(matches.size() == 1, "isTold");
    for (const Match& match : matches)
        QCOMPARE(match.confidence, Confidence::Possible);
}

/// What a generator made of letters is no word.
void TableSecretsTest::lettersOfNoWordAreTold()
{
    for (const char* halves : {"ftNzF nZkDx", "TMRe DfPf", "xkqj zvbn"}) {
        const QByteArray value = QByteArray(halves).replace(' ', "");
        QVERIFY2(toldOfEntry("password", value.toStdString()).size() == 1, halves);
    }
    for (const char* value : {"XMLHttpRequest", "SubjectOfTheName", "BCryptEncoder", "ftNzFnZ"})
        QVERIFY2(toldOfEntry("password", value).empty(), value);
}

void TableSecretsTest::bytesThatAValueWritesAreItsSecretToo()
{
    const QByteArray key("\x93\x0a\xf1\x5c\x77\x21\x0e\xd8\x42\xb6\x6f\x19\xc3\x80\x5d\x2a");
    for (const char* prefix : {"", "base64:"}) {
        const std::string written = prefix + key.toBase64().toStdString();
        const auto matches = toldOfEntry("app_key", written);
        QCOMPARE(matches.size(), std::size_t {1});
        QCOMPARE(matches.front().derived.size(), std::size_t {1});
        QCOMPARE(toHex(matches.front().derived.front().bytes), key.toHex().toStdString());
    }
}

void TableSecretsTest::keysAreBytesThatAreNoText_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<bool>("isTold");
    const auto made = randomBytes(64, 61);
    const auto random = QByteArray::fromStdString({made.begin(), made.end()});
    const QByteArray key = random.first(32);
    for (const char* name : {"_key", "key", "macKey", "encryption_key", "token", "db_password"})
        QTest::newRow(name) << name << key << true;
    for (const char* name : {"monkey", "public_key", "sort_key", "publicKey", "getKey", "is_key"})
        QTest::newRow(name) << name << key << false;
    QTest::newRow("16 bytes") << "_key" << key.first(16) << true;
    QTest::newRow("too short") << "_key" << key.first(15) << false;
    QTest::newRow("too long") << "_key" << key.repeated(5) << false;
    QTest::newRow("a point") << "_key"
                             << "\x04" + random << false;
    QTest::newRow("numbers") << "_key" << key.first(4).repeated(8) << false;
    QTest::newRow("text") << "_key" << QByteArray(secret.data()) << false;
    QTest::newRow("few other bytes") << "_key" << QByteArray("Zq8\x01RkP2vWm9Lx4T\x9b") << false;
}

void TableSecretsTest::keysAreBytesThatAreNoText()
{
    QFETCH(const QString, name);
    QFETCH(const QByteArray, value);
    QFETCH(const bool, isTold);
    const auto matches = toldOfEntry(name.toStdString(), value.toStdString());
    QCOMPARE(matches.size(), std::size_t {isTold ? 1U : 0U});
    if (!isTold)
        return;
    QCOMPARE(matches[0].rule->id, std::string("table-key"));
    QVERIFY(matches[0].form == ValueForm::Binary);
    QVERIFY(std::ranges::equal(matches[0].value, asBytes(value.toStdString())));
}

void TableSecretsTest::valueMayBeNone_data()
{
    QTest::addColumn<QString>("value");
    for (const char* value :
         {"${DB_PASSWORD}", "%(password)s", "getpass()", "self.password", "Enter a password",
          "[^@]*", "(?P<pw>.*)", "([0123456789]+)", "abcdefghijklmnop1", "/run/secrets/db",
          "Wachtwoord", "parole", "define", "abc1", "********", "\"db_password\":"})
        QTest::newRow(value) << QString(value);
}

void TableSecretsTest::valueMayBeNone()
{
    QFETCH(QString, value);
    QVERIFY(toldOfEntry("db_password", value.toStdString()).empty());
}

void TableSecretsTest::nameMayCallForNothing_data()
{
    QTest::addColumn<QString>("name");
    for (const char* name : {"compass", "bypass", "user", "key", "keyboard", "passwords",
                             "get_password", "_read_passwd", "password_file", "sort_key"})
        QTest::newRow(name) << QString(name);
}

void TableSecretsTest::nameMayCallForNothing()
{
    QFETCH(QString, name);
    QCOMPARE(toldOf(pythonString(name.toStdString()), pythonString(secret), pythonKeys), Places {});
}

void TableSecretsTest::onlyLoadedRuntimesAreLookedFor()
{
    for (const char* module : {"/usr/lib/libc.so.6", "/usr/bin/python3.11"}) {
        MemoryImage image;
        image.begin(MemoryImage::base, module);
        image.pad(5000);
        const auto name = image.put(pythonString("password"));
        image.put(pythonKeys(name, image.put(pythonString(secret))));
        image.pad(5000);
        QCOMPARE(told(image).empty(), std::string_view(module).find("python") == std::string::npos);
    }
    Dump dump;
    QVERIFY(tablesecretsDetector.newWalk(dump));
    dump.wordSize = 4;
    QVERIFY(!tablesecretsDetector.newWalk(dump));
}

/// A program that holds the accounts of all its users.
void TableSecretsTest::findsEachOfVeryManyValues()
{
    constexpr std::size_t count = 40'000;
    MemoryImage image;
    image.pad(5000);
    const auto name = image.put(newPythonString("password"));
    Bytes memory;
    for (std::size_t i = 0; i < count; ++i) {
        const auto value = newPythonString("Zk7" + std::to_string(100'000 + i) + "qWx");
        const std::uint64_t address = name + 4096 + memory.size();
        memory.insert(memory.end(), value.begin(), value.end());
        memory.resize((memory.size() + 7) / 8 * 8);
        addWords(memory, {hash, name, address});
        memory.resize((memory.size() + 15) / 16 * 16);
    }
    while (image.size() < name + 4096 - MemoryImage::base)
        image.bytes().push_back(0xa7);
    image.bytes().insert(image.bytes().end(), memory.begin(), memory.end());
    image.pad(5000);
    std::set<SecretBytes> values;
    for (Match& match : image.walk(tablesecretsDetector))
        values.insert(std::move(match.value));
    QCOMPARE(values.size(), count);
    QVERIFY(!image.leavesOut(tablesecretsDetector));
}

/// A program that has read many texts of JSON, each of which has its own names.
void TableSecretsTest::findsTheValueOfEachOfVeryManyNames()
{
    constexpr std::size_t count = 5000;
    MemoryImage image;
    image.pad(5000);
    for (std::size_t i = 0; i < count; ++i) {
        const auto name = image.put(newPythonString("password"));
        const auto value = image.put(newPythonString("Zk7" + std::to_string(100'000 + i) + "qWx"));
        image.put(littleWords({hash, name, value}));
    }
    image.pad(5000);
    std::set<SecretBytes> values;
    for (Match& match : image.walk(tablesecretsDetector))
        values.insert(std::move(match.value));
    QCOMPARE(values.size(), count);
    QVERIFY(!image.leavesOut(tablesecretsDetector));
}

QTEST_APPLESS_MAIN(TableSecretsTest)
#include "tst_tablesecrets.moc"
