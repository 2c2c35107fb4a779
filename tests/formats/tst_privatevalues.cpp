// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/privatevalues.h"
#include "tests/support/filebuilder.h"

#include <QTest>

using namespace coredact;
using namespace coredact::test;

namespace {

/// The parts as text, with a bar between.
std::string parts(const std::string& text, const std::vector<TextPart>& found)
{
    std::string joined;
    for (const TextPart& part : found)
        joined += text.substr(part.begin, part.end - part.begin) + '|';
    return joined;
}

std::string values(const std::string& environment)
{
    return parts(environment, environmentValues(asBytes(environment), {}));
}

std::string arguments(const std::string& line, char separator)
{
    return parts(line, argumentValues(asBytes(line), {.separator = separator}));
}

} // namespace

class TestPrivateValues : public QObject {
    Q_OBJECT
private slots:
    void takeWhatStandsBehindTheNamesOfVariables();
    void takeTextWithoutANameWhole();
    void keepTheProgramAndItsOptions();
    void keepQuotedBlanksTogether();
    void readUtf16InBothOrders();
};

void TestPrivateValues::takeWhatStandsBehindTheNamesOfVariables()
{
    using namespace std::string_literals;
    QCOMPARE(values("HOME=/root\0EMPTY=\0A=b=c\0"s), std::string("/root|b=c|"));
    QCOMPARE(values("=C:=C:\\app\0ProgramFiles(x86)=D:\0"s), std::string("C:\\app|D:|"));
    QCOMPARE(values("LAST=cut of"), std::string("cut of|"));
    QCOMPARE(values({}), std::string());
}

void TestPrivateValues::takeTextWithoutANameWhole()
{
    using namespace std::string_literals;
    QCOMPARE(values("worker process for 10.0.0.1\0a b=c\0"s),
             std::string("worker process for 10.0.0.1|a b=c|"));
    QCOMPARE(values(std::string(300, 'A') + "=b"), std::string(300, 'A') + "=b|");
}

void TestPrivateValues::keepTheProgramAndItsOptions()
{
    using namespace std::string_literals;
    QCOMPARE(arguments("./app\0--fast\0--key=abc\0-p\0hunter2\0--=\0"s, '\0'),
             std::string("abc|hunter2|"));
    QCOMPARE(arguments("./app --key=abc  -p hunter2", ' '), std::string("abc|hunter2|"));
    QCOMPARE(arguments("\0\0./app\0x"s, '\0'), std::string("x|"));
}

void TestPrivateValues::keepQuotedBlanksTogether()
{
    QCOMPARE(arguments("\"C:\\Program Files\\app.exe\" --name=\"a b\" c", ' '),
             std::string("\"a b\"|c|"));
}

void TestPrivateValues::readUtf16InBothOrders()
{
    for (const Endian endian : {Endian::Little, Endian::Big}) {
        FileBuilder text(endian);
        text.wide("A=bc").u16(0).wide("D=").u16(0x4e2d).u16(0); // a letter that is no ASCII
        const ByteOrder order = endian == Endian::Little ? ByteOrder::Little : ByteOrder::Big;
        const auto found = environmentValues(text.content(), {.unit = 2, .order = order});
        const std::vector<TextPart> expected {{4, 8}, {14, 16}};
        QVERIFY(found == expected);
    }
}

QTEST_GUILESS_MAIN(TestPrivateValues)
#include "tst_privatevalues.moc"
