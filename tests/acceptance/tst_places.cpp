// SPDX-License-Identifier: GPL-3.0-or-later
// A token in every kind of place that a dump has: notes, streams, registers, slack. Each is there
// before and gone from the copy, by a search that is not ours.
#include "realprocess.h"

#include "tests/support/sampledumps.h"

#include <QFile>
#include <QRandomGenerator>
#include <QtTest>

using namespace coredact::test;

namespace {

/// A token that no scanner of sources takes for one.
std::string madeToken()
{
    std::string token("gh"
                      "p_");
    for (int i = 0; i < 36; ++i)
        token += "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
            [QRandomGenerator::global()->bounded(62)];
    return token;
}

QByteArray wide(const QByteArray& text)
{
    QByteArray wide;
    for (const char letter : text)
        wide.append(letter).append('\0');
    return wide;
}

/// What is planted where, by the name of the place.
class Planted {
public:
    std::string at(const char* place)
    {
        m_tokens.emplace_back(place, madeToken());
        return m_tokens.back().second;
    }

    const std::vector<std::pair<QByteArray, std::string>>& tokens() const { return m_tokens; }

private:
    std::vector<std::pair<QByteArray, std::string>> m_tokens;
};

void addWindowsStreams(MinidumpBuilder& dump, Planted& planted)
{
    const auto string = [&](const char* place) { return dump.placeString(planted.at(place)); };
    const auto ascii = [&](const char* place) { return dump.part().text(planted.at(place)).u8(0); };
    const std::uint32_t servicePack = string("SystemInfo.CSDVersion");
    dump.stream(7, dump.part().u16(9).fill(18).u32(2).u32(servicePack).fill(28));
    dump.stream(10, ascii("CommentA"));
    dump.stream(10, ascii("a second CommentA"));
    dump.place(dump.part().fill(3)); // wide text right behind ASCII reads as one more letter
    dump.stream(11, dump.part().wide(planted.at("CommentW")).u16(0));
    const std::uint32_t threadName = string("ThreadNames");
    dump.stream(24, dump.part().u32(1).u32(7).u64(threadName));
    const std::uint32_t type = string("HandleData.type");
    const std::uint32_t name = string("HandleData.name");
    dump.stream(12, dump.part().u32(16).u32(32).u32(1).u32(0).u64(4).u32(type).u32(name).fill(16));
    const std::uint32_t unloaded = string("UnloadedModuleList");
    dump.stream(14, dump.part().u32(12).u32(24).u32(1).fill(20).u32(unloaded));
    FileBuilder misc = dump.part();
    misc.u32(832).u32(0).fill(224).wide(planted.at("MiscInfo.BuildString"));
    dump.stream(15, misc.fill(832 - misc.size()));
    dump.stream(19, ascii("Token"));
    dump.stream(20, ascii("JavaScriptData"));
    dump.place(dump.part().fill(3));
    FileBuilder assertion = dump.part();
    assertion.wide(planted.at("AssertionInfo"));
    dump.stream(0x47670002, assertion.fill(776 - assertion.size()));
    dump.stream(0x4b6b0002, ascii("an unknown stream"));
    dump.stream(0x10001, ascii("a user's stream"));
}

void addModules(MinidumpBuilder& dump, Planted& planted)
{
    const std::uint32_t name = dump.placeString("C:\\" + planted.at("module name") + "\\app.exe");
    FileBuilder record = dump.part();
    record.u32(0x53445352).fill(20).text(planted.at("PDB path")).u8(0); // "RSDS"
    const std::uint32_t codeView = dump.place(record);
    FileBuilder debug = dump.part();
    debug.text(planted.at("module debug record"));
    const std::uint32_t misc = dump.place(debug);
    FileBuilder modules = dump.part();
    modules.u32(1).u64(0x140000000).u32(0x1000).u32(0).u32(0).u32(name).fill(52);
    modules.u32(record.size()).u32(codeView).u32(debug.size()).u32(misc).u64(0).u64(0);
    dump.stream(4, modules);
}

void addThread(MinidumpBuilder& dump, Planted& planted)
{
    FileBuilder context = amd64Context(dump, 0x140000010, 0x2000);
    const std::string registers = planted.at("XMM registers");
    for (std::size_t i = 0; i < registers.size(); ++i)
        context.set(0x1a0 + i, 1, static_cast<std::uint8_t>(registers[i]));
    const std::uint32_t place = dump.place(context);
    const FileBuilder stack = dump.part().text("stack ").text(planted.at("stack"), 64);
    const std::uint32_t memory = dump.place(stack);
    FileBuilder threads = dump.part();
    threads.u32(1).u32(7).fill(20).u64(0x2000).u32(stack.size()).u32(memory);
    dump.stream(3, threads.u32(context.size()).u32(place));
}

void addCrashpad(MinidumpBuilder& dump, Planted& planted)
{
    const auto text = [&](std::string_view letters) {
        return dump.place(dump.part().u32(letters.size()).text(letters).u8(0));
    };
    const std::uint32_t key = text("key");
    const std::uint32_t value = text(planted.at("Crashpad dictionary"));
    const std::uint32_t dictionary = dump.place(dump.part().u32(1).u32(key).u32(value));
    const std::uint32_t item = text(planted.at("Crashpad list"));
    const std::uint32_t list = dump.place(dump.part().u32(1).u32(item));
    const std::uint32_t object = text(planted.at("Crashpad annotation"));
    const std::uint32_t objects = dump.place(dump.part().u32(1).u32(key).u16(1).u16(0).u32(object));
    FileBuilder module = dump.part();
    module.u32(1).u32(8).u32(list).u32(12).u32(dictionary).u32(16).u32(objects);
    const std::uint32_t place = dump.place(module);
    const std::uint32_t modules = dump.place(dump.part().u32(1).u32(0).u32(28).u32(place));
    FileBuilder info = dump.part();
    info.u32(1).fill(32).u32(12).u32(dictionary).u32(16).u32(modules).u32(0).u64(0);
    dump.stream(0x43500001, info);
}

void addLinuxStreams(MinidumpBuilder& dump, Planted& planted)
{
    const auto lines = [&](std::uint32_t type, const char* place, std::string_view before) {
        dump.stream(type, dump.part().text(before).text(planted.at(place)).text("\n"));
    };
    lines(0x47670003, "LinuxCpuInfo", "model name : ");
    lines(0x47670004, "LinuxProcStatus", "Name:\t");
    lines(0x47670005, "LinuxLsbRelease", "DISTRIB_ID=");
    lines(0x47670009, "LinuxMaps", "00010000-00011000 rw-p 00000000 00:00 0 /srv/");
    dump.stream(0x47670006, dump.part().text("./app").u8(0).text(planted.at("LinuxCmdLine")).u8(0));
    dump.stream(0x47670007, dump.part().text("A=").text(planted.at("LinuxEnviron")).u8(0));
    const std::uint32_t name = dump.placeString(planted.at("LinuxDsoDebug"));
    const std::uint32_t rows = dump.place(dump.part().u64(0x5000).u32(name).u32(0).u64(0));
    dump.stream(0x4767000a, dump.part().u32(1).u32(rows).u32(1).fill(24));
}

FileBuilder plantedMinidump(Planted& planted)
{
    MinidumpBuilder dump(Endian::Little, 40);
    addWindowsStreams(dump, planted);
    addModules(dump, planted);
    addThread(dump, planted);
    addCrashpad(dump, planted);
    addLinuxStreams(dump, planted);
    dump.place(dump.part().text(planted.at("between the streams")).u8(0));
    return dump.build();
}

FileBuilder plantedCore(Planted& planted)
{
    ElfCoreBuilder core(Endian::Little, 8, 62);
    FileBuilder info = core.part();
    info.fill(24).u32(7).fill(12).text("app", 16);
    info.text("./app --key " + planted.at("psargs"), 80);
    core.note("CORE", 1, amd64Status(core, 7, 11, 0x400010, 0x7ff010));
    core.note("CORE", 3, info);
    FileBuilder files = core.part();
    files.u64(1).u64(4096).u64(0x400000).u64(0x401000).u64(0);
    core.note("CORE", 0x46494c45, files.text("/srv/" + planted.at("NT_FILE") + "/app").u8(0));
    core.note("CORE", 6, core.part().u64(0).u64(0).text(planted.at("behind NT_AUXV"), 48));
    const auto registers = [&](const char* place, std::size_t before) {
        return core.part().fill(before).text(planted.at(place), 48);
    };
    core.note("CORE", 2, registers("NT_FPREGSET", 160).fill(512 - 208));
    core.note("LINUX", 0x202, registers("NT_X86_XSTATE", 576).fill(208));
    core.note("LINUX", 0x46e62b7f, registers("NT_PRXFPREG", 160).fill(512 - 208));
    core.note("LINUX", 0x400, registers("NT_ARM_VFP", 16).fill(208));
    core.note("LINUX", 0x405, registers("NT_ARM_SVE", 64));
    core.note("GDB", 0xff000000, core.part().text("<target>" + planted.at("NT_GDB_TDESC")));
    core.note("VMCOREINFO", 0, core.part().text("OSRELEASE=" + planted.at("VMCOREINFO") + "\n"));
    core.note("MAKER", 99, core.part().text(planted.at("an unknown note")));
    core.note("FreeBSD", 8, core.part().text(planted.at("PROCSTAT_PROC")).u8(0));
    core.note("FreeBSD", 9, core.part().text("/var/" + planted.at("PROCSTAT_FILES")).u8(0));
    core.load({0x7ff000, core.part().text(planted.at("stack"), 256).content(), {}, 6, 0});
    FileBuilder file = core.build();
    return file.u8(0).text(planted.at("behind everything")).u8(0);
}

QString written(const QTemporaryDir& folder, const FileBuilder& bytes)
{
    const QString path = folder.filePath(QStringLiteral("dump"));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return {};
    file.write(reinterpret_cast<const char*>(bytes.content().data()),
               static_cast<qint64>(bytes.size()));
    return path;
}

Ran redact(const QString& dump, const QString& copy, const QStringList& options = {})
{
    return run(coredactCli(),
               QStringList {QStringLiteral("redact"), dump, QStringLiteral("-o"), copy} + options);
}

} // namespace

