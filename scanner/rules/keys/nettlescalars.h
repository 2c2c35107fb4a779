// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/opensslbignums.h"
#include "scanner/rules/keys/structurewords.h"

#include <map>

namespace coredact {

/// Gathers the private scalars of Nettle (struct ecc_scalar of nettle/ecc.h: {pointer to the curve,
/// pointer to the words}, the least word first), in 64-bit little-endian programs that have its
/// libhogweed loaded, which is where the curves are. A curve tells its bits, and how many words a
/// number has (lib ecc-internal.h: it begins with {unsigned short bits, unsigned short words}).
/// Points begin with the same two words: what is one, with the words behind, is left out.
/// Bounded: past 2^16 of them those with the highest addresses of words are left out.
class NettleScalars : public Bounded {
public:
    explicit NettleScalars(const Dump& dump);
    /// Looks for structures that begin in the window's fresh part.
    void look(const Window& window);
    void join(const NettleScalars& other);
    /// Nothing but Nettle holds scalars so: they are guarded ones, on curves of the size told.
    Result<std::vector<HeldNumber>> numbers(const WalkContext& context) const;

private:
    void keep(std::uint64_t words, std::uint64_t curve);

    std::vector<WordRange> m_curves; ///< where they may be
    std::map<std::uint64_t, std::uint64_t> m_scalars; ///< the curve, by the address of the words
};

} // namespace coredact
