// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/roundup.h"

#include "scanner/dump/addressspace.h"
#include "scanner/redact/mallocchunks.h"

#include <algorithm>
#include <map>

namespace coredact {

namespace {

constexpr std::uint64_t mostOfAChunk = 4096; ///< bytes behind the secret
constexpr std::uint64_t mostOfAString = 256;
constexpr std::uint64_t mostAlignment = 16;

class RoundUp {
public:
    RoundUp(const Source& source, const Dump& dump, const std::vector<FileRange>& closed)
        : m_source(source)
        , m_dump(dump)
        , m_closed(closed)
        , m_memory(dump.segments)
    {
    }

    RoundedEnd end(const SecretEnd& wanted)
    {
        const std::uint64_t last = wanted.place.last();
        const auto address = m_memory.addressOf(last);
        const Segment* segment = address ? m_memory.segmentAt(*address) : nullptr;
        if (segment && !segment->file.contains(last))
            segment = nullptr;
        const auto limit = segment ? segment->file.last() : endOfField(last);
        if (!limit)
            return {last, false};
        const std::uint64_t most = beforeClosed(last, *limit);
        if (segment)
            if (const auto chunk = chunkEnd(*segment, *address, last))
                return {std::min(*chunk, most), *chunk <= most};
        // A stack has other variables, and the words that frames hang on, right behind a text.
        const bool onStack = segment && segment->kind == RegionKind::Stack;
        return stringEnd(wanted, most, address.value_or(last),
                         onStack ? m_dump.wordSize : mostAlignment);
    }

private:
    std::optional<std::uint64_t> endOfField(std::uint64_t offset) const
    {
        for (const Field& field : m_dump.fields)
            if (field.kind == FieldKind::Text && field.file.contains(offset))
                return field.file.last();
        return std::nullopt;
    }

    /// The last byte up to `limit` that may be filled.
    std::uint64_t beforeClosed(std::uint64_t last, std::uint64_t limit) const
    {
        const auto next = std::lower_bound(
            m_closed.begin(), m_closed.end(), last + 1,
            [](const FileRange& range, std::uint64_t wanted) { return range.last() < wanted; });
        if (last == limit || next == m_closed.end())
            return limit;
        return std::min(limit, std::max(next->first(), last + 1) - 1);
    }

    /// Where the allocation ends that holds the address, as a place of the file.
    std::optional<std::uint64_t> chunkEnd(const Segment& segment, std::uint64_t address,
                                          std::uint64_t last)
    {
        const bool mayHold = segment.access.write
            && (segment.kind == RegionKind::Heap || segment.kind == RegionKind::Anonymous
                || segment.kind == RegionKind::Unknown);
        if (!mayHold)
            return std::nullopt;
        auto known = m_chunks.find(&segment);
        if (known == m_chunks.end())
            known = m_chunks.emplace(&segment, MallocChunks(m_source, m_dump, segment)).first;
        const auto usable = known->second.usableAround(address);
        if (!usable || usable->last() - address > mostOfAChunk)
            return std::nullopt;
        return last + (usable->last() - address);
    }

    RoundedEnd stringEnd(const SecretEnd& wanted, std::uint64_t most, std::uint64_t address,
                         std::uint64_t alignment) const
    {
        const std::uint64_t last = wanted.place.last();
        const std::uint64_t size
            = std::min(most - last, mostOfAString + wanted.unit + mostAlignment);
        const auto bytes = m_source.read(last + 1, size);
        if (!bytes)
            return {last, false};
        std::size_t at = 0;
        const auto isZero = [&](std::size_t from) {
            return std::all_of(bytes->begin() + static_cast<std::ptrdiff_t>(from),
                               bytes->begin() + static_cast<std::ptrdiff_t>(from + wanted.unit),
                               [](std::uint8_t byte) { return byte == 0; });
        };
        while (at + wanted.unit <= bytes->size() && at <= mostOfAString && !isZero(at))
            at += wanted.unit;
        if (at + wanted.unit > bytes->size() || at > mostOfAString)
            return {last, false};
        at += wanted.unit;
        while (at < bytes->size() && (address + 1 + at) % alignment != 0 && (*bytes)[at] == 0)
            ++at;
        return {last + at, (address + 1 + at) % alignment == 0};
    }

    const Source& m_source;
    const Dump& m_dump;
    const std::vector<FileRange>& m_closed;
    AddressSpace m_memory;
    std::map<const Segment*, MallocChunks> m_chunks;
};

} // namespace

std::vector<RoundedEnd> roundedUp(const Source& source, const Dump& dump,
                                  std::span<const SecretEnd> ends,
                                  const std::vector<FileRange>& closed)
{
    // In the file's order, so that each segment's allocations are walked once.
    std::vector<std::size_t> order(ends.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t one, std::size_t other) {
        return ends[one].place.last() < ends[other].place.last();
    });
    RoundUp rounding(source, dump, closed);
    std::vector<RoundedEnd> rounded(ends.size());
    for (const std::size_t i : order)
        rounded[i] = rounding.end(ends[i]);
    return rounded;
}

} // namespace coredact
