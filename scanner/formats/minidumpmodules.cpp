// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/minidumpstate.h"

#include <algorithm>
#include <cstdio>

namespace coredact {

namespace {

constexpr std::uint64_t ModuleSize = 108;

constexpr std::uint32_t Pdb70 = 0x53445352; ///< "RSDS"
constexpr std::uint32_t Pdb20 = 0x3031424e; ///< "NB10"
constexpr std::uint32_t ElfBuildId = 0x4270454c; ///< "LEpB": Breakpad's and Crashpad's
constexpr std::uint64_t LongestBuildId = 64;

std::string hexNumber(std::uint64_t value, int digits)
{
    char text[24];
    std::snprintf(text, sizeof text, "%0*llx", digits, static_cast<unsigned long long>(value));
    return text;
}

/// What identifies a module's debug information; the path in it becomes a field.
std::string readCodeView(DumpBuilder& builder, const MinidumpState& state, std::uint64_t offset,
                         std::uint64_t size)
{
    size = std::min(size, limits::Text);
    const SecretBytes bytes = builder.read(offset, size);
    ByteReader in = state.reader(bytes, offset);
    const std::uint32_t signature = in.u32();
    std::string id;
    std::uint64_t path = size;
    if (signature == Pdb70) {
        id = hexNumber(in.u32(), 8);
        id += hexNumber(in.u16(), 4);
        id += hexNumber(in.u16(), 4);
        id += toHex(in.bytes(8));
        id += hexNumber(in.u32(), 1);
        path = in.position();
    } else if (signature == Pdb20) {
        in.skip(4);
        id = hexNumber(in.u32(), 8);
        id += hexNumber(in.u32(), 1);
        path = in.position();
    } else if (signature == ElfBuildId) {
        id = toHex(in.bytes(std::min(in.left(), LongestBuildId)));
    } else {
        builder.field("CodeView record", offset, size, FieldKind::Opaque);
        return {};
    }
    if (!in.ok()) {
        builder.diagnose(offset, "a module's CodeView record is cut off", true);
        return {};
    }
    builder.structure(offset, path);
    builder.field("PDB path", offset + path, size - path, FieldKind::Text);
    return id;
}

/// Writers put zeros where they do not know the id.
bool isNoId(std::string_view id)
{
    return id.find_first_not_of('0') == std::string_view::npos;
}

std::string fileName(const std::string& path)
{
    const auto slash = path.find_last_of("/\\");
    return slash == std::string::npos ? path : path.substr(slash + 1);
}

} // namespace

void readModuleList(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream)
{
    forEachListed(
        builder, state, stream, ModuleSize, "the module list", [&](ByteReader& row) {
            const std::uint64_t offset = row.fileOffset();
            const std::uint64_t base = row.u64();
            const std::uint64_t size = row.u32();
            row.skip(8); // CheckSum, TimeDateStamp
            const std::uint64_t nameOffset = row.u32();
            row.skip(52); // VS_FIXEDFILEINFO
            const std::uint64_t codeViewSize = row.u32();
            const std::uint64_t codeViewOffset = row.u32();
            const std::uint64_t miscSize = row.u32();
            const std::uint64_t miscOffset = row.u32();
            std::string name = readMinidumpString(builder, state, nameOffset, "module name");
            std::string id;
            if (codeViewSize != 0)
                id = readCodeView(builder, state, codeViewOffset, codeViewSize);
            if (isNoId(id))
                id.clear();
            builder.field("module debug record", miscOffset, miscSize, FieldKind::Text);
            if (builder.dump.modules.empty() && builder.dump.process.name.empty())
                builder.dump.process.name = fileName(name);
            const auto memory = AddressRange::make(base, size);
            if (!memory)
                builder.diagnose(offset, "a module has no valid range of addresses");
            else if (!builder.full(builder.dump.modules.size(), limits::Modules, offset, "modules"))
                builder.dump.modules.push_back({*memory, std::move(name), std::move(id)});
        });
}

void readUnloadedModules(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream)
{
    const SecretBytes head = builder.read(stream.offset, 12);
    ByteReader in = state.reader(head, stream.offset);
    const std::uint64_t first = in.u32();
    const std::uint64_t stride = in.u32();
    const std::uint64_t count = in.u32();
    forEachRow(builder, state, stream, {first, count, stride, 24, "the list of unloaded modules"},
               [&](ByteReader& row) {
                   row.skip(20); // BaseOfImage, SizeOfImage, CheckSum, TimeDateStamp
                   readMinidumpString(builder, state, row.u32(), "unloaded module name");
               });
}

} // namespace coredact
