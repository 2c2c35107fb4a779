// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/format.h"
#include "scanner/formats/minidumpstate.h"

#include <algorithm>
#include <array>
#include <set>

namespace coredact {

namespace {

constexpr std::uint64_t HeaderSize = 32;
constexpr std::uint64_t DirectoryRowSize = 12;
constexpr std::uint64_t MostStreams = 4096;
constexpr std::uint32_t Version = 0xa793; ///< low 16 bits

std::optional<ByteOrder> orderOf(ByteView bytes)
{
    const auto magic = slice(bytes, 0, 4);
    if (magic && asText(*magic) == "MDMP")
        return ByteOrder::Little;
    if (magic && asText(*magic) == "PMDM")
        return ByteOrder::Big;
    return std::nullopt;
}

bool recognises(const Source& source)
{
    const auto bytes = source.read(0, 4);
    return bytes && orderOf(*bytes).has_value();
}

/// How a stream is treated: by a reader, or whole as a field or as structure.
struct StreamKind {
    std::uint32_t type;
    std::string_view name;
    MinidumpStreamReader reader;
    std::optional<FieldKind> field; ///< without a reader: a field of this kind, else structure
};

// Numbers from minidumpapiset.h, Breakpad's minidump_format.h, Crashpad's minidump_extensions.h.
constexpr std::array Kinds {
    StreamKind {3, "ThreadList", readThreadList, {}},
    StreamKind {4, "ModuleList", readModuleList, {}},
    StreamKind {5, "MemoryList", readMemoryList, {}},
    StreamKind {6, "Exception", readException, {}},
    StreamKind {7, "SystemInfo", readSystemInfo, {}},
    StreamKind {8, "ThreadExList", readThreadExList, {}},
    StreamKind {9, "Memory64List", readMemory64List, {}},
    StreamKind {10, "CommentA", nullptr, FieldKind::Text},
    StreamKind {11, "CommentW", nullptr, FieldKind::Text},
    StreamKind {12, "HandleData", readHandles, {}},
    StreamKind {13, "FunctionTable", nullptr, {}},
    StreamKind {14, "UnloadedModuleList", readUnloadedModules, {}},
    StreamKind {15, "MiscInfo", readMiscInfo, {}},
    StreamKind {16, "MemoryInfoList", readMemoryInfo, {}},
    StreamKind {17, "ThreadInfoList", nullptr, {}},
    StreamKind {19, "Token", nullptr, FieldKind::Opaque},
    StreamKind {20, "JavaScriptData", nullptr, FieldKind::Opaque},
    StreamKind {21, "SystemMemoryInfo", nullptr, {}},
    StreamKind {22, "ProcessVmCounters", nullptr, {}},
    StreamKind {23, "IptTrace", nullptr, FieldKind::Opaque},
    StreamKind {24, "ThreadNames", readThreadNames, {}},
    StreamKind {0x43500001, "CrashpadInfo", readCrashpadInfo, {}},
    StreamKind {0x47670001, "BreakpadInfo", nullptr, {}},
    StreamKind {0x47670002, "AssertionInfo", readAssertion, {}},
    StreamKind {0x47670003, "LinuxCpuInfo", nullptr, FieldKind::Text},
    StreamKind {0x47670004, "LinuxProcStatus", readLinuxStatus, {}},
    StreamKind {0x47670005, "LinuxLsbRelease", nullptr, FieldKind::Text},
    StreamKind {0x47670006, "LinuxCmdLine", readLinuxCommandLine, {}},
    StreamKind {0x47670007, "LinuxEnviron", readLinuxEnvironment, {}},
    StreamKind {0x47670008, "LinuxAuxv", nullptr, {}},
    StreamKind {0x47670009, "LinuxMaps", readLinuxMaps, {}},
    StreamKind {0x4767000a, "LinuxDsoDebug", readLinuxLinkMap, {}},
};

const StreamKind* kindOf(std::uint32_t type)
{
    const auto kind = std::find_if(Kinds.begin(), Kinds.end(),
                                   [&](const StreamKind& k) { return k.type == type; });
    return kind == Kinds.end() ? nullptr : &*kind;
}

std::vector<MinidumpStream> readDirectory(DumpBuilder& builder, MinidumpState& state)
{
    const SecretBytes bytes = builder.read(0, HeaderSize);
    ByteReader in = state.reader(bytes);
    in.skip(4);
    const std::uint32_t version = in.u32();
    std::uint64_t count = in.u32();
    const std::uint64_t offset = in.u32();
    builder.structure(0, HeaderSize);
    std::vector<MinidumpStream> streams;
    if (bytes.size() < HeaderSize) {
        builder.diagnose(builder.dump.size, "the file ends inside its minidump header", true);
        return streams;
    }
    if ((version & 0xffff) != Version)
        builder.diagnose(4, "the minidump header has an unknown version");
    if (count > MostStreams) {
        builder.diagnose(8, "the header promises " + std::to_string(count) + " streams; the first "
                                + std::to_string(MostStreams) + " are read",
                         true);
        count = MostStreams;
    }
    const MinidumpStream directory {0, offset, builder.dump.size};
    forEachRow(builder, state, directory,
               {0, count, DirectoryRowSize, DirectoryRowSize, "the stream directory"},
               [&](ByteReader& row) {
                   MinidumpStream stream;
                   stream.type = row.u32();
                   stream.size = row.u32();
                   stream.offset = row.u32();
                   streams.push_back(stream);
               });
    return streams;
}

void readStream(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream,
                bool first)
{
    if (stream.size == 0)
        return;
    const StreamKind* kind = kindOf(stream.type);
    if (stream.offset > builder.dump.size || stream.size > builder.dump.size - stream.offset)
        builder.diagnose(stream.offset, "a stream reaches past the end of the file", true);
    if (!first && stream.type != 0)
        builder.diagnose(stream.offset, "a second stream of one type is not interpreted");
    if (!kind || !first) {
        const std::string name = kind ? std::string(kind->name) : std::to_string(stream.type);
        builder.field("stream " + name, stream.offset, stream.size, FieldKind::Opaque);
        return;
    }
    if (kind->reader)
        kind->reader(builder, state, stream);
    else if (kind->field)
        builder.field(std::string(kind->name), stream.offset, stream.size, *kind->field);
    else
        builder.structure(stream.offset, stream.size);
}

Result<Dump> read(const Source& source, const JobControl& control)
{
    const auto magic = source.read(0, 4);
    if (!magic)
        return magic.error();
    const auto order = orderOf(*magic);
    if (!order)
        return Error {ErrorCode::Malformed, "no minidump header", 0};
    DumpBuilder builder(source, "minidump");
    MinidumpState state;
    state.order = *order;
    builder.dump.order = *order;

    std::vector<MinidumpStream> streams = readDirectory(builder, state);
    // What the processor is decides how other streams read.
    std::stable_partition(streams.begin(), streams.end(), [](const MinidumpStream& stream) {
        const StreamKind* kind = kindOf(stream.type);
        return kind && kind->reader == readSystemInfo;
    });
    std::set<std::uint32_t> seen;
    for (const MinidumpStream& stream : streams) {
        if (control.cancelled())
            return Error {ErrorCode::Cancelled, "stopped", std::nullopt};
        readStream(builder, state, stream, seen.insert(stream.type).second);
    }
    if (builder.dump.process.name.empty())
        builder.dump.process.name = state.statusName;
    addSegments(builder, state);
    finishThreads(builder, state);
    readProcessParameters(builder, state);
    nameRegions(builder, state);
    return builder.finish();
}

} // namespace

extern const Format minidumpFormat;
const Format minidumpFormat {"minidump", "minidump (Windows, Breakpad, Crashpad)", recognises,
                             read};

} // namespace coredact
