// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sampledumps.h"

namespace coredact::test {

namespace {

/// Breakpad on Linux, big-endian, with copies of /proc; memory in the 64-bit list.
FileBuilder breakpadDump()
{
    MinidumpBuilder dump(Endian::Big);
    dump.stream(7, systemInfo(dump, 3, 0x8201));
    dump.stream(0x47670004, dump.part().text("Name:\tapp\nPid:\t55\n"));
    dump.stream(0x47670006, dump.part().text("./app").u8(0).text("--one").u8(0));
    dump.stream(0x47670007, dump.part().text("HOME=/root").u8(0));
    dump.stream(0x47670009,
                dump.part().text("00010000-00011000 rw-p 00000000 00:00 0 [heap]\n"
                                 "00020000-00021000 r-xp 00000000 08:01 7 /bin/app\n"));
    FileBuilder memory = dump.part();
    memory.u64(2).u64(dump.here() + 48); // count, where the bytes begin
    memory.u64(0x10000).u64(32).u64(0x20000).u64(32);
    dump.stream(9, memory);
    dump.place(dump.part().text("heap", 32).text("code", 32));
    return dump.build();
}

/// Crashpad: annotations of the process and of one module.
FileBuilder crashpadDump()
{
    MinidumpBuilder dump;
    const auto text = [&](std::string_view letters) {
        return dump.place(dump.part().u32(letters.size()).text(letters).u8(0));
    };
    const std::uint32_t key = text("key");
    const std::uint32_t value = text("value");
    const std::uint32_t dictionary = dump.place(dump.part().u32(1).u32(key).u32(value));
    const std::uint32_t list = dump.place(dump.part().u32(1).u32(value));
    const std::uint32_t objects = dump.place(dump.part().u32(1).u32(key).u16(1).u16(0).u32(value));
    const std::uint32_t module = dump.place(
        dump.part().u32(1).u32(8).u32(list).u32(12).u32(dictionary).u32(16).u32(objects));
    const std::uint32_t modules = dump.place(dump.part().u32(1).u32(0).u32(28).u32(module));
    FileBuilder info = dump.part();
    info.u32(1).fill(32).u32(12).u32(dictionary).u32(16).u32(modules).u32(0).u64(0);
    dump.stream(0x43500001, info);
    return dump.build();
}

} // namespace

std::vector<GoodFile> goodFiles()
{
    ElfCoreBuilder counted = samplePowerPcCore();
    counted.countInSection = true;
    counted.headersAtEnd = true;
    counted.segmentShift = 3;
    FileBuilder raw;
    raw.text("bytes without any structure");
    return {{"elf-core", "x86-64 core", sampleCore().build().content()},
            {"elf-core", "big-endian 32-bit core", samplePowerPcCore().build().content()},
            {"elf-core", "core with its count in section 0", counted.build().content()},
            {"elf-core", "NetBSD core", sampleNetbsdCore().build().content()},
            {"minidump", "Windows minidump", sampleMinidump().build().content()},
            {"minidump", "big-endian Breakpad minidump", breakpadDump().content()},
            {"minidump", "Crashpad minidump", crashpadDump().content()},
            {"raw", "raw bytes", raw.content()}};
}

} // namespace coredact::test