class TestPlaces : public QObject {
    Q_OBJECT

private slots:
    void loseTheirTokens_data()
    {
        QTest::addColumn<bool>("minidump");
        QTest::newRow("minidump") << true;
        QTest::newRow("ELF core") << false;
    }

    void loseTheirTokens()
    {
        QFETCH(bool, minidump);
        Planted planted;
        const QTemporaryDir folder;
        const QString dump
            = written(folder, minidump ? plantedMinidump(planted) : plantedCore(planted));
        const QString copy = folder.filePath(QStringLiteral("copy"));
        const Ran ran = redact(dump, copy);
        QVERIFY2(ran.exitCode == 0, ran.output + ran.errors);
        for (const auto& [place, token] : planted.tokens()) {
            const QByteArray secret = QByteArray::fromStdString(token);
            QVERIFY2(countIn(dump, secret) + countIn(dump, wide(secret)) == 1, place);
            // The harmless prefix "ghp_" may stay.
            QVERIFY2(windowsLeft(copy, secret.sliced(4)) == 0, place);
            QVERIFY2(windowsLeft(copy, wide(secret.sliced(4))) == 0, place);
        }
    }

    void loseTheValuesOfArgumentsAndEnvironmentUnlessKept()
    {
        MinidumpBuilder dump;
        dump.stream(0x47670006, dump.part().text("./app").u8(0).text("--to=the harbour").u8(0));
        dump.stream(0x47670007, dump.part().text("COLOUR=dark violet").u8(0));
        const QTemporaryDir folder;
        const QString file = written(folder, dump.build());
        const QString copy = folder.filePath(QStringLiteral("copy"));
        QCOMPARE(redact(file, copy).exitCode, 0);
        for (const char* gone : {"the harbour", "dark violet"})
            QCOMPARE(windowsLeft(copy, gone), 0);
        for (const char* kept : {"./app", "--to=", "COLOUR="})
            QCOMPARE(countIn(copy, kept), 1);
        const QString other = folder.filePath(QStringLiteral("other"));
        QCOMPARE(redact(file, other, {QStringLiteral("--keep-arguments")}).exitCode, 0);
        QCOMPARE(countIn(other, "dark violet"), 1);
    }

    void loseWhatNoReaderKnowsInStrictMode()
    {
        MinidumpBuilder dump;
        dump.stream(10, dump.part().text("a comment stays").u8(0));
        dump.stream(0x10001, dump.part().text("a user's stream"));
        dump.place(dump.part().text("between the streams"));
        const QTemporaryDir folder;
        const QString file = written(folder, dump.build());
        const QString copy = folder.filePath(QStringLiteral("copy"));
        QCOMPARE(redact(file, copy, {QStringLiteral("--strict")}).exitCode, 0);
        QCOMPARE(countIn(copy, "a comment stays"), 1);
        QCOMPARE(windowsLeft(copy, "a user's stream"), 0);
        QCOMPARE(windowsLeft(copy, "between the streams"), 0);
    }
};

QTEST_GUILESS_MAIN(TestPlaces)
#include "tst_places.moc"
