// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/window.h"

#include <compare>
#include <cstdint>
#include <optional>

namespace coredact {

/// The addresses of a master secret of TLS 1.2 and of both randoms, in whichever order, of a Go
/// program: a connection keeps them to export keying material (crypto/tls), as slices of 48 and of
/// twice 32 bytes, with two words between.
struct GoMaster {
    std::uint64_t master = 0;
    std::uint64_t first = 0;
    std::uint64_t second = 0;

    auto operator<=>(const GoMaster&) const = default;
};

/// Those of the slice of 48 bytes that begins at `slice` in the window; not checked is what they
/// point to.
std::optional<GoMaster> goMasterAt(const Window& window, std::size_t slice);

} // namespace coredact
