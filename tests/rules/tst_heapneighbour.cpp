// SPDX-License-Identifier: GPL-3.0-or-later
#include "detectorrun.h"

#include "scanner/base/bytes.h"
#include "scanner/rules/byteanchor.h"

#include <QTest>

using namespace coredact;
using namespace std::string_view_literals;

namespace coredact {
extern const Detector heapneighbourDetector;
std::span<const ByteAnchor> heapneighbourAnchors();
}

namespace {

using Bytes = std::vector<std::uint8_t>;

const std::string password = std::string("oLjxJJ2B") + "CyND8b6hrk";

/// A block of glibc's heap with its size before it; what the text leaves of it is `filler`.
void appendBlock(Bytes& bytes, const std::string& text, std::size_t block, std::uint8_t filler = 0)
{
    bytes.push_back(static_cast<std::uint8_t>((block + 8) | 1));
    bytes.insert(bytes.end(), 7, 0);
    bytes.insert(bytes.end(), text.begin(), text.end());
    bytes.push_back(0);
    bytes.insert(bytes.end(), block - text.size() - 1, filler);
}

Bytes blocks(const std::string& name, const std::string& value, std::size_t first = 24,
             std::size_t second = 24)
{
    Bytes bytes;
    appendBlock(bytes, name, first, 0x93);
    appendBlock(bytes, value, second);
    return bytes;
}

/// A name and a value as a pool lays them out, with what was there before between them.
Bytes pooled(const std::string& name, const std::string& value)
{
    Bytes bytes(name.begin(), name.end());
    bytes.push_back(0);
    while (bytes.size() % 8 != 0)
        bytes.push_back(0x93);
    bytes.insert(bytes.end(), value.begin(), value.end());
    bytes.push_back(0);
    return bytes;
}

std::size_t toldIn(const Bytes& heap)
{
    return matchesIn(heapneighbourDetector, buried(heap, 704, 300), 4096).size();
}

} // namespace

/// Passwords in the block of the heap behind that of their name.
class HeapNeighbourTest : public QObject {
    Q_OBJECT

private slots:
    void findsTheTextOfTheNextBlock();
    void blockMustBeTheOneForItsText();
    void findsTheNextTextOfAPool();
    void textOfAPoolBeginsWithAWord();
    void symbolBehindANameIsNoPassword();
    void whatAViewPutsSideBySideIsNoPool();
    void nameMustCallForAPassword_data();
    void nameMustCallForAPassword();
    void valueMustBeNoWordNorName_data();
    void valueMustBeNoWordNorName();
};

void HeapNeighbourTest::findsTheTextOfTheNextBlock()
{
    const std::string longName = std::string("irc.server.pass") + "word.of.it_password";
    for (const Bytes& heap :
         {blocks("sasl_password", password), blocks("passwd", password),
          blocks(longName, password, 40), blocks("password", password + password, 24, 40)}) {
        const Bytes bytes = buried(heap, 704, 300);
        for (const std::size_t fresh : {std::size_t {64}, std::size_t {4096}}) {
            const auto matches = matchesIn(heapneighbourDetector, bytes, fresh);
            QCOMPARE(matches.size(), std::size_t {1});
            const SecretBytes found = spanned(bytes, matches[0]);
            QVERIFY(asText(found).starts_with(password));
        }
    }
}

void HeapNeighbourTest::blockMustBeTheOneForItsText()
{
    QCOMPARE(toldIn(blocks("sasl_password", password, 40)), std::size_t {0});
    QCOMPARE(toldIn(blocks("sasl_password", password, 24, 40)), std::size_t {0});
    Bytes last;
    appendBlock(last, "sasl_password", 24);
    QCOMPARE(toldIn(last), std::size_t {0});
}

void HeapNeighbourTest::findsTheNextTextOfAPool()
{
    for (const char* name : {"DB_PASSWORD", "passwd", "sql_password", "ldap.bind.password"}) {
        const Bytes bytes = buried(pooled(name, password), 704, 300);
        const auto matches = matchesIn(heapneighbourDetector, bytes, 4096);
        QCOMPARE(matches.size(), std::size_t {1});
        const SecretBytes found = spanned(bytes, matches[0]);
        QCOMPARE(std::string(asText(found)), password);
    }
}

void HeapNeighbourTest::textOfAPoolBeginsWithAWord()
{
    Bytes farther = pooled("DB_PASSWORD", password);
    farther.insert(farther.begin() + 12, 0x93);
    QCOMPARE(toldIn(farther), std::size_t {0});
    QCOMPARE(toldIn(pooled("DB_PASSWORD", "wordsalone")), std::size_t {0});
    Bytes open = pooled("DB_PASSWORD", password);
    open.back() = 0x93;
    QCOMPARE(toldIn(open), std::size_t {0});
}

/// The second letter of the symbol begins a word, as the text of a pool does.
void HeapNeighbourTest::symbolBehindANameIsNoPassword()
{
    const std::string_view table
        = "disconnect_on_expired_password\0_ZNK16Item_type_holder4typeEv\0"sv;
    QCOMPARE(toldIn({table.begin(), table.end()}), std::size_t {0});
}

void HeapNeighbourTest::whatAViewPutsSideBySideIsNoPool()
{
    struct Counting : MatchSink {
        void add(Match) override { ++count; }
        int count = 0;
    };
    const std::string name = "DB_PASSWORD";
    const Bytes bytes = pooled(name, password);
    const auto told = [&](std::optional<std::uint64_t> address) {
        Counting sink;
        Window window {bytes, 0, bytes.size(), nullptr, address ? "raw" : "utf-16le", address};
        heapneighbourAnchors()[0].look(window, name.size() - 3, sink);
        return sink.count;
    };
    QCOMPARE(told(0), 1);
    QCOMPARE(told(4), 0);
    QCOMPARE(told(std::nullopt), 0);
}

void HeapNeighbourTest::nameMustCallForAPassword_data()
{
    QTest::addColumn<QString>("name");
    for (const char* name : {"record", "get_password", "passwords", "x:password"})
        QTest::newRow(name) << QString(name);
}

void HeapNeighbourTest::nameMustCallForAPassword()
{
    QFETCH(QString, name);
    QCOMPARE(toldIn(blocks(name.toStdString(), password)), std::size_t {0});
}

void HeapNeighbourTest::valueMustBeNoWordNorName_data()
{
    QTest::addColumn<QString>("value");
    for (const char* value : {"username", "user_name2", "getPassword", "${PASSWORD}", "/run/x/db1",
                              "short1", "two words 12"})
        QTest::newRow(value) << QString(value);
}

void HeapNeighbourTest::valueMustBeNoWordNorName()
{
    QFETCH(QString, value);
    QCOMPARE(toldIn(blocks("password", value.toStdString())), std::size_t {0});
}

QTEST_APPLESS_MAIN(HeapNeighbourTest)
#include "tst_heapneighbour.moc"
