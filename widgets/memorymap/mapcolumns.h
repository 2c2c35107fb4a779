// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/finding.h"
#include "scanner/triage/triage.h"
#include "widgets/memorymap/mapscale.h"

#include <vector>

namespace coredact {

/// One place of a finding on the map.
struct MapTick {
    MapPlace place;
    std::uint32_t finding = 0; ///< the caller's number
    Severity severity = Severity::Info;
    Verdict verdict = Verdict::Pending;
};

/// Ticks with their positions on a scale, worked out once and sorted by position. Ticks in no
/// block are left out.
struct PlacedTick {
    double position = 0;
    MapTick tick;
};
std::vector<PlacedTick> placed(const MapScale& scale, const std::vector<MapTick>& ticks);

/// What part of the scale is on screen: [begin, begin + width), inside [0, 1].
struct MapWindow {
    double begin = 0;
    double width = 1;

    double positionAt(double x, double pixels) const { return begin + width * x / pixels; }
    double xOf(double position, double pixels) const { return (position - begin) / width * pixels; }
    /// `factor` times as much of the scale, with `fixed` staying where it is on screen.
    MapWindow zoomed(double factor, double fixed) const;
    MapWindow moved(double by) const;
    bool operator==(const MapWindow&) const = default;
};

/// One pixel column of the strip.
struct MapColumn {
    bool block = false; ///< false: a gap
    bool edge = false; ///< another block begins here, and both have room to show it
    bool saved = false;
    RegionKind kind = RegionKind::Unknown;
    std::uint32_t ticks = 0;
    std::uint32_t finding = 0; ///< of the most severe one, where there are ticks
    Severity severity = Severity::Info; ///< the most severe one
    Verdict verdict = Verdict::Pending; ///< its verdict; the undecided first where equal
};

/// The strip, pixel by pixel: one pass over the blocks and the ticks in the window.
std::vector<MapColumn> columnsOf(const MapScale& scale, const std::vector<PlacedTick>& ticks,
                                 const MapWindow& window, int pixels);

} // namespace coredact
