// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/detector.h"

#include <optional>
#include <string_view>
#include <vector>

namespace coredact {

class Collector;

/// Where in the file a window's match stands, and what.
struct PlacedMatch {
    std::vector<FileRange> ranges; ///< of its spans, in the secret's order
    std::vector<FileRange> whole; ///< of Match::whole; may be empty
    SecretBytes value; ///< what the spans hold
};

/// Nothing where a span is empty or not in the window.
std::optional<PlacedMatch> placed(const Match& match, const Window& window);

/// Tells a match of a window that stands there.
void addPlaced(Collector& collector, Match match, PlacedMatch place, const Window& window);

/// Tells that a detector left out some of what stands at `position` of a window.
void addLeftOut(Collector& collector, std::string_view detector, const Window& window,
                std::size_t position);

} // namespace coredact
