// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/io/contenttype.h"

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
    auto database = readMagicDatabase();
    QVERIFY(database.ok());
    const auto type = ContentType::load(std::move(*database));
    QVERIFY(type.ok());
    QCOMPARE(type->mimeType(asBytes("%PDF-1.4\n")), std::string("application/pdf"));
    QCOMPARE(type->mimeType(asBytes("{\"name\": [1, 2, {\"deep\": true}]}")),
             std::string("application/json"));
    QVERIFY(type->description(asBytes("%!PS-Adobe-3.0\n")).find("PostScript") != std::string::npos);
}

void TestContentType::saysNothingWhereNothingIsKnown()
{
    const auto type = ContentType::load(readMagicDatabase().value());
    const std::vector<std::uint8_t> noise {0x91, 0xe2, 0x00, 0x13, 0xf7, 0x80, 0x02, 0xbb};
    QCOMPARE(type->mimeType(noise), std::string());
    QCOMPARE(type->description({}), std::string());
}

void TestContentType::refusesADamagedDatabase()
{
    QVERIFY(!ContentType::load({1, 2, 3, 4}).ok());
    QVERIFY(!ContentType::load({}).ok());
}

QTEST_GUILESS_MAIN(TestContentType)
#include "tst_contenttype.moc"
