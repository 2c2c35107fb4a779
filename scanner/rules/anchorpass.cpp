// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/anchorpass.h"

#include "scanner/rules/anchors/search.h"

namespace coredact {

#define ANCHORS(name)                                                                              \
    extern const Detector name##Detector;                                                          \
    std::span<const ByteAnchor> name##Anchors();
#include "scanner/rules/anchors.def"
#undef ANCHORS

namespace {

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

AnchorSearch searchFor(std::span<const ByteAnchor> anchors)
{
    return AnchorSearch(std::vector<Anchor>(anchors.begin(), anchors.end()));
}

void scanWith(const AnchorSearch& search, std::span<const ByteAnchor> anchors, const Window& window,
              MatchSink& sink)
{
    search.in(window, [&](std::size_t number, std::size_t position) {
        anchors[number].look(window, position, sink);
    });
}

} // namespace

void scanAnchors(const Window& window, MatchSink& sink)
{
    static const std::vector<ByteAnchor> anchors = allAnchors();
    static const AnchorSearch search = searchFor(anchors);
    scanWith(search, anchors, window, sink);
}

void scanAnchors(std::span<const ByteAnchor> anchors, const Window& window, MatchSink& sink)
{
    scanWith(searchFor(anchors), anchors, window, sink);
}

std::span<const ByteAnchor> anchorsOf(const Detector& detector)
{
    for (const Giver& giver : givers)
        if (giver.detector == &detector)
            return giver.anchors();
    return {};
}

} // namespace coredact
