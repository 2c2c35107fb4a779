// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/anchorpass.h"

#include "scanner/base/memoryword.h"
#include "scanner/rules/anchors/tables.h"

#include <algorithm>

namespace coredact {

#define ANCHORS(name)                                                                              \
    extern const Detector name##Detector;                                                          \
    std::span<const ByteAnchor> name##Anchors();
#include "scanner/rules/anchors.def"
#undef ANCHORS

namespace {

/// What is searched through before the detectors look, so that both meet the bytes in the cache.
constexpr std::size_t stride = std::size_t {1} << 15;

/// What a line of anchors.def names.
struct Giver {
    const Detector* detector;
    std::span<const ByteAnchor> (*anchors)();
};

constexpr Giver givers[] {
#define ANCHORS(name) {&name##Detector, name##Anchors},
#include "scanner/rules/anchors.def"
#undef ANCHORS
};

std::vector<ByteAnchor> allAnchors()
{
    std::vector<ByteAnchor> anchors;
    for (const Giver& giver : givers) {
        const auto own = giver.anchors();
        anchors.insert(anchors.end(), own.begin(), own.end());
    }
    return anchors;
}

std::uint32_t word(const std::uint8_t* bytes) { return nativeWord<std::uint32_t>(bytes); }

void lookAt(const AnchorTables& tables, const Window& window, std::size_t position, MatchSink& sink)
{
    const std::uint8_t* bytes = window.bytes.data() + position;
    const std::uint32_t here = word(bytes);
    unsigned buckets = tables.likelyBucketsAt(bytes);
    for (std::size_t bucket = 0; buckets != 0; ++bucket, buckets >>= 1)
        if ((buckets & 1) != 0)
            for (const ByteAnchor& anchor : tables.buckets[bucket])
                if ((here & word(anchor.mask.data())) == word(anchor.value.data())
                    && position < window.freshEnd + anchor.reach)
                    anchor.look(window, position, sink);
}

std::size_t widestReach(const AnchorTables& tables)
{
    std::size_t reach = 0;
    for (const auto& bucket : tables.buckets)
        for (const ByteAnchor& anchor : bucket)
            reach = std::max(reach, anchor.reach);
    return reach;
}

void scanWith(const AnchorTables& tables, std::size_t reach, const Window& window, MatchSink& sink)
{
    if (window.bytes.size() < 4)
        return;
    const std::size_t end = std::min(window.freshEnd + reach, window.bytes.size() - 3);
    const AnchorKernel kernel = anchorKernels().back().kernel;
    std::vector<std::uint32_t> positions;
    for (std::size_t at = window.freshBegin; at < end; at += stride) {
        positions.clear();
        kernel(tables, window.bytes, at, std::min(end, at + stride), positions);
        for (const std::uint32_t position : positions)
            lookAt(tables, window, position, sink);
    }
}

} // namespace

void scanAnchors(const Window& window, MatchSink& sink)
{
    static const AnchorTables tables(allAnchors());
    static const std::size_t reach = widestReach(tables);
    scanWith(tables, reach, window, sink);
}

void scanAnchors(std::span<const ByteAnchor> anchors, const Window& window, MatchSink& sink)
{
    const AnchorTables tables(anchors);
    scanWith(tables, widestReach(tables), window, sink);
}

std::span<const ByteAnchor> anchorsOf(const Detector& detector)
{
    for (const Giver& giver : givers)
        if (giver.detector == &detector)
            return giver.anchors();
    return {};
}

} // namespace coredact
