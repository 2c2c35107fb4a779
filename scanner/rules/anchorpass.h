// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/byteanchor.h"

namespace coredact {

/// Searches a window for the anchors of all detectors at once and lets them look where one stands.
void scanAnchors(const Window& window, MatchSink& sink);

/// The same for the given anchors; builds their tables first, so it is slow on small windows.
void scanAnchors(std::span<const ByteAnchor> anchors, const Window& window, MatchSink& sink);

/// The anchors that a detector gives; none for most.
std::span<const ByteAnchor> anchorsOf(const Detector& detector);

} // namespace coredact
