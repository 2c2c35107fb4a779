// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/report/report.h"

#include <QTest>

#include <string>

using coredact::report::escaped;

static std::string utf8(char32_t code)
{
    // The character before keeps Qt from taking U+FEFF for a byte order mark.
    const char32_t pair[] {U'x', code};
    return QString::fromUcs4(pair, 2).toStdString().substr(1);
}

class EscapedTest : public QObject {
    Q_OBJECT

private slots:
    void leavesTextOfAnyScriptAlone()
    {
        for (const char* text : {"", "/usr/lib/libc.so.6", "C:\\Windows\\x.dll", "größe", "日本語",
                                 "עברית", "p·q equals n", "\xf0\x9f\x94\x91"})
            QCOMPARE(escaped(text), std::string(text));
    }
    void escapesEveryControlCharacter()
    {
        for (char32_t code = 0; code < 0xa0; ++code) {
            if (code >= 0x20 && code < 0x7f)
                continue;
            const std::string safe = escaped(utf8(code) + "x");
            QVERIFY(safe.starts_with("\\") && safe.ends_with("x"));
            for (const char c : safe)
                QVERIFY(c >= ' ' && c < 0x7f);
        }
    }
    void escapesWhatReordersOrHides()
    {
        for (const char32_t code : {0x61cU, 0x200eU, 0x202aU, 0x202eU, 0x2066U, 0x2069U, 0x200bU,
                                    0x2028U, 0xfeffU, 0xe0041U, 0xadU})
            QCOMPARE(QString::fromStdString(escaped(utf8(code))),
                     QStringLiteral("\\u{%1}").arg(static_cast<uint>(code), 0, 16));
    }
    void escapesWhatIsNoUtf8()
    {
        QCOMPARE(escaped("a\xff" "b"), std::string("a\\xffb"));
        QCOMPARE(escaped("\xc0\xaf"), std::string("\\xc0\\xaf")); // over-long '/'
        QCOMPARE(escaped("\xe0\x80\x9b"), std::string("\\xe0\\x80\\x9b")); // over-long ESC
        QCOMPARE(escaped("\xed\xa0\x80"), std::string("\\xed\\xa0\\x80")); // a surrogate
        QCOMPARE(escaped("\xf4\x90\x80\x80"), std::string("\\xf4\\x90\\x80\\x80")); // past the end
        QCOMPARE(escaped("\xe2\x80"), std::string("\\xe2\\x80")); // cut off
    }
    void isTheSameDoneTwice()
    {
        const std::string once = escaped("\x1b[0m\xe2\x80\xae\xff\n");
        QCOMPARE(escaped(once), once);
    }
    void givesAsciiOrUtf8ForAnyTwoBytes()
    {
        for (int first = 0; first < 256; ++first) {
            for (int second = 0; second < 256; ++second) {
                const std::string pair {static_cast<char>(first), static_cast<char>(second)};
                const std::string safe = escaped(pair);
                QVERIFY(QString::fromStdString(safe).toStdString() == safe);
                QVERIFY(safe.find('\x1b') == std::string::npos);
            }
        }
    }
};

QTEST_GUILESS_MAIN(EscapedTest)
#include "tst_escaped.moc"
