// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/base/characters.h"

#include <QString>
#include <QTest>

using namespace coredact;

namespace {

SecretBytes utf8(const QString& text)
{
    const QByteArray bytes = text.toUtf8();
    return {bytes.begin(), bytes.end()};
}

} // namespace

/// Characters of texts that are not all ASCII.
class CharactersTest : public QObject {
    Q_OBJECT

private slots:
    void writesAndReadsEveryCharacter();
    void takesWhatIsNoUtf8AsLatin1();
    void readsUnitsOfAnyWidth();
    void refusesHalvesAndControls();
    void unitesBothCharsets();
    void tellsWhatPeopleWrite();
};

void CharactersTest::writesAndReadsEveryCharacter()
{
    for (char32_t code = 1; code <= 0x10ffff; ++code) {
        if (code >= 0xd800 && code < 0xe000)
            continue;
        SecretBytes bytes;
        appendUtf8(bytes, code);
        const Character read = characterAt(bytes, 0);
        QVERIFY(read.code == code && read.size == bytes.size() && read.isUtf8);
        if (code % 251 == 0)
            QVERIFY(bytes == utf8(QString::fromUcs4(&code, 1)));
    }
}

void CharactersTest::takesWhatIsNoUtf8AsLatin1()
{
    // A lone lead, a lone continuation, a long form, half a pair, a cut character.
    for (const std::vector<std::uint8_t>& bytes : {std::vector<std::uint8_t> {0xe4, 'x', 'y'},
                                                   {0xbf, 0xbf},
                                                   {0xc0, 0x80},
                                                   {0xe0, 0x80, 0x80},
                                                   {0xed, 0xa0, 0x80},
                                                   {0xf4, 0x90, 0x80, 0x80},
                                                   {0xc3}}) {
        const Character read = characterAt(bytes, 0);
        QVERIFY(read.code == bytes[0] && read.size == 1 && !read.isUtf8);
    }
}

void CharactersTest::readsUnitsOfAnyWidth()
{
    const QString text = QString::fromUtf8("ab\xc3\xbc\xc5\x82\xe7\x8c\xab");
    const QString wide = text + QString::fromUcs4(U"\U0001f600");
    SecretBytes units;
    for (const QChar unit : wide)
        for (const int byte : {unit.unicode() & 0xff, unit.unicode() >> 8})
            units.push_back(static_cast<std::uint8_t>(byte));
    QVERIFY(textOfUnits(units, 2, false) == utf8(wide));
    for (std::size_t at = 0; at < units.size(); at += 2)
        std::swap(units[at], units[at + 1]);
    QVERIFY(textOfUnits(units, 2, true) == utf8(wide));
    SecretBytes four;
    for (const auto code : text.toUcs4())
        for (unsigned shift = 0; shift < 32; shift += 8)
            four.push_back(static_cast<std::uint8_t>(code >> shift));
    QVERIFY(textOfUnits(four, 4, false) == utf8(text));
    const SecretBytes latin1 {'a', 0xfc, 'b'};
    QVERIFY(textOfUnits(latin1, 1, false) == latin1);
}

void CharactersTest::refusesHalvesAndControls()
{
    const SecretBytes good {'a', 0};
    for (const std::vector<std::uint8_t>& unit :
         {std::vector<std::uint8_t> {0x3d, 0xd8}, {0x00, 0xdc}, {0x07, 0x00}, {0x85, 0x00}}) {
        SecretBytes units = good;
        units.insert(units.end(), unit.begin(), unit.end());
        QVERIFY(textOfUnits(units, 2, false).empty());
    }
    QVERIFY(textOfUnits(SecretBytes {'a', 7}, 1, false).empty());
}

void CharactersTest::unitesBothCharsets()
{
    const SecretBytes latin1 {'g', 'r', 0xfc, 'n', 0xdf};
    const SecretBytes both = utf8(QString::fromLatin1("gr\xfcn\xdf"));
    QVERIFY(inUtf8(latin1) == both);
    QVERIFY(inUtf8(both) == both);
    QVERIFY(inLatin1(both) == latin1);
    QVERIFY(!inLatin1(SecretBytes {'a', 'b'}));
    QVERIFY(!inLatin1(utf8(QString::fromUtf8("w\xc5\x82"))));
}

void CharactersTest::tellsWhatPeopleWrite()
{
    for (const char* text : {"plain",
                             "Gr\xc3\xbc\xc3\x9f"
                             "e 42",
                             "gr\xfcn", "\xd0\xbf\xd0\xb0\xd1\x80",
                             "\xe7\x8c\xab"
                             "7",
                             "5 \xe2\x82\xac"})
        QVERIFY2(isWritten(asBytes(text)), text);
    // A control character, a private one, more Latin-1 than ASCII, a no-break space.
    for (const char* text : {"a\x01", "a\xee\x80\x80", "a\xe4\xf6\xfc", "a\x9c", "a\xc2\xa0"})
        QVERIFY2(!isWritten(asBytes(text)), text);
}

QTEST_APPLESS_MAIN(CharactersTest)
#include "tst_characters.moc"
