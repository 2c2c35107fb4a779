// SPDX-License-Identifier: GPL-3.0-or-later
#include "made.h"
#include "models/bytecache.h"
#include "models/datavalues.h"
#include "models/searchquery.h"

#include <QSignalSpy>
#include <QTest>

using namespace coredact;

class TestBytes : public QObject {
    Q_OBJECT

private slots:
    void asksOncePerWindow();
    void keepsFewWindows();
    void readsAcrossWindows();
    void tellsOfUnreadableBytes();
    void asksAgainAfterARestart();
    void understandsSearches_data();
    void understandsSearches();
    void refusesSearchesThatAreNone_data();
    void refusesSearchesThatAreNone();
    void understandsDestinations();
    void readsValuesInTheDumpsByteOrder();
};

void TestBytes::asksOncePerWindow()
{
    ByteCache cache;
    std::vector<std::uint64_t> asked;
    cache.reset(200000, [&](std::uint64_t offset, std::uint32_t) {
        asked.push_back(offset);
        return true;
    });
    cache.at(70000);
    cache.at(70001);
    QCOMPARE(asked, std::vector<std::uint64_t>({65536}));
    const std::vector<std::uint8_t> bytes(65536, 7);
    cache.arrive(65536, bytes);
    QCOMPARE(cache.at(70000).bytes.size(), std::size_t(65536 - (70000 - 65536)));
    QCOMPARE(cache.at(200000).state, ByteCache::State::Unreadable);
}

void TestBytes::keepsFewWindows()
{
    ByteCache cache;
    int asked = 0;
    cache.reset(1ULL << 40, [&](std::uint64_t, std::uint32_t) { return ++asked > 0; });
    for (std::uint64_t window = 0; window < 2 * ByteCache::mostWindows; ++window)
        cache.at(window * ByteCache::windowSize);
    const int before = asked;
    cache.at((2 * ByteCache::mostWindows - 1) * ByteCache::windowSize);
    QCOMPARE(asked, before);
    cache.at(0);
    QCOMPARE(asked, before + 1);
}

void TestBytes::readsAcrossWindows()
{
    ByteCache cache;
    cache.reset(65536 + 100, [](std::uint64_t, std::uint32_t) { return true; });
    std::array<std::uint8_t, 4> four {};
    QVERIFY(!cache.read(65534, four));
    cache.arrive(0, std::vector<std::uint8_t>(65536, 1));
    QVERIFY(!cache.read(65534, four));
    cache.arrive(65536, std::vector<std::uint8_t>(100, 2));
    QVERIFY(cache.read(65534, four));
    QCOMPARE(four, (std::array<std::uint8_t, 4> {1, 1, 2, 2}));
}

void TestBytes::tellsOfUnreadableBytes()
{
    ByteCache cache;
    QSignalSpy arrived(&cache, &ByteCache::arrived);
    cache.reset(65536, [](std::uint64_t, std::uint32_t) { return true; });
    cache.at(0);
    cache.arrive(0, std::vector<std::uint8_t>(10, 1));
    QCOMPARE(arrived.count(), 1);
    QCOMPARE(cache.at(9).state, ByteCache::State::Here);
    QCOMPARE(cache.at(10).state, ByteCache::State::Unreadable);
}

void TestBytes::asksAgainAfterARestart()
{
    ByteCache cache;
    cache.reset(131072, [](std::uint64_t, std::uint32_t) { return true; });
    cache.at(0);
    cache.at(65536);
    cache.arrive(0, std::vector<std::uint8_t>(65536, 1));
    cache.fail(65536);
    std::vector<std::uint64_t> asked;
    cache.forgetFailures([&](std::uint64_t offset, std::uint32_t) {
        asked.push_back(offset);
        return true;
    });
    QCOMPARE(cache.at(0).state, ByteCache::State::Here);
    QCOMPARE(cache.at(65536).state, ByteCache::State::Asked);
    QCOMPARE(asked, std::vector<std::uint64_t>({65536}));
}

