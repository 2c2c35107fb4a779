// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/minimise.h"

#include "scanner/base/securebuffer.h"
#include "scanner/dump/addressspace.h"
#include "scanner/formats/format.h"
#include "scanner/io/sparsewriter.h"
#include "scanner/redact/patches.h"

#include <algorithm>
#include <cerrno>

#include <unistd.h>

namespace coredact {

namespace {

constexpr std::uint64_t windowSize = 1U << 20;

Error refused(std::string why)
{
    return {ErrorCode::Refused, "the dump cannot be minimised: " + std::move(why), std::nullopt};
}

/// Of a minidump's texts those that tell of modules, threads and the system. The others (comments,
/// command line, environment, annotations, names of handles) are of no use to a backtrace.
bool isKeptText(std::string_view name)
{
    static constexpr std::string_view kept[] = {
        "module name",
        "unloaded module name",
        "module debug record",
        "PDB path",
        "LinuxDsoDebug.name",
        "LinuxMaps",
        "LinuxProcStatus",
        "LinuxCpuInfo",
        "LinuxLsbRelease",
        "ThreadNames",
        "SystemInfo.service pack",
    };
    return std::find(std::begin(kept), std::end(kept), name) != std::end(kept);
}

bool isKeptField(const Dump& dump, const Field& field)
{
    if (field.kind == FieldKind::Opaque)
        return false;
    return dump.format != "minidump" || field.kind != FieldKind::Text || isKeptText(field.name);
}

/// Headers, and fields of known kinds; those in memory are kept or not with their memory.
void addFileParts(const Dump& dump, std::vector<KeptRange>& kept)
{
    std::vector<FileRange> memory;
    for (const Segment& segment : dump.segments)
        memory.push_back(segment.file);
    memory = normalised(std::move(memory));
    const auto inMemory = [&](const FileRange& range) {
        const auto next = std::lower_bound(
            memory.begin(), memory.end(), range.first(),
            [](const FileRange& one, std::uint64_t offset) { return one.last() < offset; });
        return next != memory.end() && next->overlaps(range);
    };
    std::vector<FileRange> parts;
    for (const FileRange& range : dump.structure)
        if (!inMemory(range))
            parts.push_back(range);
    for (const Field& field : dump.fields)
        if (isKeptField(dump, field) && !inMemory(field.file))
            parts.push_back(field.file);
    for (const FileRange& range : normalised(std::move(parts)))
        kept.push_back({range, "notes"});
    std::sort(kept.begin(), kept.end(),
              [](const KeptRange& one, const KeptRange& other) { return one.range < other.range; });
}

template <typename Visit>
Status forEachWindow(const FileRange& range, const JobControl& control, Visit visit)
{
    for (std::uint64_t at = range.first();; at += windowSize) {
        if (control.cancelled())
            return Error {ErrorCode::Cancelled, "cancelled", std::nullopt};
        const std::uint64_t last = std::min(range.last(), at + windowSize - 1);
        if (const Status done = visit(*FileRange::between(at, last)); !done)
            return done;
        if (last == range.last())
            return {};
    }
}

Status copyRanges(const Source& source, const std::vector<KeptRange>& kept, int target,
                  const JobControl& control)
{
    SecureBuffer buffer(std::min<std::uint64_t>(windowSize, source.size()));
    for (const KeptRange& each : kept) {
        const Status copied
            = forEachWindow(each.range, control, [&](const FileRange& window) -> Status {
                  const auto bytes = buffer.bytes().first(static_cast<std::size_t>(window.size()));
                  if (const Status read = source.readAt(window.first(), bytes); !read)
                      return read;
                  return writeAllAt(target, window.first(), bytes);
              });
        if (!copied)
            return copied;
    }
    if (ftruncate(target, static_cast<off_t>(source.size())) != 0)
        return systemError("cannot give the minimised dump its size", errno);
    return {};
}

bool sameThreads(const Dump& one, const Dump& other)
{
    return std::equal(one.threads.begin(), one.threads.end(), other.threads.begin(),
                      other.threads.end(), [](const Thread& a, const Thread& b) {
                          return a.id == b.id && a.pc == b.pc && a.sp == b.sp
                              && a.signal == b.signal && a.name == b.name;
                      });
}

bool sameModules(const Dump& one, const Dump& other)
{
    return std::equal(one.modules.begin(), one.modules.end(), other.modules.begin(),
                      other.modules.end(), [](const Module& a, const Module& b) {
                          return a.memory == b.memory && a.name == b.name && a.buildId == b.buildId;
                      });
}

/// An ELF core's headers stay in their places; a minidump's list of memory may get shorter.
bool sameStructure(const Dump& one, const Dump& original)
{
    if (original.format != "minidump")
        return one.structure == original.structure;
    const auto inside = [&](const FileRange& range) {
        const auto next = std::lower_bound(
            original.structure.begin(), original.structure.end(), range.first(),
            [](const FileRange& known, std::uint64_t offset) { return known.last() < offset; });
        return next != original.structure.end() && next->first() <= range.first()
            && range.last() <= next->last();
    };
    return std::all_of(one.structure.begin(), one.structure.end(), inside);
}

/// Each run of memory is a part of one that was there, at the same address.
bool partsOfTheSame(const Dump& minimised, const Dump& original)
{
    const AddressSpace memory(original.segments);
    return std::all_of(minimised.segments.begin(), minimised.segments.end(),
                       [&](const Segment& part) {
                           return memory.addressOf(part.file.first()) == part.memory.first()
                               && memory.addressOf(part.file.last()) == part.memory.last();
                       });
}

} // namespace

Status checkReadsTheSame(const Dump& minimised, const Dump& original)
{
    if (minimised.format != original.format || !sameStructure(minimised, original))
        return refused("its headers and notes would read otherwise");
    if (!sameThreads(minimised, original))
        return refused("its threads would read otherwise");
    if (!sameModules(minimised, original))
        return refused("its modules would read otherwise");
    if (!partsOfTheSame(minimised, original))
        return refused("its memory would read otherwise");
    return {};
}

Result<std::vector<KeptRange>> minimise(const Source& source, const Dump& dump, int target,
                                        const JobControl& control)
{
    if (dump.format != "elf-core" && dump.format != "minidump")
        return Error {ErrorCode::Unsupported, "only ELF cores and minidumps can be minimised",
                      std::nullopt};
    std::vector<KeptRange> kept = memoryToKeep(source, dump);
    std::vector<FileRange> memory;
    for (const KeptRange& each : kept)
        memory.push_back(each.range);
    if (std::none_of(kept.begin(), kept.end(),
                     [](const KeptRange& each) { return each.what == "stack"; }))
        return refused("no thread's stack is in it");
    memory = normalised(std::move(memory));
    const auto patches = dump.format == "minidump" ? patchesForMinidump(source, memory)
                                                   : patchesForElf(source, memory);
    if (!patches)
        return patches.error();
    addFileParts(dump, kept);
    if (const Status copied = copyRanges(source, kept, target, control); !copied)
        return copied.error();
    for (const Patch& patch : *patches)
        if (const Status written = writeAllAt(target, patch.offset, patch.bytes); !written)
            return written.error();
    const auto written = Source::fromDescriptor(Descriptor(dup(target)));
    if (!written)
        return written.error();
    const auto again = readDump(*written, control);
    if (!again)
        return again.error();
    if (const Status same = checkReadsTheSame(*again, dump); !same)
        return same.error();
    return kept;
}

Result<std::optional<std::uint64_t>>
bytesBeside(const Source& source, const std::vector<KeptRange>& kept, const JobControl& control)
{
    SecureBuffer buffer(std::min<std::uint64_t>(windowSize, source.size()));
    std::optional<std::uint64_t> found;
    std::uint64_t next = 0;
    const auto lookAt = [&](const FileRange& window) -> Status {
        const auto run = source.nextData(window.first());
        if (!run)
            return run.error();
        if (found || !*run || (*run)->first() > window.last())
            return {};
        const auto bytes = buffer.bytes().first(static_cast<std::size_t>(window.size()));
        if (const Status read = source.readAt(window.first(), bytes); !read)
            return read;
        const auto other
            = std::find_if(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte != 0; });
        if (other != bytes.end())
            found = window.first() + static_cast<std::uint64_t>(other - bytes.begin());
        return {};
    };
    const auto lookUpTo = [&](std::uint64_t end) -> Status {
        if (end <= next)
            return {};
        return forEachWindow(*FileRange::between(next, end - 1), control, lookAt);
    };
    for (const KeptRange& each : kept) {
        if (each.range.first() >= source.size())
            break;
        if (const Status looked = lookUpTo(each.range.first()); !looked)
            return looked.error();
        next = std::max(next, each.range.last() + 1);
    }
    if (const Status looked = lookUpTo(source.size()); !looked)
        return looked.error();
    return found;
}

} // namespace coredact
