// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/placemap.h"

#include "models/figures.h"
#include "models/texts.h"

#include <QCoreApplication>

#include <algorithm>

namespace coredact {

namespace {

struct PlaceWords {
    Q_DECLARE_TR_FUNCTIONS(PlaceMap)
};

PlaceKind kindOf(RegionKind kind)
{
    switch (kind) {
    case RegionKind::Heap:
        return PlaceKind::Heap;
    case RegionKind::Stack:
        return PlaceKind::Stack;
    case RegionKind::File:
    case RegionKind::Vdso:
        return PlaceKind::File;
    case RegionKind::Anonymous:
        return PlaceKind::Anonymous;
    case RegionKind::Structure:
        return PlaceKind::Notes;
    case RegionKind::Unknown:
        break;
    }
    return PlaceKind::Elsewhere;
}

PlaceKind kindOf(FieldKind kind)
{
    const bool registers
        = kind == FieldKind::VectorRegisters || kind == FieldKind::GeneralRegisters;
    return registers ? PlaceKind::Registers : PlaceKind::Notes;
}

/// The last of the sorted items that begins at or before `position`.
template <typename Items, typename First>
auto lastBeginning(const Items& items, std::uint64_t position, First first)
{
    auto after = std::upper_bound(
        items.begin(), items.end(), position,
        [&first](std::uint64_t value, const auto& item) { return value < first(item); });
    return after;
}

} // namespace

QString placeKindText(PlaceKind kind)
{
    switch (kind) {
    case PlaceKind::Heap:
        return PlaceWords::tr("heap");
    case PlaceKind::Stack:
        return PlaceWords::tr("stack");
    case PlaceKind::File:
        return PlaceWords::tr("file pages");
    case PlaceKind::Anonymous:
        return PlaceWords::tr("anonymous");
    case PlaceKind::Registers:
        return PlaceWords::tr("registers");
    case PlaceKind::Notes:
        return PlaceWords::tr("notes");
    case PlaceKind::Elsewhere:
        return PlaceWords::tr("elsewhere");
    }
    return {};
}

std::string_view fileName(std::string_view path)
{
    const std::size_t slash = path.find_last_of("/\\");
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

PlaceMap::PlaceMap(std::shared_ptr<const Dump> dump)
    : m_dump(std::move(dump))
    , m_memory(m_dump->segments)
{
    const auto byFirst = [](const Run& a, const Run& b) { return a.file.first() < b.file.first(); };
    m_fields.reserve(m_dump->fields.size());
    for (const Field& field : m_dump->fields)
        m_fields.push_back({field.file, kindOf(field.kind)});
    std::sort(m_fields.begin(), m_fields.end(), byFirst);
    m_segments.reserve(m_dump->segments.size());
    for (const Segment& segment : m_dump->segments)
        m_segments.push_back({segment.file, kindOf(segment.kind)});
    std::stable_sort(m_segments.begin(), m_segments.end(), byFirst);
    // A segment goes on with a region, or begins one; where the dump lists no regions it is one.
    for (const Segment& segment : m_dump->segments) {
        const std::uint64_t first = segment.memory.first();
        const Region* region = regionAt(first);
        if (!region || region->memory.first() == first || !offsetOf(first - 1))
            m_begins.push_back(first);
    }
    for (const Region& region : m_dump->regions) {
        if (offsetOf(region.memory.first()))
            m_begins.push_back(region.memory.first());
    }
    std::sort(m_begins.begin(), m_begins.end());
    m_begins.erase(std::unique(m_begins.begin(), m_begins.end()), m_begins.end());
}

PlaceKind PlaceMap::kindAt(std::uint64_t fileOffset) const
{
    const auto first = [](const Run& run) { return run.file.first(); };
    for (const auto* runs : {&m_fields, &m_segments}) {
        // Runs may overlap (minidumps): the nearest few that begin before the offset are asked.
        auto run = lastBeginning(*runs, fileOffset, first);
        for (int tries = 0; run != runs->begin() && tries < 8; ++tries) {
            --run;
            if (run->file.contains(fileOffset))
                return run->kind;
        }
    }
    return PlaceKind::Elsewhere;
}

std::optional<std::uint64_t> PlaceMap::addressOf(std::uint64_t fileOffset) const
{
    return m_memory.addressOf(fileOffset);
}

std::optional<std::uint64_t> PlaceMap::offsetOf(std::uint64_t address) const
{
    const std::vector<FileRange> ranges = m_memory.fileRanges(address, 1);
    if (ranges.empty())
        return std::nullopt;
    return ranges.front().first();
}

const Region* PlaceMap::regionAt(std::uint64_t address) const
{
    auto after = lastBeginning(m_dump->regions, address,
                               [](const Region& region) { return region.memory.first(); });
    if (after == m_dump->regions.begin())
        return nullptr;
    --after;
    return after->memory.contains(address) ? &*after : nullptr;
}

const Module* PlaceMap::moduleAt(std::uint64_t address) const
{
    for (const Module& module : m_dump->modules) {
        if (module.memory.contains(address))
            return &module;
    }
    return nullptr;
}

std::optional<std::uint64_t> PlaceMap::regionAfter(std::uint64_t address) const
{
    const auto next = std::upper_bound(m_begins.begin(), m_begins.end(), address);
    return next == m_begins.end() ? std::nullopt : std::optional(*next);
}

std::optional<std::uint64_t> PlaceMap::regionBefore(std::uint64_t address) const
{
    const auto here = std::lower_bound(m_begins.begin(), m_begins.end(), address);
    return here == m_begins.begin() ? std::nullopt : std::optional(*std::prev(here));
}

QString PlaceMap::describe(std::uint64_t address) const
{
    const auto at = [address](std::string_view name, std::uint64_t first) {
        return Texts::fromDump(fileName(name)) + QLatin1Char('+') + hexText(address - first);
    };
    if (const Module* module = moduleAt(address))
        return at(module->name, module->memory.first());
    const Region* region = regionAt(address);
    if (!region)
        return {};
    if (!region->name.empty())
        return at(region->name, region->memory.first());
    return Texts::regionKind(region->kind);
}

} // namespace coredact
