// SPDX-License-Identifier: GPL-3.0-or-later
#include "dumpchecks.h"

#include "tests/support/sampledumps.h"

#include <QTest>

using namespace coredact;
using namespace coredact::test;

namespace {

/// FreeBSD's prstatus of amd64: each register holds its offset in the note, but rip and rsp.
FileBuilder freebsdStatus(const ElfCoreBuilder& core, std::uint32_t thread, std::uint64_t pc,
                          std::uint64_t sp)
{
    FileBuilder body = core.part();
    body.u32(1).u32(0).u64(224).u64(176).u64(512); // version, sizes
    body.u32(1400097).u32(11).u32(thread).u32(0); // release, signal, thread
    for (std::uint64_t i = 0; i < 22; ++i) // rip is the 18th, rsp the 21st
        body.u64(i == 17 ? pc : i == 20 ? sp : 48 + 8 * i);
    return body;
}

FileBuilder freebsdMapRow(const ElfCoreBuilder& core, std::uint64_t start, std::uint64_t end,
                          std::string_view path)
{
    FileBuilder row = core.part();
    row.u32(136 + path.size() + 1).u32(2); // structure's size, vnode
    row.u64(start).u64(end).u64(0).fill(136 - 32);
    return row.text(path).u8(0);
}

ElfCoreBuilder freebsdCore()
{
    ElfCoreBuilder core(Endian::Little, 8, 62);
    FileBuilder info = core.part();
    info.u32(1).u32(0).u64(120).text("server", 17).text("server --port=1", 81).fill(2).u32(812);
    core.note("FreeBSD", 3, info);
    core.note("FreeBSD", 1, freebsdStatus(core, 100123, 0x201234, 0x800010));
    core.note("FreeBSD", 2, core.part().fill(512, 0xf0));
    core.note("FreeBSD", 7, core.part().text("acceptor", 24));
    core.note("FreeBSD", 1, freebsdStatus(core, 100124, 0x201235, 0x800020));
    core.note("FreeBSD", 7, core.part().text("worker", 24));
    FileBuilder map = core.part();
    map.u32(1160).bytes(freebsdMapRow(core, 0x200000, 0x201000, "/usr/local/bin/server").content());
    core.note("FreeBSD", 10, map);
    core.load({0x200000, {}, 0x1000, 5, 0});
    core.load({0x800000, core.part().text("stack", 64).content(), {}, 6, 0});
    return core;
}

/// OpenBSD's registers of amd64; each holds its index, but rsp and rip.
FileBuilder openbsdRegisters(const ElfCoreBuilder& core, std::uint64_t pc, std::uint64_t sp)
{
    FileBuilder body = core.part();
    for (std::uint64_t i = 0; i < 24; ++i)
        body.u64(i == 15 ? sp : i == 16 ? pc : i);
    return body;
}

} // namespace

class TestElfBsd : public QObject {
    Q_OBJECT
private slots:
    void readsNetbsd();
    void marksThePathBehindNetbsdsVector();
    void readsFreebsd();
    void readsOpenbsd();
    void dividesRegistersIntoWhatStaysAndWhatMayGo();
};

void TestElfBsd::readsNetbsd()
{
    const Dump dump = dumpOf(sampleNetbsdCore().build());
    QVERIFY(dump.diagnostics.empty());
    QCOMPARE(dump.process.name, std::string("app"));
    QCOMPARE(dump.process.id, std::uint64_t {622});
    QCOMPARE(dump.process.signal, std::optional<std::uint32_t>(11));
    QCOMPARE(dump.threads.size(), std::size_t {2});
    QCOMPARE(dump.threads[0].id, std::uint64_t {2});
    QCOMPARE(dump.threads[0].pc, std::uint64_t {0x200002});
    QVERIFY(!dump.threads[0].signal);
    // PROCINFO tells which thread had the signal.
    QCOMPARE(dump.threads[1].id, std::uint64_t {1});
    QCOMPARE(dump.threads[1].sp, std::uint64_t {0x7f0010});
    QCOMPARE(dump.threads[1].signal, std::optional<std::uint32_t>(11));
    QCOMPARE(regionAt(dump, 0x7f0000)->kind, RegionKind::Stack);
    QCOMPARE(fieldNamed(dump, "NT_FPREGSET, thread 1")->kind, FieldKind::VectorRegisters);
}

