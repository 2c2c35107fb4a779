// SPDX-License-Identifier: GPL-3.0-or-later
// Secrets with letters that ASCII does not have: one text, many bytes.
#include "scanner/redact/needles.h"
#include "tests/scan/viewlook.h"
#include "tests/support/scanning.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;

namespace {

/// Letters of Latin-1 only, and others too; made of two halves.
const QString latin = QString::fromUtf8("Gr\xc3\xbc\xc3\x9f"
                                        "e7Kx")
    + QString::fromUtf8("M\xc3\xb6hQ4z\xc3\xa9");
const QString wide = QString::fromUtf8("W\xc5\x82"
                                       "a7Kx")
    + QString::fromUtf8("\xd0\xb6Q4\xe7\x8c\xabzT\xc3\xb6");

std::string utf8(const QString& text) { return text.toStdString(); }

std::string units(const QString& text, unsigned width, bool isBig)
{
    std::string bytes;
    for (const auto code : text.toUcs4())
        for (unsigned i = 0; i < width; ++i)
            bytes += static_cast<char>(code >> 8 * (isBig ? width - 1 - i : i));
    return bytes;
}

template <typename Write> std::string escaped(const QString& text, Write write)
{
    QString out;
    for (const QChar c : text)
        out += c.unicode() < 0x80 ? QString(c) : write(c.unicode());
    return out.toStdString();
}

std::string json(const QString& text)
{
    return escaped(text, [](unsigned code) {
        return "\\u" + QString::number(code, 16).rightJustified(4, '0');
    });
}

std::string capitalJson(const QString& text)
{
    return escaped(text, [](unsigned code) {
        return "\\u" + QString::number(code, 16).toUpper().rightJustified(4, '0');
    });
}

std::string xml(const QString& text)
{
    return escaped(text, [](unsigned code) { return QString("&#%1;").arg(code); });
}

std::string percent(const QString& text) { return text.toUtf8().toPercentEncoding().toStdString(); }

struct Writing {
    std::string name;
    std::string bytes;
};

std::vector<Writing> writingsOf(const QString& text)
{
    std::vector<Writing> all {{"utf-8", utf8(text)},
                              {"utf-16le", units(text, 2, false)},
                              {"utf-16be", units(text, 2, true)},
                              {"utf-32le", units(text, 4, false)},
                              {"json", json(text)},
                              {"capital json", capitalJson(text)},
                              {"xml", xml(text)},
                              {"percent", percent(text)}};
    if (text == latin)
        all.push_back({"latin-1", text.toLatin1().toStdString()});
    return all;
}

std::string gap() { return std::string(64, '\x01'); }

/// What is left of the bytes when all that the findings cover is taken out.
std::string leftOf(std::string bytes, const ScanResult& result)
{
    for (const Finding& finding : result.findings)
        for (const Occurrence& occurrence : finding.occurrences)
            for (const Piece& piece : occurrence.pieces)
                for (std::uint64_t at = piece.file.first(); at <= piece.file.last(); ++at)
                    bytes[static_cast<std::size_t>(at)] = '\x02';
    return bytes;
}

std::string fieldOf(const std::string& value)
{
    return "\nuser = jane\npass" + std::string("word = ") + value + "\nhost = db1\n";
}

} // namespace

class ForeignTextTest : public QObject {
    Q_OBJECT

private slots:
    void findsEveryWritingByTheName_data();
    void findsEveryWritingByTheName();
    void oneValueIsAllItsWritings_data();
    void oneValueIsAllItsWritings();
    void verificationKnowsTheWritings();
    void showsUtf16_data();
    void showsUtf16();
    void stringsFarApartAreNoneInARow();
    void oneEscapeOfALetterIsEnough();
};

void ForeignTextTest::findsEveryWritingByTheName_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("Latin-1") << latin;
    QTest::newRow("wide") << wide;
}

void ForeignTextTest::findsEveryWritingByTheName()
{
    QFETCH(QString, text);
    const QString field = QString::fromStdString(fieldOf(utf8(text)));
    std::vector<std::string> all {
        utf8(field), units(field, 2, false), units(field, 2, true),
        "{\"a\": 1, \"pass" + std::string("word\": \"") + json(text) + "\"}",
        "<a><pass" + std::string("word>") + xml(text) + "</password></a>"};
    if (text == latin)
        all.push_back(field.toLatin1().toStdString());
    for (const std::string& one : all) {
        const std::string bytes = gap() + one + gap();
        const ScanResult result = scanned(bytes);
        QCOMPARE(result.findings.size(), std::size_t {1});
        QVERIFY2(QByteArray::fromStdString(result.findings[0].rule).startsWith("foreign-"),
                 result.findings[0].rule.c_str());
        for (const Writing& writing : writingsOf(text))
            QVERIFY2(leftOf(bytes, result).find(writing.bytes) == std::string::npos,
                     writing.name.c_str());
    }
}

