// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/minidumpstate.h"

#include <algorithm>

namespace coredact {

void readSystemInfo(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream)
{
    constexpr std::uint64_t Size = 56;
    const SecretBytes bytes = builder.read(stream.offset, std::min(stream.size, Size));
    builder.structure(stream.offset, std::min(stream.size, Size));
    ByteReader in = state.reader(bytes, stream.offset);
    const std::uint16_t processor = in.u16();
    in.skip(18); // level, revision, processors, product, versions, build
    const std::uint32_t platformId = in.u32();
    const std::uint32_t servicePack = in.u32();
    if (!in.ok()) {
        builder.diagnose(stream.offset, "the system information is cut off", true);
        return;
    }
    state.processor = processor;
    state.platform = platformId;
    builder.dump.wordSize = processorWordSize(processor);
    builder.dump.process.architecture = processorName(processor);
    readMinidumpString(builder, state, servicePack, "SystemInfo.service pack");
}

void readMiscInfo(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream)
{
    // MINIDUMP_MISC_INFO_1 to _5: the parts that later versions added begin at these offsets.
    constexpr std::uint64_t TimeZone = 60;
    constexpr std::uint64_t BuildString = 232;
    constexpr std::uint64_t XstateData = 832;
    constexpr std::uint64_t ProcessCookie = 1360;
    constexpr std::uint32_t HasProcessId = 1;
    const SecretBytes bytes = builder.read(stream.offset, std::min<std::uint64_t>(stream.size, 24));
    ByteReader in = state.reader(bytes, stream.offset);
    in.skip(4);
    const std::uint32_t flags = in.u32();
    const std::uint32_t processId = in.u32();
    if (in.ok() && (flags & HasProcessId) != 0)
        builder.dump.process.id = processId;

    const auto part = [&](std::uint64_t begin, std::uint64_t end) {
        end = std::min(end, stream.size);
        return begin < end ? end - begin : 0;
    };
    builder.structure(stream.offset, part(0, TimeZone));
    builder.field("MiscInfo.TimeZone", stream.offset + TimeZone, part(TimeZone, BuildString),
                  FieldKind::Text);
    builder.field("MiscInfo.BuildString", stream.offset + BuildString,
                  part(BuildString, XstateData), FieldKind::Text);
    builder.structure(stream.offset + XstateData, part(XstateData, ProcessCookie));
    // The seed of EncodePointer, as AT_RANDOM is that of the pointer guard.
    builder.field("MiscInfo.ProcessCookie", stream.offset + ProcessCookie,
                  part(ProcessCookie, ProcessCookie + 4), FieldKind::Random);
}

void readHandles(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream)
{
    constexpr std::uint64_t LeastRow = 32;
    const SecretBytes head = builder.read(stream.offset, 12);
    ByteReader in = state.reader(head, stream.offset);
    const std::uint64_t first = in.u32();
    const std::uint64_t stride = in.u32();
    const std::uint64_t count = in.u32();
    forEachRow(builder, state, stream, {first, count, stride, LeastRow, "the list of handles"},
               [&](ByteReader& row) {
                   row.skip(8); // Handle
                   const std::uint32_t type = row.u32();
                   const std::uint32_t name = row.u32();
                   readMinidumpString(builder, state, type, "HandleData.type");
                   readMinidumpString(builder, state, name, "HandleData.name");
               });
}

void readAssertion(DumpBuilder& builder, MinidumpState&, const MinidumpStream& stream)
{
    // Breakpad: three texts of 128 UTF-16 units each (expression, function, file), line, type.
    constexpr std::uint64_t TextSize = 768;
    const std::uint64_t text = std::min(stream.size, TextSize);
    builder.field("AssertionInfo", stream.offset, text, FieldKind::Text);
    builder.structure(stream.offset + text, stream.size - text);
}

} // namespace coredact