void TestElfBsd::marksThePathBehindNetbsdsVector()
{
    const FileBuilder file = sampleNetbsdCore().build();
    const Dump dump = dumpOf(file);
    const Field* rest = fieldNamed(dump, "NT_AUXV rest");
    QVERIFY(rest && rest->kind == FieldKind::Text);
    QCOMPARE(textAt(file, rest->file).substr(0, 9), std::string("/home/me/"));
    QVERIFY(noneStructural(dump, rest->file));
}

void TestElfBsd::readsFreebsd()
{
    const ElfCoreBuilder core = freebsdCore();
    const FileBuilder file = core.build();
    const Dump dump = dumpOf(file);
    QVERIFY(dump.diagnostics.empty());
    QCOMPARE(dump.process.name, std::string("server"));
    QCOMPARE(dump.process.arguments, std::string("server --port=1"));
    QCOMPARE(dump.process.id, std::uint64_t {812});
    QCOMPARE(dump.process.signal, std::optional<std::uint32_t>(11));
    QCOMPARE(dump.threads.size(), std::size_t {2});
    QCOMPARE(dump.threads[0].id, std::uint64_t {100123});
    QCOMPARE(dump.threads[0].name, std::string("acceptor"));
    QCOMPARE(dump.threads[0].pc, std::uint64_t {0x201234});
    QCOMPARE(dump.threads[0].sp, std::uint64_t {0x800010});
    QCOMPARE(dump.threads[0].signal, std::optional<std::uint32_t>(11));
    QVERIFY(!dump.threads[1].signal);
    QCOMPARE(dump.threads[1].name, std::string("worker"));
    QCOMPARE(regionAt(dump, 0x200000)->name, std::string("/usr/local/bin/server"));
    QCOMPARE(dump.modules.at(0).name, std::string("/usr/local/bin/server"));
    const Field* arguments = fieldNamed(dump, "NT_PRPSINFO.psargs");
    QVERIFY(arguments);
    QCOMPARE(textAt(file, arguments->file).substr(0, 6), std::string("server"));
    QVERIFY(noneStructural(dump, fieldNamed(dump, "PROCSTAT_VMMAP")->file));
}

void TestElfBsd::readsOpenbsd()
{
    ElfCoreBuilder core(Endian::Little, 8, 62);
    FileBuilder info = core.part();
    info.u32(1).u32(104).u32(6).fill(20).u32(345).fill(36).text("daemon", 32);
    core.note("OpenBSD", 10, info);
    core.note("OpenBSD@77", 20, openbsdRegisters(core, 0x1234, 0x5678));
    core.note("OpenBSD@77", 21, core.part().fill(512, 0xf0));
    core.note("OpenBSD@77", 23, core.part().fill(8, 0xcc));
    const Dump dump = dumpOf(core.build());
    QVERIFY(dump.diagnostics.empty());
    QCOMPARE(dump.process.name, std::string("daemon"));
    QCOMPARE(dump.process.id, std::uint64_t {345});
    QCOMPARE(dump.threads.size(), std::size_t {1});
    QCOMPARE(dump.threads[0].id, std::uint64_t {77});
    QCOMPARE(dump.threads[0].pc, std::uint64_t {0x1234});
    QCOMPARE(dump.threads[0].sp, std::uint64_t {0x5678});
    QCOMPARE(dump.threads[0].signal, std::optional<std::uint32_t>(6));
    QCOMPARE(fieldNamed(dump, "WCOOKIE")->kind, FieldKind::Random);
}

void TestElfBsd::dividesRegistersIntoWhatStaysAndWhatMayGo()
{
    const ElfCoreBuilder core = freebsdCore();
    const Dump dump = dumpOf(core.build());
    const std::uint64_t status = core.offsetOfNote(1);
    QVERIFY(allStructural(dump, status, 48)); // sizes, signal, thread
    QVERIFY(allStructural(dump, status + 48 + 10 * 8, 8)); // rbp
    QVERIFY(allStructural(dump, status + 48 + 17 * 8, 5 * 8)); // rip ... ss
    const Field* general = fieldNamed(dump, "registers, thread 100123");
    QVERIFY(general);
    QCOMPARE(general->kind, FieldKind::GeneralRegisters);
    QCOMPARE(general->file, *FileRange::make(status + 48, 10 * 8));
    const Field* vectors = fieldNamed(dump, "NT_FPREGSET, thread 100123");
    QVERIFY(vectors);
    QCOMPARE(vectors->file, *FileRange::make(core.offsetOfNote(2) + 32, 384));
    QVERIFY(allStructural(dump, core.offsetOfNote(2), 32)); // control words
}

QTEST_GUILESS_MAIN(TestElfBsd)
#include "tst_elfbsd.moc"