void ForeignTextTest::oneValueIsAllItsWritings_data() { findsEveryWritingByTheName_data(); }

void ForeignTextTest::oneValueIsAllItsWritings()
{
    QFETCH(QString, text);
    std::vector<std::string> fields {fieldOf(utf8(text))};
    if (text == latin)
        fields.push_back(fieldOf(text.toLatin1().toStdString()));
    for (const std::string& field : fields)
        for (const Writing& writing : writingsOf(text)) {
            const std::string bytes = gap() + field + gap() + writing.bytes + gap();
            const ScanResult result = scanned(bytes);
            QCOMPARE(result.findings.size(), std::size_t {1});
            QVERIFY2(leftOf(bytes, result).find(writing.bytes) == std::string::npos,
                     writing.name.c_str());
        }
    // Found in either charset it is one secret.
    if (text == latin) {
        const ScanResult result = scanned(fields[0] + gap() + fields[1]);
        QCOMPARE(result.findings.size(), std::size_t {1});
        QCOMPARE(result.findings[0].occurrences.size(), std::size_t {2});
    }
}

void ForeignTextTest::verificationKnowsTheWritings()
{
    for (const QString& text : {latin, wide}) {
        const ScanResult result = scanned(fieldOf(utf8(text)));
        QCOMPARE(result.values.size(), std::size_t {1});
        const Needles needles(result.values);
        for (const Writing& writing : writingsOf(text)) {
            if (writing.name == "xml")
                continue; // the verifying scan reads it
            bool found = false;
            for (std::size_t at = 0; at + 8 <= writing.bytes.size(); ++at)
                found = found || needles.at(asBytes(writing.bytes), at).has_value();
            QVERIFY2(found, writing.name.c_str());
        }
    }
}

void ForeignTextTest::showsUtf16_data()
{
    QTest::addColumn<bool>("isBig");
    QTest::newRow("little-endian") << false;
    QTest::newRow("big-endian") << true;
}

void ForeignTextTest::showsUtf16()
{
    QFETCH(bool, isBig);
    const QString text = "some text, " + wide + ", " + latin;
    // As the views show it: Latin-1 as bytes, what is beyond in UTF-8.
    std::string shown;
    for (const QChar c : text)
        shown += c.unicode() < 0x100 ? std::string(1, static_cast<char>(c.unicode()))
                                     : utf8(QString(c));
    for (std::size_t shift = 0; shift < 70; shift += 2) {
        const std::string bytes
            = std::string(shift, '\0') + units(text, 2, isBig) + std::string(8, '\0');
        const auto seen = look(bytes, shown);
        QCOMPARE(seen.size(), std::size_t {1});
        QCOMPARE(seen[0].ranges.size(), std::size_t {1});
        QVERIFY(seen[0].ranges[0] == range(shift, 2 * static_cast<std::size_t>(text.size())));
    }
    // At odd places what is beyond Latin-1 may read as either order.
    const std::string latin1 = latin.toLatin1().toStdString();
    for (std::size_t shift = 1; shift < 70; ++shift) {
        const std::string bytes
            = std::string(shift, '\0') + units("text: " + latin, 2, isBig) + std::string(8, '\0');
        QCOMPARE(look(bytes, latin1).size(), std::size_t {1});
    }
}

void ForeignTextTest::stringsFarApartAreNoneInARow()
{
    const std::string option = units("--pass" + QString("word"), 2, false);
    const std::string value = units("Xk29fQ7w", 2, false);
    const std::string near = option + std::string(2, '\0') + value + std::string(16, '\0');
    const std::string far = option + std::string(40, '\0') + value + std::string(16, '\0');
    const std::string wanted = "--pass" + std::string("word") + '\0' + "Xk29fQ7w";
    QCOMPARE(look(gap() + near, wanted).size(), std::size_t {1});
    QCOMPARE(look(gap() + far, wanted).size(), std::size_t {0});
}

void ForeignTextTest::oneEscapeOfALetterIsEnough()
{
    const auto seen = look("{\"a\": \"gr\\u0142n 4711\"}", utf8(QString::fromUtf8("gr\xc5\x82n")));
    QCOMPARE(seen.size(), std::size_t {1});
    QVERIFY(seen[0].ranges == std::vector {range(7, 9)});
    QCOMPARE(look("C:\\u0041bc\\dir", "Abc").size(), std::size_t {0});
}

QTEST_APPLESS_MAIN(ForeignTextTest)
#include "tst_foreigntext.moc"
