// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/anchors/tables.h"
#include "scanner/scan/window.h"

#include <algorithm>

namespace coredact {

/// Searches windows for anchors. May be used by many threads at once.
class AnchorSearch {
public:
    /// Builds tables: slow beside the search of a small window.
    explicit AnchorSearch(std::span<const Anchor> anchors)
        : m_tables(anchors)
    {
        for (const Anchor& anchor : anchors)
            m_reach = std::max(m_reach, anchor.reach);
    }

    /// Tells, as `tell(number, position)`, where which anchor stands, from the fresh part's begin
    /// up to the anchor's reach behind its end; positions in their order.
    template <typename Tell> void in(const Window& window, Tell tell) const
    {
        if (window.bytes.size() < 4)
            return;
        const std::size_t end = std::min(window.freshEnd + m_reach, window.bytes.size() - 3);
        const AnchorKernel kernel = anchorKernels().back().kernel;
        std::vector<std::uint32_t> positions;
        for (std::size_t at = window.freshBegin; at < end; at += stride) {
            positions.clear();
            kernel(m_tables, window.bytes, at, std::min(end, at + stride), positions);
            for (const std::uint32_t position : positions)
                tellOf(window, position, tell);
        }
    }

private:
    /// What is searched through before anything is told, so that who looks meets the bytes in the
    /// cache.
    static constexpr std::size_t stride = std::size_t {1} << 15;

    template <typename Tell>
    void tellOf(const Window& window, std::size_t position, Tell& tell) const
    {
        const std::uint8_t* bytes = window.bytes.data() + position;
        const auto here = nativeWord<std::uint32_t>(bytes);
        unsigned buckets = m_tables.likelyBucketsAt(bytes);
        for (std::size_t bucket = 0; buckets != 0; ++bucket, buckets >>= 1)
            if ((buckets & 1) != 0)
                for (const auto& [anchor, number] : m_tables.buckets[bucket])
                    if ((here & nativeWord<std::uint32_t>(anchor.mask.data()))
                            == nativeWord<std::uint32_t>(anchor.value.data())
                        && position < window.freshEnd + anchor.reach)
                        tell(number, position);
    }

    AnchorTables m_tables;
    std::size_t m_reach = 0;
};

} // namespace coredact
