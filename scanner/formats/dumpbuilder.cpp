// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/dumpbuilder.h"

#include "scanner/dump/savedbytes.h"

#include <algorithm>

namespace coredact {

namespace {

/// Small reads are served from blocks of this size, so that walking a table of small records
/// takes few calls to the system.
constexpr std::uint64_t BlockSize = 16384;

} // namespace

DumpBuilder::DumpBuilder(const Source& source, std::string format)
    : m_source(source)
{
    dump.format = std::move(format);
    dump.size = source.size();
}

SecretBytes DumpBuilder::fetch(std::uint64_t offset, std::uint64_t size)
{
    size = std::min(size, m_source.size() - offset);
    if (size > m_budget) {
        if (!m_exhausted)
            diagnose(offset, "the file's tables are larger than this program reads", true);
        m_exhausted = true;
        return {};
    }
    m_budget -= size;
    SecretBytes bytes(static_cast<std::size_t>(size));
    if (const Status status = m_source.readAt(offset, bytes); !status) {
        diagnose(status.error().offset.value_or(offset), status.error().message, true);
        return {};
    }
    return bytes;
}

SecretBytes DumpBuilder::read(std::uint64_t offset, std::uint64_t size)
{
    if (offset >= m_source.size())
        return {};
    size = std::min(size, m_source.size() - offset);
    if (size > BlockSize / 2)
        return fetch(offset, size);
    const bool cached = offset >= m_blockOffset && slice(m_block, offset - m_blockOffset, size);
    if (!cached) {
        m_block = fetch(offset, BlockSize);
        m_blockOffset = offset;
    }
    const auto begin = m_block.begin() + static_cast<std::ptrdiff_t>(offset - m_blockOffset);
    const auto there = static_cast<std::uint64_t>(m_block.end() - begin);
    return {begin, begin + static_cast<std::ptrdiff_t>(std::min(size, there))};
}

SecretBytes DumpBuilder::readMemory(const AddressSpace& memory, std::uint64_t address,
                                    std::uint64_t size)
{
    SecretBytes bytes;
    for (const FileRange& range : memory.fileRanges(address, size)) {
        const SecretBytes part = read(range.first(), range.size());
        bytes.insert(bytes.end(), part.begin(), part.end());
        if (part.size() != range.size())
            break;
    }
    return bytes;
}

std::optional<FileRange> DumpBuilder::inside(std::uint64_t offset, std::uint64_t size) const
{
    if (offset >= dump.size)
        return std::nullopt;
    return FileRange::make(offset, std::min(size, dump.size - offset));
}

void DumpBuilder::structure(std::uint64_t offset, std::uint64_t size)
{
    const auto range = inside(offset, size);
    if (!range)
        return;
    if (!dump.structure.empty() && dump.structure.back().touches(*range))
        dump.structure.back() = *FileRange::between(dump.structure.back().first(), range->last());
    else
        dump.structure.push_back(*range);
}

void DumpBuilder::field(std::string name, std::uint64_t offset, std::uint64_t size, FieldKind kind)
{
    const auto range = inside(offset, size);
    if (range && !full(dump.fields.size(), limits::Fields, offset, "named fields"))
        dump.fields.push_back({std::move(name), *range, kind});
}

void DumpBuilder::values(std::uint64_t offset, const std::vector<TextPart>& parts)
{
    for (const TextPart& part : parts) {
        const auto range = inside(offset + part.begin, part.end - part.begin);
        if (range && !full(dump.values.size(), limits::Fields, offset, "values of arguments"))
            dump.values.push_back(*range);
    }
}

void DumpBuilder::memoryValues(const AddressSpace& memory, std::uint64_t address,
                               const std::vector<TextPart>& parts)
{
    for (const TextPart& part : parts)
        for (const FileRange& range : memory.fileRanges(address + part.begin, part.end - part.begin))
            values(range.first(), {{0, range.size()}});
}

void DumpBuilder::memoryField(std::string_view name, const AddressSpace& memory,
                              std::uint64_t address, std::uint64_t size, FieldKind kind)
{
    for (const FileRange& range : memory.fileRanges(address, size))
        field(std::string(name), range.first(), range.size(), kind);
}

bool DumpBuilder::segment(std::uint64_t address, std::uint64_t size, std::uint64_t offset,
                          Access access)
{
    const auto file = inside(offset, size);
    if (!file || full(dump.segments.size(), limits::Segments, offset, "runs of memory"))
        return false;
    const auto memory = AddressRange::make(address, file->size());
    if (!memory) {
        diagnose(offset, "a run of memory reaches past the last address");
        return false;
    }
    dump.segments.push_back({*memory, *file, access, RegionKind::Unknown, {}});
    return true;
}

void DumpBuilder::diagnose(std::uint64_t offset, std::string message, bool incomplete)
{
    if (dump.diagnostics.size() < limits::Diagnostics)
        dump.diagnostics.push_back({offset, std::move(message), incomplete});
    else
        ++m_untold;
}

bool DumpBuilder::full(std::uint64_t count, std::uint64_t limit, std::uint64_t offset,
                       std::string_view what)
{
    if (count < limit)
        return false;
    if (m_toldFull.find(what) == m_toldFull.end()) {
        m_toldFull.emplace(what);
        diagnose(offset, "more than " + std::to_string(limit) + ' ' + std::string(what), true);
    }
    return true;
}

Dump DumpBuilder::finish()
{
    if (m_untold != 0)
        dump.diagnostics.push_back({0, std::to_string(m_untold) + " more remarks", true});
    dump.structure = normalised(std::move(dump.structure));
    dump.values = normalised(std::move(dump.values));
    std::stable_sort(dump.fields.begin(), dump.fields.end(),
                     [](const Field& a, const Field& b) { return a.file < b.file; });
    std::stable_sort(dump.regions.begin(), dump.regions.end(),
                     [](const Region& a, const Region& b) { return a.memory < b.memory; });
    countSavedBytes(dump.regions, dump.segments);
    return std::move(dump);
}

} // namespace coredact
