// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/coverage.h"

namespace coredact {

/// A run of the file that one segment owns, or that nobody owns.
struct OwnedPart {
    FileRange file;
    std::optional<std::uint64_t> address;
    std::size_t segment; ///< index; the greatest number where nobody owns it
};

/// The joins that no extent shows. `parts` is the whole file in its order; `follower` says for
/// each part which one follows it in its extent (the greatest number: none).
/// Where many segments end or begin at one address, only the first listed of each is joined to
/// all others, so that the answer stays linear in the number of segments.
std::vector<Seam> seams(const Dump& dump, const std::vector<OwnedPart>& parts,
                        const std::vector<std::size_t>& follower);

} // namespace coredact
