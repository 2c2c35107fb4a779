// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sampledumps.h"

namespace coredact::test {

namespace {

using namespace samplecore;

constexpr std::size_t Page = 256; ///< small pages keep the file small

/// The program's first page: ELF header, PT_PHDR, PT_LOAD, PT_NOTE, and the note.
FileBuilder programPage(const ElfCoreBuilder& core)
{
    FileBuilder page = core.part();
    page.text("\x7f" "ELF").u8(2).u8(1).u8(1).fill(9);
    page.u16(2).u16(62).u32(1); // ET_EXEC, EM_X86_64, EV_CURRENT
    page.u64(Program + 0xabc).u64(64).u64(0); // e_entry, e_phoff, e_shoff
    page.u32(0).u16(64).u16(56).u16(3).u16(0).u16(0).u16(0);
    const auto header = [&](std::uint32_t type, std::uint64_t offset, std::uint64_t size,
                            std::uint64_t memorySize) {
        page.u32(type).u32(4).u64(offset).u64(Program + offset).u64(Program + offset);
        page.u64(size).u64(memorySize).u64(4);
    };
    header(6, 64, 168, 168); // PT_PHDR
    header(1, 0, 2 * Page, 0x2000); // PT_LOAD
    header(4, 232, 24, 24); // PT_NOTE
    page.u32(4).u32(8).u32(3).text("GNU", 4); // NT_GNU_BUILD_ID
    page.u64(0x8877665544332211);
    return page.alignTo(512);
}

FileBuilder stackPage(const ElfCoreBuilder& core, FileBuilder& vector)
{
    // argc, argv[2], 0, envp[2], 0, auxiliary vector, random bytes, strings.
    constexpr std::uint64_t Texts = Stack + 0x1c0;
    FileBuilder page = core.part();
    page.fill(0x80);
    page.u64(2).u64(Texts).u64(Texts + 6).u64(0);
    page.u64(Texts + 14).u64(Texts + 24).u64(0);
    vector.u64(3).u64(Program + 64); // AT_PHDR
    vector.u64(4).u64(56).u64(5).u64(3); // AT_PHENT, AT_PHNUM
    vector.u64(6).u64(Page).u64(9).u64(Program + 0xabc); // AT_PAGESZ, AT_ENTRY
    vector.u64(25).u64(Stack + 0x1b0); // AT_RANDOM
    vector.u64(31).u64(Texts + 32); // AT_EXECFN
    vector.u64(33).u64(Vdso); // AT_SYSINFO_EHDR
    vector.u64(0).u64(0);
    page.bytes(vector.content());
    page.fill(0x1b0 - page.size());
    page.fill(16, 0xcc); // random bytes
    page.text("./app", 6).text("--fast=1", 8).text("HOME=/root", 10).text("A=value", 8);
    page.text("./app", 6);
    return page.alignTo(512);
}

FileBuilder processInfo(const ElfCoreBuilder& core)
{
    FileBuilder body = core.part();
    body.fill(24).u32(ProcessId).fill(12); // pr_pid at 24
    return body.text("app", 16).text("./app --fast=1 ", 80);
}

FileBuilder signalInfo(const ElfCoreBuilder& core)
{
    FileBuilder body = core.part();
    body.u32(11).u32(0).u32(1).u32(0).u64(FaultAddress); // SIGSEGV, SEGV_MAPERR
    return body.fill(128 - body.size());
}

FileBuilder mappedFiles(const ElfCoreBuilder& core)
{
    FileBuilder body = core.part();
    body.u64(3).u64(Page); // count, page size
    body.u64(Program).u64(Program + 512).u64(0);
    body.u64(Program + 512).u64(Program + 1024).u64(2);
    body.u64(Library).u64(Library + 0x1000).u64(0);
    return body.text("/opt/app").u8(0).text("/opt/app").u8(0).text("/usr/lib/libx.so").u8(0);
}

FileBuilder floatingPoint(const ElfCoreBuilder& core)
{
    FileBuilder body = core.part();
    body.u16(0x37f).fill(22).u32(0x1f80).u32(0xffff); // FCW, MXCSR, MXCSR_MASK
    return body.fill(128 + 256, 0xf0).fill(96);
}

} // namespace

FileBuilder amd64Status(const ElfCoreBuilder& core, std::uint32_t id, std::uint16_t signal,
                        std::uint64_t pc, std::uint64_t sp)
{
    FileBuilder body = core.part();
    body.fill(12).u16(signal).fill(18).u32(id).fill(76); // pr_cursig at 12, pr_pid at 32
    for (std::uint64_t i = 0; i < 27; ++i) // rip is the 17th, rsp the 20th
        body.u64(i == 16 ? pc : i == 19 ? sp : 112 + 8 * i);
    return body.u64(1); // pr_fpvalid
}

ElfCoreBuilder sampleCore()
{
    ElfCoreBuilder core(Endian::Little, 8, 62);
    FileBuilder vector = core.part();
    const FileBuilder stack = stackPage(core, vector);
    core.note("CORE", 1, amd64Status(core, ProcessId, 11, Pc, Sp));
    core.note("CORE", 3, processInfo(core));
    core.note("CORE", 0x53494749, signalInfo(core));
    core.note("CORE", 6, vector);
    core.note("CORE", 0x46494c45, mappedFiles(core));
    core.note("CORE", 2, floatingPoint(core));
    core.note("LINUX", 0x202, floatingPoint(core).fill(64).fill(256, 0xf1)); // XSAVE header, AVX
    core.note("CORE", 1, amd64Status(core, OtherThread, 11, Pc + 1, ThreadStack + 8));
    core.note("CORE", 2, floatingPoint(core));
    core.note("MAKER", 99, core.part().text("what no reader knows"));

    core.load({Program, programPage(core).content(), {}, 5, 0});
    core.load({Program + 512, core.part().text("data", 512).content(), {}, 6, 0});
    core.load({Heap, core.part().text("heap", 256).content(), {}, 6, 0});
    core.load({Library, {}, 0x1000, 5, 0});
    core.load({ThreadStack, core.part().text("", 64).content(), {}, 6, 0});
    core.load({Vdso, core.part().text("vdso", 64).content(), {}, 5, 0});
    core.load({Stack, stack.content(), {}, 6, 0});
    return core;
}

ElfCoreBuilder samplePowerPcCore()
{
    ElfCoreBuilder core(Endian::Big, 4, 20);
    FileBuilder status = core.part();
    status.fill(12).u16(6).fill(10).u32(99).fill(44); // pr_cursig, pr_pid at 24
    for (std::uint32_t i = 0; i < 48; ++i) // r1 is the 2nd, nip the 33rd
        status.u32(i == 1 ? 0x7ff00010 : i == 32 ? 0x10000400 : i);
    core.note("CORE", 1, status.u32(1));
    FileBuilder info = core.part();
    info.fill(16).u32(99).fill(12).text("small", 16).text("small one", 80); // 32-bit user ids
    core.note("CORE", 3, info);
    core.load({0x10000000, core.part().text("program", 64).content(), {}, 5, 0});
    core.load({0x7ff00000, core.part().text("stack", 64).content(), 0x1000, 6, 0});
    return core;
}

ElfCoreBuilder sampleNetbsdCore()
{
    ElfCoreBuilder core(Endian::Little, 8, 62);
    FileBuilder info = core.part();
    info.u32(1).u32(160).u32(11).fill(68).u32(622); // version, size, signal; pid at 80
    info.fill(40).text("app", 32).u32(1); // cpi_name at 124, cpi_siglwp
    core.note("NetBSD-CORE", 1, info);
    FileBuilder vector = core.part();
    vector.u64(9).u64(0x200000).u64(0).u64(0); // AT_ENTRY
    core.note("NetBSD-CORE", 2, vector.text("/home/me/app", 32));
    const auto registers = [&](std::uint64_t pc, std::uint64_t sp) {
        FileBuilder body = core.part();
        for (std::uint64_t i = 0; i < 26; ++i) // rip is the 22nd, rsp the 25th
            body.u64(i == 21 ? pc : i == 24 ? sp : i);
        return body;
    };
    core.note("NetBSD-CORE@2", 33, registers(0x200002, 0x7e0010));
    core.note("NetBSD-CORE@1", 33, registers(0x200001, 0x7f0010));
    core.note("NetBSD-CORE@1", 35, core.part().fill(512, 0xf0));
    core.load({0x200000, core.part().text("code", 32).content(), {}, 5, 0});
    core.load({0x7f0000, core.part().text("stack", 32).content(), {}, 6, 0});
    return core;
}

} // namespace coredact::test
