// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/dump.h"

#include <random>

namespace coredact {

/// Segments at random in a small world: many overlap, touch or coincide, in memory and in file.
inline std::vector<Segment> randomSegments(std::mt19937& random, std::uint64_t world)
{
    const auto below = [&](std::uint64_t limit) { return std::uint64_t {random() % limit}; };
    std::vector<Segment> segments;
    for (std::uint64_t count = below(7); count != 0; --count) {
        const std::uint64_t size = 1 + below(world / 3);
        segments.push_back({*AddressRange::make(below(world - size), size),
                            *FileRange::make(below(world - size), size),
                            {},
                            RegionKind::Unknown,
                            {}});
    }
    return segments;
}

} // namespace coredact
