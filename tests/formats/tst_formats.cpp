// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/format.h"
#include "tests/support/promises.h"
#include "tests/support/sampledumps.h"

#include <QTest>

#include <set>

using namespace coredact;
using namespace coredact::test;

/// Runs over every format: a new one only needs a good file.
class TestFormats : public QObject {
    Q_OBJECT
private slots:
    void everyFormatHasAGoodFile();
    void idsAreUniqueAndRawIsLast();
    void readsGoodFilesWithoutRemark_data();
    void readsGoodFilesWithoutRemark();
    void readsEveryPrefix_data() { readsGoodFilesWithoutRemark_data(); }
    void readsEveryPrefix();
    void readsEveryDamagedByte_data() { readsGoodFilesWithoutRemark_data(); }
    void readsEveryDamagedByte();
    void tellsOfEveryCut_data() { readsGoodFilesWithoutRemark_data(); }
    void tellsOfEveryCut();
    void tellsOfAnEmptyFile();
    void stopsWhenAsked();
};

void TestFormats::everyFormatHasAGoodFile()
{
    const auto files = goodFiles();
    for (const Format& format : formats())
        QVERIFY2(std::any_of(files.begin(), files.end(),
                             [&](const GoodFile& file) { return file.format == format.id; }),
                 std::string(format.id).c_str());
}

void TestFormats::idsAreUniqueAndRawIsLast()
{
    std::set<std::string_view> ids;
    for (const Format& format : formats()) {
        QVERIFY(ids.insert(format.id).second);
        QVERIFY(!format.title.empty());
    }
    QCOMPARE(formats().back().id, std::string_view("raw"));
}

void TestFormats::readsGoodFilesWithoutRemark_data()
{
    QTest::addColumn<int>("index");
    const auto files = goodFiles();
    for (std::size_t i = 0; i < files.size(); ++i)
        QTest::newRow(files[i].name.c_str()) << static_cast<int>(i);
}

void TestFormats::readsGoodFilesWithoutRemark()
{
    QFETCH(int, index);
    const GoodFile file = goodFiles()[static_cast<std::size_t>(index)];
    const auto dump = readDump(*Source::fromBytes(file.bytes), JobControl());
    QVERIFY(dump.ok());
    QCOMPARE(dump->format, file.format);
    for (const Diagnostic& diagnostic : dump->diagnostics)
        QFAIL((std::to_string(diagnostic.offset) + ": " + diagnostic.message).c_str());
    QCOMPARE(brokenPromise(*Source::fromBytes(file.bytes)), std::string());
}

void TestFormats::readsEveryPrefix()
{
    QFETCH(int, index);
    const GoodFile file = goodFiles()[static_cast<std::size_t>(index)];
    for (std::size_t size = 0; size < file.bytes.size(); ++size) {
        const auto bytes = std::vector<std::uint8_t>(
            file.bytes.begin(), file.bytes.begin() + static_cast<std::ptrdiff_t>(size));
        const std::string broken = brokenPromise(*Source::fromBytes(bytes));
        QVERIFY2(broken.empty(), (broken + " at size " + std::to_string(size)).c_str());
    }
}

void TestFormats::readsEveryDamagedByte()
{
    QFETCH(int, index);
    const GoodFile file = goodFiles()[static_cast<std::size_t>(index)];
    for (std::size_t at = 0; at < file.bytes.size(); ++at) {
        for (const int value : {0x00, 0x7f, 0xff}) {
            auto bytes = file.bytes;
            if (bytes[at] == value)
                continue;
            bytes[at] = static_cast<std::uint8_t>(value);
            const std::string broken = brokenPromise(*Source::fromBytes(bytes));
            QVERIFY2(broken.empty(), (broken + " at byte " + std::to_string(at)).c_str());
        }
    }
}

void TestFormats::tellsOfEveryCut()
{
    QFETCH(int, index);
    const GoodFile file = goodFiles()[static_cast<std::size_t>(index)];
    if (file.format == "raw")
        return; // raw bytes promise nothing
    for (std::size_t size = 1; size < file.bytes.size(); ++size) {
        const auto bytes = ByteView(file.bytes).first(size);
        const auto dump = readDump(*Source::fromBytes(bytes), JobControl());
        if (dump->format != file.format)
            continue; // too short to be recognised
        const bool told
            = std::any_of(dump->diagnostics.begin(), dump->diagnostics.end(),
                          [](const Diagnostic& diagnostic) { return diagnostic.incomplete; });
        QVERIFY2(told, ("not told at size " + std::to_string(size)).c_str());
    }
}

void TestFormats::tellsOfAnEmptyFile()
{
    const auto dump = readDump(*Source::fromBytes({}), JobControl());
    QVERIFY(dump.ok());
    QCOMPARE(dump->diagnostics.size(), std::size_t {1});
    QVERIFY(dump->diagnostics.front().incomplete);
}

void TestFormats::stopsWhenAsked()
{
    JobControl control;
    control.cancel();
    for (const GoodFile& file : goodFiles()) {
        const auto dump = readDump(*Source::fromBytes(file.bytes), control);
        QVERIFY(!dump.ok());
        QCOMPARE(dump.error().code, ErrorCode::Cancelled);
    }
}

QTEST_GUILESS_MAIN(TestFormats)
#include "tst_formats.moc"
