// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/mallocchunks.h"

#include "scanner/base/bytereader.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::uint64_t windowSize = 64U << 10;
/// Further heaps begin at addresses that divide by this, with a head of their own and, for an
/// arena's first one, with the arena's state.
constexpr std::uint64_t heapAlignment64 = 64U << 20;
constexpr std::uint64_t heapAlignment32 = 1U << 20;
constexpr std::uint64_t longestState = 0x1000;
constexpr unsigned enoughInAHeap = 1; ///< chunks that make a start believable
constexpr unsigned enoughElsewhere = 8;

} // namespace

MallocChunks::MallocChunks(const Source& source, const Dump& dump, const Segment& segment)
    : m_source(source)
    , m_segment(segment)
    , m_order(dump.order)
    , m_word(dump.wordSize)
{
    findStart();
}

/// Chunks begin two words before an address that divides by 16.
void MallocChunks::findStart()
{
    const std::uint64_t base = m_segment.memory.first();
    const std::uint64_t first = (base + headSize() + 15) / 16 * 16 - headSize();
    const bool isHeap = m_segment.kind == RegionKind::Heap;
    const std::uint64_t alignment = m_word == 8 ? heapAlignment64 : heapAlignment32;
    const std::uint64_t most = !isHeap && base % alignment == 0 ? longestState : 0;
    for (std::uint64_t at = first; at <= first + most; at += 16)
        if (startsAt(at, isHeap ? enoughInAHeap : enoughElsewhere)) {
            m_chunk = at;
            m_head = *headAt(at);
            return;
        }
}

bool MallocChunks::isEnd(std::uint64_t chunk) const { return chunk - 1 == m_segment.memory.last(); }

bool MallocChunks::startsAt(std::uint64_t chunk, unsigned enough)
{
    auto head = headAt(chunk);
    // Nothing lies before the first chunk that could be free.
    if (!head || !head->previousInUse)
        return false;
    for (unsigned count = 0; count < enough; ++count) {
        const std::uint64_t behind = chunk + head->size;
        if (isEnd(behind))
            return true;
        const auto following = next(chunk, *head);
        if (!following)
            return false;
        chunk = behind;
        head = following;
    }
    return true;
}

/// The size before a chunk's user bytes; its three lowest bits are flags, the lowest of which says
/// that the chunk before is in use.
std::optional<MallocChunks::Head> MallocChunks::headAt(std::uint64_t chunk)
{
    const std::uint64_t size = headSize();
    const std::uint64_t last = m_segment.memory.last();
    if (chunk > last || last - chunk < size)
        return std::nullopt;
    if (chunk < m_windowAt || chunk + size > m_windowAt + m_window.size()) {
        const std::uint64_t inside = chunk - m_segment.memory.first();
        auto bytes = m_source.read(m_segment.file.first() + inside,
                                   std::min(windowSize, last - chunk + 1));
        if (!bytes)
            return std::nullopt;
        m_window = std::move(*bytes);
        m_windowAt = chunk;
    }
    ByteReader in(ByteView(m_window).subspan(static_cast<std::size_t>(chunk - m_windowAt)),
                  m_order);
    const std::uint64_t previous = in.word(m_word);
    const std::uint64_t field = in.word(m_word);
    const Head head {previous, field & ~std::uint64_t {7}, (field & 1) != 0};
    if (head.size < 2 * size || head.size % size != 0 || head.size - 1 > last - chunk)
        return std::nullopt;
    return head;
}

std::optional<MallocChunks::Head> MallocChunks::next(std::uint64_t chunk, const Head& head)
{
    auto following = headAt(chunk + head.size);
    if (following && !following->previousInUse && following->previous != head.size)
        return std::nullopt;
    return following;
}

std::optional<AddressRange> MallocChunks::usableAround(std::uint64_t address)
{
    while (m_chunk) {
        const std::uint64_t behind = *m_chunk + m_head.size;
        const auto following = isEnd(behind) ? std::nullopt : next(*m_chunk, m_head);
        // A chunk in use has the first word of the next one too.
        const std::uint64_t last
            = behind - 1 + (following && following->previousInUse ? m_word : 0);
        if (address <= last) {
            const std::uint64_t first = *m_chunk + headSize();
            // Where the walk ends in disorder, the last size is not believed either.
            if (address < first || (!following && !isEnd(behind)))
                return std::nullopt;
            return AddressRange::between(first, last);
        }
        m_chunk = following ? std::optional(behind) : std::nullopt;
        if (following)
            m_head = *following;
    }
    return std::nullopt;
}

} // namespace coredact
