// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/utf16.h"

#include <vector>

#include <QString>
#include <QTest>

using namespace coredact;

class TestUtf16 : public QObject {
    Q_OBJECT
private slots:
    void agreesWithQtForEveryCharacter();
    void replacesHalfPairsAndDropsAnOddByte();
    void readsBigEndian();
};

void TestUtf16::agreesWithQtForEveryCharacter()
{
    for (char32_t point = 1; point < 0x110000; point += point < 0x3000 ? 1 : 37) {
        if (point >= 0xd800 && point < 0xe000)
            continue;
        const QString text = QString::fromUcs4(&point, 1);
        std::vector<std::uint8_t> bytes;
        for (const QChar unit : text) {
            bytes.push_back(static_cast<std::uint8_t>(unit.unicode()));
            bytes.push_back(static_cast<std::uint8_t>(unit.unicode() >> 8));
        }
        QCOMPARE(utf8FromUtf16(bytes, ByteOrder::Little), text.toStdString());
    }
}

void TestUtf16::replacesHalfPairsAndDropsAnOddByte()
{
    const std::string replacement = "\xef\xbf\xbd";
    const std::vector<std::uint8_t> high {0x00, 0xd8, 'a', 0};
    QCOMPARE(utf8FromUtf16(high, ByteOrder::Little), replacement + "a");
    const std::vector<std::uint8_t> low {0x00, 0xdc, 'a', 0, 'b'};
    QCOMPARE(utf8FromUtf16(low, ByteOrder::Little), replacement + "a");
    const std::vector<std::uint8_t> cut {0x00, 0xd8};
    QCOMPARE(utf8FromUtf16(cut, ByteOrder::Little), replacement);
    const std::vector<std::uint8_t> ended {'a', 0, 0, 0, 'b', 0};
    QCOMPARE(utf8FromUtf16(ended, ByteOrder::Little), std::string("a"));
}

void TestUtf16::readsBigEndian()
{
    const std::vector<std::uint8_t> bytes {0, 'a', 0x20, 0xac};
    QCOMPARE(utf8FromUtf16(bytes, ByteOrder::Big), std::string("a\xe2\x82\xac"));
}

QTEST_GUILESS_MAIN(TestUtf16)
#include "tst_utf16.moc"
