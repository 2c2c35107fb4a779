// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/io/packedforms.h"
#include "tests/support/archives.h"

#include <QTest>

#include <string>

using namespace coredact;
using namespace coredact::test;
using namespace std::string_literals;

namespace {

QString formOf(ByteView bytes)
{
    const auto form = packedForm(*Source::fromBytes(bytes));
    return form ? QString::fromUtf8(form->name.data(), static_cast<qsizetype>(form->name.size()))
                : QString();
}

QString formOf(const std::string& text) { return formOf(asBytes(text)); }

/// The head of makedumpfile's form, written by a machine of 64 or 32 bit.
std::string kernelDump(unsigned status, std::size_t statusAt, bool bigEndian)
{
    std::string head = "KDUMP   ";
    head.resize(4096, '\0');
    const auto put = [&](std::size_t at, unsigned value) {
        for (unsigned i = 0; i < 4; ++i)
            head[at + i] = static_cast<char>(value >> (8 * (bigEndian ? 3 - i : i)));
    };
    put(statusAt, status);
    put(statusAt + 4, 4096);
    return head;
}

} // namespace

class TestPackedForms : public QObject {
    Q_OBJECT
private slots:
    void knowsWhatALibraryPacks();
    void knowsKernelDumpsWithCompressedPages();
    void letsKernelDumpsWithPlainPagesPass();
    void knowsReportsThatHoldADumpInBase64();
    void tellsEveryFormWithAdvice_data();
    void tellsEveryFormWithAdvice();
    void letsDumpsAndOtherFilesPass();
    void bearsEveryShortFile();
};

void TestPackedForms::knowsWhatALibraryPacks()
{
    const std::string text(100'000, 'x');
    QCOMPARE(formOf(archiveOf(asBytes(text), "zip")), QStringLiteral("a ZIP archive"));
    QCOMPARE(formOf(archiveOf(asBytes(text), "7zip")), QStringLiteral("a 7-Zip archive"));
    QCOMPARE(formOf(archiveOf(asBytes(text), "ustar")), QString());
}

void TestPackedForms::knowsKernelDumpsWithCompressedPages()
{
    const QString packed = QStringLiteral("a kernel dump with compressed pages");
    for (const unsigned codec : {1U, 2U, 4U, 0x20U}) {
        QCOMPARE(formOf(kernelDump(codec, 424, false)), packed);
        QCOMPARE(formOf(kernelDump(codec | 0x18, 424, true)), packed);
        QCOMPARE(formOf(kernelDump(codec, 412, false)), packed);
        const std::string flattened = "makedumpfile"s + std::string(4096 + 16 - 12, '\0');
        QCOMPARE(formOf(flattened + kernelDump(codec, 424, false)), packed);
    }
    // Nothing is known of a head that says neither.
    QCOMPARE(formOf("KDUMP   "s + std::string(1000, '\0')), packed);
}

void TestPackedForms::letsKernelDumpsWithPlainPagesPass()
{
    QCOMPARE(formOf(kernelDump(0, 424, false)), QString());
    QCOMPARE(formOf(kernelDump(0x18, 412, false)), QString());
}

void TestPackedForms::knowsReportsThatHoldADumpInBase64()
{
    const std::string report = "ProblemType: Crash\nProcMaps:\n " + std::string(300'000, 'm');
    QCOMPARE(formOf(report + "\nCoreDump: base64\n H4sICAAAAAAC/0NvcmVEdW1wAA==\n"),
             QStringLiteral("a crash report of apport"));
    QCOMPARE(formOf(report + "\nUname: Linux\n"), QString());
}

void TestPackedForms::tellsEveryFormWithAdvice_data()
{
    QTest::addColumn<QByteArray>("head");
    const auto row = [](const char* name, const std::string& head) {
        QTest::newRow(name) << QByteArray(head.data(), static_cast<qsizetype>(head.size()));
    };
    row("rar", "Rar!\x1a\x07\x01\0"s);
    row("cabinet", "MSCF\0\0\0\0"s);
    row("lzip", "LZIP\x01\x0c"s);
    row("lzop", "\x89LZO\0\r\n\x1a\n"s);
    row("snappy", "\xff\x06\0\0sNaPpY"s);
    row("avml", "AVML\x02\0\0\0"s);
    row("hibernation", "HIBR"s);
    row("virtualbox", "\x7fVirtualBox SavedState V2.0\n"s);
    row("hyper-v", "\x14\x20\x28\x01"s);
    row("luks", "LUKS\xba\xbe"s);
    row("openssl", "Salted__"s);
    row("age", "age-encryption.org/v1\n"s);
    row("pgp", "-----BEGIN PGP MESSAGE-----\n"s);
}

void TestPackedForms::tellsEveryFormWithAdvice()
{
    QFETCH(QByteArray, head);
    const std::string bytes = head.toStdString() + std::string(100, '\1');
    const auto form = packedForm(*Source::fromBytes(asBytes(bytes)));
    QVERIFY(form);
    QVERIFY(!form->name.empty() && form->advice.ends_with('.'));
}

void TestPackedForms::letsDumpsAndOtherFilesPass()
{
    for (const std::string& head : {"\x7f"
                                    "ELF\2\1\1"s,
                                    "MDMP\x93\xa7"s, "AVML\x01\0\0\0"s, "EMiL\1\0\0\0"s,
                                    "JAVA PROFILE 1.0.2"s, "a log: PK\x03\x04"s})
        QCOMPARE(formOf(head + std::string(5000, '\0')), QString());
}

void TestPackedForms::bearsEveryShortFile()
{
    const std::string flattened
        = "makedumpfile"s + std::string(4096 + 16 - 12, '\0') + kernelDump(1, 424, false);
    for (std::size_t size = 0; size < flattened.size(); size += 7)
        formOf(flattened.substr(0, size));
    QCOMPARE(formOf(std::string()), QString());
    QCOMPARE(formOf(std::string("PK")), QString());
}

QTEST_APPLESS_MAIN(TestPackedForms)
#include "tst_packedforms.moc"
