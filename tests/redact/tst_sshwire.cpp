// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/sshwire.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::sshwire;

namespace {

SecretBytes bytesOf(std::string_view text)
{
    const ByteView bytes = asBytes(text);
    return {bytes.begin(), bytes.end()};
}

SecretBytes counting(std::size_t size)
{
    SecretBytes bytes(size);
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<std::uint8_t>(i * 7);
    return bytes;
}

} // namespace

class TestSshWire : public QObject {
    Q_OBJECT

private slots:
    void numbersAndStringsComeBack()
    {
        Writer writer;
        writer.raw("magic").number(0x01020304).string("text").string("").number(7);
        QCOMPARE(writer.bytes(),
                 bytesOf(std::string_view("magic\1\2\3\4\0\0\0\4text\0\0\0\0\0\0\0\7", 25)));
        Reader reader(writer.bytes());
        QVERIFY(reader.raw("magic"));
        QCOMPARE(reader.number(), std::optional<std::uint32_t>(0x01020304));
        QCOMPARE(asText(reader.string().value()), std::string_view("text"));
        QVERIFY(reader.string().value().empty());
        QCOMPARE(reader.number(), std::optional<std::uint32_t>(7)); // to the last byte
        QVERIFY(reader.left().empty());
    }
    void whatIsCutGivesNothingFromThereOn()
    {
        Writer writer;
        writer.string("text").number(7);
        for (std::size_t size = 0; size < writer.bytes().size(); ++size) {
            Reader reader(ByteView(writer.bytes()).first(size));
            QCOMPARE(reader.string().has_value(), size >= 8);
            QVERIFY(!reader.number());
            QVERIFY(!reader.number());
            QVERIFY(!reader.string());
            QVERIFY(!reader.raw(""));
        }
    }
    void otherBeginningsAreNotPassed()
    {
        const SecretBytes bytes = bytesOf("magic");
        QVERIFY(!Reader(bytes).raw("magik"));
        QVERIFY(!Reader(bytes).raw("magic1"));
        Reader reader(bytes);
        QVERIFY(reader.raw("mag"));
        QCOMPARE(asText(reader.left()), std::string_view("ic"));
    }
    void base64ComesBack()
    {
        QCOMPARE(asText(toBase64(bytesOf("a"))), std::string_view("YQ=="));
        QCOMPARE(asText(toBase64(bytesOf("ab"))), std::string_view("YWI="));
        QCOMPARE(asText(toBase64(bytesOf("abc"))), std::string_view("YWJj"));
        for (std::size_t size = 0; size < 100; ++size)
            QCOMPARE(fromBase64(asText(toBase64(counting(size)))), std::optional(counting(size)));
    }
    void onlyOneTextMeansTheSameBytes_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text :
             {"YQ", "YQ=", "YQ==\n", " YQ==", "YR==", "YWJ=", "Y*==", "====", "YQ==YQ=="})
            QTest::newRow(text) << QByteArray(text);
    }
    void onlyOneTextMeansTheSameBytes()
    {
        QFETCH(const QByteArray, text);
        QVERIFY(!fromBase64(text.toStdString()));
    }
    void armourHasLinesOfSeventyCharacters()
    {
        // 105 bytes are 140 digits: two full lines, and no empty one behind them.
        const SecretBytes armour = armoured("SSH SIGNATURE", counting(105));
        const QList<QByteArray> lines
            = QByteArray(asText(armour).data(), static_cast<qsizetype>(armour.size())).split('\n');
        QCOMPARE(lines.size(), 5);
        QCOMPARE(lines.first(), QByteArray("-----BEGIN SSH SIGNATURE-----"));
        QCOMPARE(lines[1].size(), 70);
        QCOMPARE(lines[2].size(), 70);
        QCOMPARE(lines[3], QByteArray("-----END SSH SIGNATURE-----"));
        QVERIFY(lines[4].isEmpty());
        for (const std::size_t size : {0, 1, 52, 53, 105, 106})
            QCOMPARE(unarmoured("X", armoured("X", counting(size))), std::optional(counting(size)));
    }
    void armourMayStandAmongOtherText()
    {
        const std::string text = "before\n-----BEGIN X-----\r\n YW\tJj\n-----END X-----\nafter";
        QCOMPARE(unarmoured("X", asBytes(text)), std::optional(bytesOf("abc")));
    }
    void armourThatIsNotWholeIsNone_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text : {"", "YWJj", "-----BEGIN X-----\nYWJj\n", "YWJj\n-----END X-----\n",
                                 "-----END X-----\nYWJj\n-----BEGIN X-----\n",
                                 "-----BEGIN Y-----\nYWJj\n-----END Y-----\n",
                                 "-----BEGIN X-----\nYWJ\n-----END X-----\n"})
            QTest::newRow(text) << QByteArray(text);
    }
    void armourThatIsNotWholeIsNone()
    {
        QFETCH(const QByteArray, text);
        QVERIFY(!unarmoured("X", asBytes(text.toStdString())));
    }
};

QTEST_GUILESS_MAIN(TestSshWire)
#include "tst_sshwire.moc"