void TestBytes::understandsSearches_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QByteArray>("pattern");
    const auto row = [](const char* name, const char* typed, const QByteArray& pattern) {
        QTest::newRow(name) << QString::fromUtf8(typed) << pattern;
    };
    row("text", "Authorization", "Authorization");
    row("text with a space", "to be", "to be");
    row("text that looks like bytes", "text:de ad", "de ad");
    row("bytes", "de ad BE ef", QByteArray::fromHex("deadbeef"));
    row("bytes by name", "hex:deadbe", QByteArray::fromHex("deadbe"));
    row("a pointer", "0x7f0001", QByteArray::fromHex("01007f0000000000"));
    row("a small number", "u16:8080", QByteArray::fromHex("901f"));
    row("an expression", "re:pass(word)?", "pass(word)?");
    row("a number in hex", "u32:0x10", QByteArray::fromHex("10000000"));
}

void TestBytes::understandsSearches()
{
    QFETCH(QString, typed);
    QFETCH(QByteArray, pattern);
    const auto query = SearchQuery::parse(typed, ByteOrder::Little, 8);
    QVERIFY(query.has_value());
    QCOMPARE(QByteArray(reinterpret_cast<const char*>(query->pattern.data()),
                        static_cast<qsizetype>(query->pattern.size())),
             pattern);
}

void TestBytes::refusesSearchesThatAreNone_data()
{
    QTest::addColumn<QString>("typed");
    QTest::newRow("nothing") << QString();
    QTest::newRow("half a byte") << QStringLiteral("hex:abc");
    QTest::newRow("no hex") << QStringLiteral("hex:zz");
    QTest::newRow("too large") << QStringLiteral("u16:65536");
    QTest::newRow("no number") << QStringLiteral("0xnine");
    QTest::newRow("empty text") << QStringLiteral("text:");
    QTest::newRow("empty expression") << QStringLiteral("re:");
}

void TestBytes::refusesSearchesThatAreNone()
{
    QFETCH(QString, typed);
    QVERIFY(!SearchQuery::parse(typed, ByteOrder::Little, 8).has_value());
}

void TestBytes::understandsDestinations()
{
    const auto address = Destination::parse(QStringLiteral("7f28 c4a1 e240"));
    QVERIFY(address && address->kind == Destination::Kind::Address);
    QCOMPARE(address->position, std::uint64_t(0x7f28c4a1e240));
    const auto offset = Destination::parse(QStringLiteral("@21e240"));
    QVERIFY(offset && offset->kind == Destination::Kind::Offset);
    QCOMPARE(offset->position, std::uint64_t(0x21e240));
    QCOMPARE(Destination::parse(QStringLiteral("+4096"))->position, std::uint64_t(4096));
    QVERIFY(!Destination::parse(QStringLiteral("nowhere")));
    QVERIFY(!Destination::parse(QStringLiteral("")));
}

void TestBytes::readsValuesInTheDumpsByteOrder()
{
    Dump dump = made::dump();
    const PlaceMap places(std::make_shared<const Dump>(dump));
    const std::vector<std::uint8_t> bytes {0x10, 0x90, 0x00, 0x00, 0x00, 0x7f, 0x00, 0x00};
    const auto textOf = [](const std::vector<DataValue>& values, const QString& name) {
        for (const DataValue& value : values) {
            if (value.name == name)
                return value.text;
        }
        return QString();
    };
    auto values = dataValues(bytes, dump, &places);
    QCOMPARE(textOf(values, QStringLiteral("int16")), QStringLiteral("36880  (-28656)"));
    QVERIFY(
        textOf(values, QStringLiteral("Pointer")).endsWith(QStringLiteral("libsample.so.1+10")));
    dump.order = ByteOrder::Big;
    values = dataValues(bytes, dump, &places);
    QCOMPARE(textOf(values, QStringLiteral("int16")), QStringLiteral("4240"));
    QVERIFY(dataValues({}, dump, &places).empty());
}

QTEST_GUILESS_MAIN(TestBytes)
#include "tst_bytes.moc"
