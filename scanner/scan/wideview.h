// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/viewbuffer.h"

namespace coredact {

/// The UTF-16 text of a window, narrowed to bytes: runs of at least 6 printable ASCII characters
/// with zeros between them. Such a run reads as either byte order; it counts as little-endian where
/// its characters stand at even file offsets or something else than a zero stands before it, as
/// big-endian otherwise. In decoded views, which have no alignment, as little-endian unless a zero
/// is their first byte.
struct WideViews {
    explicit WideViews(const Window& window);

    ViewBuffer little;
    ViewBuffer big;
};

} // namespace coredact
