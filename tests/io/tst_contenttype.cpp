// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/io/contenttype.h"
#include "scanner/io/source.h"

#include <QTest>

using namespace coredact;

class TestContentType : public QObject {
    Q_OBJECT
private slots:
    void knowsCommonContents();
    void saysNothingWhereNothingIsKnown();
    void refusesADamagedDatabase();
};

void TestContentType::knowsCommonContents()
{
    auto database = openMagicDatabase();
    QVERIFY(database.ok());
    const auto type = ContentType::load(*database);
    database->reset();
    QVERIFY(type.ok());
    QCOMPARE(type->mimeType(asBytes("%PDF-1.4\n")), std::string("application/pdf"));
    QCOMPARE(type->mimeType(asBytes("{\"name\": [1, 2, {\"deep\": true}]}")),
             std::string("application/json"));
    QVERIFY(type->description(asBytes("%!PS-Adobe-3.0\n")).find("PostScript") != std::string::npos);
}

void TestContentType::saysNothingWhereNothingIsKnown()
{
    const auto type = ContentType::load(*openMagicDatabase());
    const std::vector<std::uint8_t> noise {0x91, 0xe2, 0x00, 0x13, 0xf7, 0x80, 0x02, 0xbb};
    QCOMPARE(type->mimeType(noise), std::string());
    QCOMPARE(type->description({}), std::string());
}

void TestContentType::refusesADamagedDatabase()
{
    for (const std::string_view bytes : {"", "no database", "\x1c\x04\x1e\xf1"}) {
        const auto file = Source::fromBytes(asBytes(bytes));
        QVERIFY(!ContentType::load(Descriptor(dup(file->descriptor()))).ok());
    }
    QVERIFY(!ContentType::load(Descriptor()).ok());
}

QTEST_GUILESS_MAIN(TestContentType)
#include "tst_contenttype.moc"
