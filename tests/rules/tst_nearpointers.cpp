// SPDX-License-Identifier: GPL-3.0-or-later
#include "littlewords.h"
#include "memoryimage.h"

#include "scanner/dump/dump.h"

#include <QTest>

#include <algorithm>

namespace coredact {
extern const Detector nearpointersDetector;
}

using namespace coredact;

namespace {

using Bytes = std::vector<std::uint8_t>;

// Of hexadecimal digits: no other detector takes such a text for a secret.
const std::string secret = std::string("4fefc7b9d729bfc5") + "22b5a33a66e4016e";
const std::string tokenName = "api_token";

/// A text behind a header, and a NUL behind it.
Bytes stringOf(const std::string& text, Bytes header = {}, unsigned width = 1)
{
    for (const char c : text + '\0')
        for (unsigned i = 0; i < width; ++i)
            header.push_back(i == 0 ? static_cast<std::uint8_t>(c) : 0);
    return header;
}

/// Puts what begins behind a NUL; its address.
std::uint64_t putBehindNul(MemoryImage& image, const Bytes& bytes)
{
    const std::uint64_t address = image.put(bytes);
    image.bytes()[image.size() - bytes.size() - 1] = 0;
    return address;
}

/// A memory that holds the strings given, and an entry that `layout` makes of their addresses.
template <typename Layout>
MemoryImage imageOf(const Bytes& name, const Bytes& value, Layout layout,
                    MemoryImage image = MemoryImage())
{
    image.pad(5000);
    const auto nameAt = putBehindNul(image, name);
    image.pad(3000);
    const auto valueAt = putBehindNul(image, value);
    image.put(layout(nameAt, valueAt));
    image.pad(5000);
    return image;
}

Bytes sideBySide(std::uint64_t name, std::uint64_t value)
{
    return littleWords({0, name, value, 0});
}

bool isToldBy(const MemoryImage& image, const std::string& value = secret)
{
    const auto matches = image.walk(nearpointersDetector);
    return !matches.empty() && std::all_of(matches.begin(), matches.end(), [&](const Match& match) {
        return match.value == SecretBytes(value.begin(), value.end());
    });
}

bool tellsNothing(const MemoryImage& image) { return image.walk(nearpointersDetector).empty(); }

} // namespace

/// Secrets whose pointers stand near those to their names, whatever the language.
class NearPointersTest : public QObject {
    Q_OBJECT

private slots:
    void entryOfTwoTexts();
    void placesAreThoseOfTheText();
    void entryIsAFewWordsWide_data();
    void entryIsAFewWordsWide();
    void stringsHaveHeaders_data();
    void stringsHaveHeaders();
    void stringWithoutNulHasItsLength();
    void pointersHaveTags_data();
    void pointersHaveTags();
    void objectsStandBetween();
    void valueMustBeLikeNoOther_data();
    void valueMustBeLikeNoOther();
    void valueMustBeginWhereItIsPointedAt();
    void otherNamesTellNothing_data();
    void otherNamesTellNothing();
    void constantsAreNoSecrets();
    void entryMayEndTheMemory();
    void textMayNotEndWithTheMemory();
    void namesMayEndTheAddresses();
    void programsOf32Bits();
    void otherByteOrderHasNoWalk();
};

void NearPointersTest::entryOfTwoTexts()
{
    QVERIFY(isToldBy(imageOf(stringOf(tokenName), stringOf(secret), sideBySide)));
}

