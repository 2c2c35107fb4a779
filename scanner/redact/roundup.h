// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/dump.h"
#include "scanner/io/source.h"

#include <span>

namespace coredact {

/// The last bytes of a secret at one of its places.
struct SecretEnd {
    FileRange place;
    unsigned unit = 1; ///< bytes of a character: 2 in UTF-16, 4 in UTF-32

    bool operator==(const SecretEnd&) const = default;
};

/// How far a fill goes so that it does not show how long the secret was.
struct RoundedEnd {
    std::uint64_t last = 0; ///< at least that of the place
    bool hidden = false; ///< the end is that of what holds the secret
};

/// For each place where a fill should end: with the allocation of glibc's malloc that holds it, up
/// to 4 KiB further; else with its C string, up to 256 bytes further, and the zero bytes behind
/// that up to an address that divides by 16, or, on a stack, by the size of a word. Only forwards:
/// what lies before a secret says nothing of its length, and in a free allocation it is the
/// allocator's. Never over `closed` (sorted, disjoint), never beyond the segment or the field. What
/// cannot be read stays as it is.
std::vector<RoundedEnd> roundedUp(const Source& source, const Dump& dump,
                                  std::span<const SecretEnd> ends,
                                  const std::vector<FileRange>& closed);

} // namespace coredact
