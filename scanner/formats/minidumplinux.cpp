// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/minidumpstate.h"

#include <algorithm>
#include <charconv>

namespace coredact {

namespace {

constexpr std::uint64_t LargestMaps = 64U << 20;

/// The next piece of `text` up to `end`, which is taken too.
std::string_view take(std::string_view& text, char end)
{
    const std::string_view piece = text.substr(0, text.find(end));
    text.remove_prefix(std::min(text.size(), piece.size() + 1));
    return piece;
}

std::optional<std::uint64_t> number(std::string_view text, int base)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

RegionKind kindOf(std::string_view name)
{
    if (name == "[heap]")
        return RegionKind::Heap;
    if (name.substr(0, 6) == "[stack")
        return RegionKind::Stack;
    if (name == "[vdso]" || name == "[vsyscall]" || name == "[vvar]")
        return RegionKind::Vdso;
    return name.empty() || name.front() == '[' ? RegionKind::Anonymous : RegionKind::File;
}

/// "7f00a000-7f00b000 r-xp 00000000 08:01 1234    /usr/lib/libc.so.6"
std::optional<Region> regionFrom(std::string_view line)
{
    const auto first = number(take(line, '-'), 16);
    const auto end = number(take(line, ' '), 16);
    const std::string_view access = take(line, ' ');
    if (!first || !end || *end <= *first || access.size() < 3)
        return std::nullopt;
    const auto memory = AddressRange::make(*first, *end - *first);
    if (!memory)
        return std::nullopt;
    take(line, ' '); // offset
    take(line, ' '); // device
    take(line, ' '); // inode
    const std::string name(line.substr(std::min(line.size(), line.find_first_not_of(' '))));
    return Region {*memory,
                   {access[0] == 'r', access[1] == 'w', access[2] == 'x'},
                   kindOf(name),
                   name,
                   0};
}

SecretBytes readText(DumpBuilder& builder, const MinidumpStream& stream, std::uint64_t limit)
{
    return builder.read(stream.offset, std::min(stream.size, limit));
}

} // namespace

void readLinuxCommandLine(DumpBuilder& builder, MinidumpState&, const MinidumpStream& stream)
{
    builder.field("LinuxCmdLine", stream.offset, stream.size, FieldKind::Text);
    const SecretBytes bytes = readText(builder, stream, LargestMaps);
    builder.values(stream.offset, argumentValues(bytes, {}));
    std::string text(asText(bytes).substr(0, limits::Text));
    while (!text.empty() && text.back() == '\0')
        text.pop_back();
    std::replace(text.begin(), text.end(), '\0', ' ');
    builder.dump.process.arguments = std::move(text);
}

void readLinuxEnvironment(DumpBuilder& builder, MinidumpState&, const MinidumpStream& stream)
{
    builder.field("LinuxEnviron", stream.offset, stream.size, FieldKind::Text);
    const SecretBytes bytes = readText(builder, stream, LargestMaps);
    builder.values(stream.offset, environmentValues(bytes, {}));
}

void readLinuxStatus(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream)
{
    builder.field("LinuxProcStatus", stream.offset, stream.size, FieldKind::Text);
    const SecretBytes bytes = readText(builder, stream, limits::Text);
    std::string_view text = asText(bytes);
    while (!text.empty()) {
        std::string_view line = take(text, '\n');
        const std::string_view key = take(line, ':');
        line.remove_prefix(std::min(line.size(), line.find_first_not_of(" \t")));
        if (key == "Name")
            state.statusName = std::string(line);
        const auto id = number(line, 10);
        if (key == "Pid" && id)
            builder.dump.process.id = *id;
    }
}

void readLinuxMaps(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream)
{
    builder.field("LinuxMaps", stream.offset, stream.size, FieldKind::Text);
    const SecretBytes bytes = readText(builder, stream, LargestMaps);
    std::string_view text = asText(bytes);
    std::vector<Region> regions;
    std::uint64_t unread = 0;
    while (!text.empty()) {
        const std::string_view line = take(text, '\n');
        const auto region = regionFrom(line);
        if (region && regions.size() < limits::Regions)
            regions.push_back(*region);
        else if (line.find_first_not_of(std::string_view("\0 ", 2)) != std::string_view::npos)
            ++unread;
    }
    if (unread != 0)
        builder.diagnose(stream.offset, "LinuxMaps has " + std::to_string(unread)
                                            + " lines that are no mapping");
    if (state.regions.empty())
        state.regions = std::move(regions);
}

void readLinuxLinkMap(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream)
{
    // MDRawDebug32 and MDRawDebug64: version, map, dso_count, brk, ldbase, dynamic; the rows at
    // `map`: addr, name, ld, with padding as the processor aligns them.
    const bool wide = builder.dump.wordSize == 8;
    builder.structure(stream.offset, stream.size);
    const SecretBytes bytes = builder.read(stream.offset, std::min<std::uint64_t>(stream.size, 12));
    ByteReader in = state.reader(bytes, stream.offset);
    in.skip(4);
    const MinidumpStream rows {0, in.u32(), builder.dump.size};
    const std::uint64_t count = in.u32();
    const std::uint64_t rowSize = wide ? 24 : 12;
    if (!in.ok())
        return builder.diagnose(stream.offset, "LinuxDsoDebug is cut off", true);
    if (count == 0)
        return;
    forEachRow(builder, state, rows, {0, count, rowSize, rowSize, "the list of linked objects"},
               [&](ByteReader& row) {
                   row.skip(wide ? 8 : 4);
                   readMinidumpString(builder, state, row.u32(), "LinuxDsoDebug.name");
               });
}

} // namespace coredact