void NearPointersTest::placesAreThoseOfTheText()
{
    std::uint64_t valueAt = 0;
    const Bytes header = littleWords({1, secret.size()});
    const MemoryImage image
        = imageOf(stringOf(tokenName), stringOf(secret, header), [&](auto name, auto value) {
              valueAt = value;
              return sideBySide(name, value);
          });
    const auto matches = image.walk(nearpointersDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QCOMPARE(matches.front().places.size(), std::size_t {1});
    QCOMPARE(matches.front().places.front().first(), image.fileOffsetOf(valueAt + header.size()));
    QCOMPARE(matches.front().places.front().size(), std::uint64_t {secret.size()});
    QCOMPARE(matches.front().identity->value, tokenName);
    QVERIFY(matches.front().confidence == Confidence::Possible);
}

void NearPointersTest::entryIsAFewWordsWide_data()
{
    QTest::addColumn<int>("distance");
    QTest::addColumn<bool>("told");
    for (const int distance : {-4, -1, 1, 4})
        QTest::addRow("%d words", distance) << distance << true;
    for (const int distance : {-5, 5})
        QTest::addRow("%d words", distance) << distance << false;
}

void NearPointersTest::entryIsAFewWordsWide()
{
    QFETCH(const int, distance);
    QFETCH(const bool, told);
    const auto entry = [&](std::uint64_t name, std::uint64_t value) {
        Bytes bytes(12 * 8, 0);
        const auto put = [&](int word, std::uint64_t number) {
            for (int i = 0; i < 8; ++i)
                bytes[static_cast<std::size_t>(8 * word + i)]
                    = static_cast<std::uint8_t>(number >> (8 * i));
        };
        put(6, name);
        put(6 + distance, value);
        return bytes;
    };
    const MemoryImage image = imageOf(stringOf(tokenName), stringOf(secret), entry);
    QVERIFY(told ? isToldBy(image) : tellsNothing(image));
}

void NearPointersTest::stringsHaveHeaders_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<int>("width");
    QTest::addColumn<bool>("told");
    const auto row = [](const char* what, const Bytes& header, int width, bool told) {
        QTest::newRow(what) << QByteArray(reinterpret_cast<const char*>(header.data()),
                                          static_cast<int>(header.size()))
                            << width << told;
    };
    row("none", {}, 1, true);
    row("a capacity", littleWords({40}), 1, true);
    Bytes halves;
    addWords(halves, {1, 45, 32}, 4);
    row("three half words", halves, 1, true);
    row("six words", littleWords({9, 0, 0, 0, secret.size(), 0}), 1, true);
    Bytes managed = littleWords({MemoryImage::base});
    addWords(managed, {secret.size()}, 4);
    row("UTF-16 behind a half word", managed, 2, true);
    row("nothing that is its length", littleWords({7, 5}), 1, false);
}

void NearPointersTest::stringsHaveHeaders()
{
    QFETCH(const QByteArray, header);
    QFETCH(const int, width);
    QFETCH(const bool, told);
    const Bytes before(header.begin(), header.end());
    const auto characters = static_cast<unsigned>(width);
    const MemoryImage image = imageOf(stringOf(tokenName, before, characters),
                                      stringOf(secret, before, characters), sideBySide);
    QVERIFY(told ? isToldBy(image) : tellsNothing(image));
}

void NearPointersTest::stringWithoutNulHasItsLength()
{
    const auto value = [](std::uint64_t length) {
        Bytes bytes = stringOf(secret, littleWords({length}));
        bytes.back() = 0x18; // the next string's length
        bytes.resize(bytes.size() + 7, 0);
        return bytes;
    };
    QVERIFY(isToldBy(imageOf(stringOf(tokenName), value(secret.size()), sideBySide)));
    QVERIFY(tellsNothing(imageOf(stringOf(tokenName), value(secret.size() + 8), sideBySide)));
}

void NearPointersTest::pointersHaveTags_data()
{
    QTest::addColumn<quint64>("tag");
    QTest::addColumn<bool>("told");
    QTest::newRow("in the lowest bits") << quint64 {5} << true;
    QTest::newRow("LuaJIT's, in the highest") << (~quint64 {4} << 47) << true;
    QTest::newRow("a number") << (quint64 {0x1234} << 47) << false;
}

void NearPointersTest::pointersHaveTags()
{
    QFETCH(const quint64, tag);
    QFETCH(const bool, told);
    const Bytes header = littleWords({1, secret.size()});
    const auto entry = [&](std::uint64_t name, std::uint64_t value) {
        return sideBySide(name | tag, value | tag);
    };
    const MemoryImage image = imageOf(stringOf(tokenName, header), stringOf(secret, header), entry);
    QVERIFY(told ? isToldBy(image) : tellsNothing(image));
}

/// The name is a symbol's, the value an object that has a pointer to its text.
void NearPointersTest::objectsStandBetween()
{
    MemoryImage image;
    image.pad(5000);
    const auto name = putBehindNul(image, stringOf(tokenName));
    const auto value = putBehindNul(image, stringOf(secret));
    const auto symbol = image.put(littleWords({0x51, 0, name, 0x52}));
    const auto object = image.put(littleWords({2, 0, value, secret.size()}));
    image.put(littleWords({symbol, object}));
    image.pad(5000);
    QVERIFY(isToldBy(image));
}

