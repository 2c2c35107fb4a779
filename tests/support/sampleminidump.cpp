// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sampledumps.h"

namespace coredact::test {

namespace {

using namespace sampleminidump;

struct Place {
    std::uint32_t size;
    std::uint32_t offset;
};

Place put(MinidumpBuilder& dump, const FileBuilder& bytes)
{
    return {static_cast<std::uint32_t>(bytes.size()), dump.place(bytes)};
}

void addThreads(MinidumpBuilder& dump)
{
    const Place stack = put(dump, dump.part().text("stack", 64));
    const Place other = put(dump, dump.part().text("other stack", 64));
    const Place first = put(dump, amd64Context(dump, Image + 1, Stack + 8));
    const Place second = put(dump, amd64Context(dump, Image + 2, Stack + 0x108));
    const Place crash = put(dump, amd64Context(dump, CrashPc, Stack + 0x110));
    FileBuilder threads = dump.part();
    threads.u32(2);
    threads.u32(FirstThread).fill(12).u64(0); // Suspend, PriorityClass, Priority, Teb
    threads.u64(Stack).u32(stack.size).u32(stack.offset).u32(first.size).u32(first.offset);
    threads.u32(SecondThread).fill(12).u64(0);
    threads.u64(Stack + 0x100).u32(other.size).u32(other.offset);
    threads.u32(second.size).u32(second.offset);
    dump.stream(3, threads);

    FileBuilder exception = dump.part();
    exception.u32(SecondThread).u32(0);
    exception.u32(0xc0000005).u32(0).u64(0).u64(CrashPc); // access violation
    exception.u32(2).u32(0).u64(1).u64(0x666).fill(13 * 8); // writing to 0x666
    dump.stream(6, exception.u32(crash.size).u32(crash.offset));

    // The second stack is in the memory list too, the first one is not.
    FileBuilder memory = dump.part();
    memory.u32(1).u64(Stack + 0x100).u32(other.size).u32(other.offset);
    dump.stream(5, memory);

    const std::uint32_t name = dump.placeString("worker");
    dump.stream(24, dump.part().u32(1).u32(SecondThread).u64(name));
}

void addModules(MinidumpBuilder& dump)
{
    const std::uint32_t name = dump.placeString("C:\\app\\app.exe");
    FileBuilder record = dump.part();
    record.u32(0x53445352).u32(0x11223344).u16(0x5566).u16(0x7788); // "RSDS", GUID
    record.text("\x01\x02\x03\x04\x05\x06\x07\x08").u32(10).text("C:\\b\\app.pdb").u8(0);
    const Place codeView = put(dump, record);
    FileBuilder modules = dump.part();
    modules.u32(1).u64(Image).u32(0x1000).u32(0).u32(0).u32(name).fill(52);
    modules.u32(codeView.size).u32(codeView.offset).u32(0).u32(0).u64(0).u64(0);
    dump.stream(4, modules);
}

void addTexts(MinidumpBuilder& dump)
{
    dump.stream(10, dump.part().text("a comment").u8(0));
    dump.stream(0x4b6b0002, dump.part().text("what no reader knows"));
    const std::uint32_t type = dump.placeString("Key");
    const std::uint32_t name = dump.placeString("\\REGISTRY\\USER");
    FileBuilder handles = dump.part();
    handles.u32(16).u32(32).u32(1).u32(0).u64(4).u32(type).u32(name).fill(16);
    dump.stream(12, handles);
}

} // namespace

FileBuilder systemInfo(const MinidumpBuilder& dump, std::uint16_t processor, std::uint32_t platform)
{
    FileBuilder body = dump.part();
    body.u16(processor).fill(18).u32(platform).u32(0); // PlatformId at 20, CSDVersionRva
    return body.fill(56 - body.size());
}

FileBuilder amd64Context(const MinidumpBuilder& dump, std::uint64_t pc, std::uint64_t sp)
{
    FileBuilder body = dump.part();
    body.fill(0x98).u64(sp).fill(0xf8 - 0xa0).u64(pc); // Rsp, Rip
    body.fill(32).fill(128 + 256, 0xf0); // FltSave: control, ST and XMM registers
    return body.fill(1232 - body.size());
}

MinidumpBuilder sampleMinidump()
{
    MinidumpBuilder dump;
    dump.stream(7, systemInfo(dump, 9, 2));
    dump.stream(15, dump.part().u32(24).u32(1).u32(ProcessId).fill(12));
    addThreads(dump);
    addModules(dump);
    addTexts(dump);
    return dump;
}

} // namespace coredact::test
