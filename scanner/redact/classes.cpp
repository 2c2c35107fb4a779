// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/classes.h"

#include "scanner/dump/addressspace.h"
#include "scanner/dump/claims.h"
#include "scanner/io/dataruns.h"
#include "scanner/redact/keeplist.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

constexpr std::array all {
    std::pair(DumpClass::Stack, std::string_view("stack")),
    std::pair(DumpClass::Heap, std::string_view("heap")),
    std::pair(DumpClass::Anonymous, std::string_view("anonymous")),
    std::pair(DumpClass::Data, std::string_view("data")),
    std::pair(DumpClass::ReadOnly, std::string_view("read-only")),
    std::pair(DumpClass::Code, std::string_view("code")),
    std::pair(DumpClass::Loader, std::string_view("loader")),
    std::pair(DumpClass::Registers, std::string_view("registers")),
    std::pair(DumpClass::VectorRegisters, std::string_view("vector-registers")),
    std::pair(DumpClass::Arguments, std::string_view("arguments")),
    std::pair(DumpClass::Notes, std::string_view("notes")),
    std::pair(DumpClass::Unclaimed, std::string_view("unclaimed")),
};

constexpr std::array uses {std::pair(ClassUse::Scan, std::string_view("scan")),
                           std::pair(ClassUse::Keep, std::string_view("keep")),
                           std::pair(ClassUse::Fill, std::string_view("fill"))};

constexpr std::uint64_t pageSize = 4096;

template <std::size_t size>
bool isOneOf(std::string_view name, const std::array<std::string_view, size>& names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

DumpClass classOfText(std::string_view name)
{
    static constexpr std::array arguments {
        std::string_view("arguments"),      std::string_view("arguments and environment"),
        std::string_view("environment"),    std::string_view("NT_PRPSINFO.psargs"),
        std::string_view("LinuxCmdLine"),   std::string_view("LinuxEnviron"),
        std::string_view("PROCSTAT_PSARGS")};
    static constexpr std::array loader {
        std::string_view("NT_FILE"),       std::string_view("NT_FILE names"),
        std::string_view("module name"),   std::string_view("unloaded module name"),
        std::string_view("PDB path"),      std::string_view("module debug record"),
        std::string_view("LinuxMaps"),     std::string_view("LinuxDsoDebug.name"),
        std::string_view("PROCSTAT_VMMAP")};
    return isOneOf(name, arguments) ? DumpClass::Arguments
        : isOneOf(name, loader)     ? DumpClass::Loader
                                    : DumpClass::Notes;
}

DumpClass classOf(const Field& field)
{
    switch (field.kind) {
    case FieldKind::GeneralRegisters:
        return DumpClass::Registers;
    case FieldKind::VectorRegisters:
        return DumpClass::VectorRegisters;
    case FieldKind::Random: // stack guards and the like, which threads and loader copy
        return DumpClass::Loader;
    case FieldKind::Opaque: // a module's record is one too: readers take its name from it
        return field.name == "CodeView record" ? DumpClass::Loader : DumpClass::Notes;
    case FieldKind::Text:
        break;
    }
    return classOfText(field.name);
}

DumpClass classOf(const Segment& segment)
{
    switch (segment.kind) {
    case RegionKind::Stack:
        return DumpClass::Stack;
    case RegionKind::Heap:
        return DumpClass::Heap;
    case RegionKind::Vdso:
        return DumpClass::Code;
    case RegionKind::File:
        return segment.access.write  ? DumpClass::Data
            : segment.access.execute ? DumpClass::Code
                                     : DumpClass::ReadOnly;
    case RegionKind::Structure:
        return DumpClass::Unclaimed;
    case RegionKind::Unknown:
    case RegionKind::Anonymous:
        break;
    }
    return segment.access.execute && !segment.access.write ? DumpClass::Code : DumpClass::Anonymous;
}

/// Ranges in the order in which they have their bytes, and what each is; no class: structure.
class Parts {
public:
    void add(const FileRange& range, std::optional<DumpClass> kind)
    {
        m_ranges.push_back(range);
        m_kinds.push_back(kind);
    }

    /// The classes of `data`, sorted and disjoint runs; what nobody claims is Unclaimed.
    std::vector<ClassRange> within(const std::vector<FileRange>& data) const
    {
        const auto claims = firstClaims(m_ranges);
        std::vector<ClassRange> found;
        for (const FileRange& run : data) {
            auto next = std::lower_bound(
                claims.begin(), claims.end(), run.first(),
                [](const auto& claim, std::uint64_t at) { return claim.range.last() < at; });
            std::uint64_t at = run.first();
            for (; next != claims.end() && next->range.first() <= run.last(); ++next) {
                const FileRange shared = *next->range.intersection(run);
                if (at < shared.first())
                    append(found, *FileRange::between(at, shared.first() - 1),
                           DumpClass::Unclaimed);
                if (m_kinds[next->owner])
                    append(found, shared, *m_kinds[next->owner]);
                at = shared.last() + 1;
            }
            if (at <= run.last())
                append(found, *FileRange::between(at, run.last()), DumpClass::Unclaimed);
        }
        return found;
    }

private:
    static void append(std::vector<ClassRange>& found, const FileRange& range, DumpClass kind)
    {
        if (!found.empty() && found.back().kind == kind
            && found.back().range.last() + 1 == range.first())
            found.back().range = *FileRange::between(found.back().range.first(), range.last());
        else
            found.push_back({range, kind});
    }

    std::vector<FileRange> m_ranges;
    std::vector<std::optional<DumpClass>> m_kinds;
};

} // namespace