void NearPointersTest::valueMustBeLikeNoOther_data()
{
    QTest::addColumn<QString>("value");
    QTest::addColumn<bool>("told");
    QTest::newRow("generated") << QString("fI4Nk7Kj") + "gP6q3h8Zu2" << true;
    QTest::newRow("short digits") << QString("4fefc7") + "b9d729b" << false;
    QTest::newRow("a name") << "utf8_decode_table_2" << false;
    QTest::newRow("a word") << "Wachtmeister" << false;
    QTest::newRow("a symbol") << "_ZN7VersionC2EPKcPS1_" << false;
    QTest::newRow("a path") << "/usr/lib/python3.11/secrets.py" << false;
}

void NearPointersTest::valueMustBeLikeNoOther()
{
    QFETCH(const QString, value);
    QFETCH(const bool, told);
    const std::string text = value.toStdString();
    const MemoryImage image = imageOf(stringOf(tokenName), stringOf(text), sideBySide);
    QVERIFY(told ? isToldBy(image, text) : tellsNothing(image));
}

/// Symbols share the ends of their names.
void NearPointersTest::valueMustBeginWhereItIsPointedAt()
{
    const auto behind = [](const std::string& before) {
        const auto entry = [&](std::uint64_t name, std::uint64_t value) {
            return sideBySide(name, value + before.size());
        };
        return imageOf(stringOf(tokenName), stringOf(before + secret), entry);
    };
    QVERIFY(isToldBy(behind("token=")));
    QVERIFY(tellsNothing(behind("_ZN4main")));
}

void NearPointersTest::otherNamesTellNothing_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("another name") << "api_address";
    QTest::newRow("a longer name") << "api_tokens";
    QTest::newRow("what does something") << "get_api_token";
    QTest::newRow("what a compiler makes of a name") << "_ZTI9api_token";
}

void NearPointersTest::otherNamesTellNothing()
{
    QFETCH(const QString, name);
    QVERIFY(tellsNothing(imageOf(stringOf(name.toStdString()), stringOf(secret), sideBySide)));
}

void NearPointersTest::constantsAreNoSecrets()
{
    MemoryImage constants;
    constants.setAccess({true, false, false});
    QVERIFY(tellsNothing(imageOf(stringOf(tokenName), stringOf(secret), sideBySide, constants)));
}

/// Of a process without LuaJIT, whose words are looked at in blocks.
void NearPointersTest::entryMayEndTheMemory()
{
    MemoryImage image;
    image.begin(MemoryImage::base, "/usr/bin/app");
    image.pad(5000);
    const auto name = putBehindNul(image, stringOf(tokenName));
    const auto value = putBehindNul(image, stringOf(secret));
    image.put(littleWords({value, name}));
    QVERIFY(isToldBy(image));
}

/// What is not saved is no NUL: the text may go on there.
void NearPointersTest::textMayNotEndWithTheMemory()
{
    const auto image = [](const std::string& behind) {
        MemoryImage made;
        made.pad(5000);
        const auto name = putBehindNul(made, stringOf(tokenName));
        const auto entry = made.put(Bytes(24, 0));
        const std::string text = secret + behind;
        const auto value = putBehindNul(made, Bytes(text.begin(), text.end()));
        const Bytes words = littleWords({name, value});
        std::copy(words.begin(), words.end(),
                  made.bytes().begin() + static_cast<std::ptrdiff_t>(entry - MemoryImage::base));
        return made;
    };
    QVERIFY(isToldBy(image(std::string(1, '\0'))));
    QVERIFY(tellsNothing(image("")));
}

/// No address is higher than the last byte's: counting on from there begins at zero.
void NearPointersTest::namesMayEndTheAddresses()
{
    constexpr std::size_t size = 8192;
    MemoryImage image;
    image.begin(std::uint64_t {0} - size, "/usr/bin/app");
    const Bytes name = stringOf("token");
    image.pad(size - name.size());
    image.bytes().back() = 0;
    image.bytes().insert(image.bytes().end(), name.begin(), name.end());
    QVERIFY(tellsNothing(image));
}

void NearPointersTest::programsOf32Bits()
{
    const auto entry = [](std::uint64_t name, std::uint64_t value) {
        Bytes bytes;
        addWords(bytes, {0, name, value, 0}, 4);
        return bytes;
    };
    Bytes header;
    addWords(header, {1, secret.size()}, 4);
    QVERIFY(isToldBy(
        imageOf(stringOf(tokenName, header), stringOf(secret, header), entry, MemoryImage(4))));
}

void NearPointersTest::otherByteOrderHasNoWalk()
{
    QVERIFY(tellsNothing(imageOf(stringOf(tokenName), stringOf(secret), sideBySide,
                                 MemoryImage(8, ByteOrder::Big))));
}

QTEST_APPLESS_MAIN(NearPointersTest)
#include "tst_nearpointers.moc"