std::span<const DumpClass> dumpClasses()
{
    static constexpr auto kinds = [] {
        std::array<DumpClass, all.size()> list {};
        for (std::size_t i = 0; i < all.size(); ++i)
            list[i] = all[i].first;
        return list;
    }();
    return kinds;
}

std::string_view toText(DumpClass kind)
{
    for (const auto& [value, text] : all)
        if (value == kind)
            return text;
    return {};
}

std::string_view toText(ClassUse use)
{
    for (const auto& [value, text] : uses)
        if (value == use)
            return text;
    return {};
}

std::optional<DumpClass> dumpClassFrom(std::string_view text)
{
    for (const auto& [value, known] : all)
        if (known == text)
            return value;
    return std::nullopt;
}

std::optional<ClassUse> classUseFrom(std::string_view text)
{
    for (const auto& [value, known] : uses)
        if (known == text)
            return value;
    return std::nullopt;
}

ClassUse useOf(std::span<const ClassChoice> choices, DumpClass kind)
{
    const auto chosen = std::find_if(choices.begin(), choices.end(),
                                     [&](const ClassChoice& one) { return one.kind == kind; });
    return chosen == choices.end() ? ClassUse::Scan : chosen->use;
}

std::string_view costOfFilling(DumpClass kind)
{
    switch (kind) {
    case DumpClass::Stack:
        return "filled stacks: backtraces end at their first frame";
    case DumpClass::Registers:
        return "filled general registers: there are no backtraces";
    case DumpClass::Loader:
        return "filled loader data: a debugger cannot tell what is loaded, and backtraces break";
    case DumpClass::Code:
    case DumpClass::ReadOnly:
        return "filled pages of programs and libraries: backtraces need the very same files";
    default:
        return {};
    }
}

bool keepsThreadsInOwnData(const Dump& dump)
{
    return dump.format == "elf-core" && !dump.modules.empty()
        && std::none_of(dump.modules.begin(), dump.modules.end(), isLoader);
}

std::string_view costOfFilling(DumpClass kind, const Dump& dump)
{
    const bool data = kind == DumpClass::Data || kind == DumpClass::Anonymous;
    if (data && keepsThreadsInOwnData(dump))
        return "filled data of a statically linked program: a debugger may tell its threads by "
               "their numbers only";
    return costOfFilling(kind);
}

Result<std::vector<ClassRange>> classRanges(const Source& source, const Dump& dump)
{
    std::vector<FileRange> data;
    if (const Status runs = addDataRuns(source, data); !runs)
        return runs.error();
    Parts parts;
    for (const FileRange& range : dump.structure)
        parts.add(range, std::nullopt);
    for (const FileRange& value : dump.values)
        parts.add(value, DumpClass::Arguments);
    for (const Field& field : dump.fields)
        parts.add(field.file, classOf(field));
    const AddressSpace memory(dump.segments);
    for (const Module& module : dump.modules)
        for (const FileRange& page :
             memory.fileRanges(module.memory.first(), std::min(pageSize, module.memory.size())))
            parts.add(page, DumpClass::Loader);
    for (const KeptRange& kept : memoryToKeep(source, dump)) {
        if (kept.what == "loader data" || kept.what == "thread control block")
            parts.add(kept.range, DumpClass::Loader);
        else if (kept.what == "stack")
            parts.add(kept.range, DumpClass::Stack);
    }
    for (const Segment& segment : dump.segments)
        parts.add(segment.file, classOf(segment));
    return parts.within(normalised(std::move(data)));
}

} // namespace coredact
