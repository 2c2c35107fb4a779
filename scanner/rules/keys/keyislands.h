// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/barekeys.h"
#include "scanner/rules/walk.h"

#include <map>

namespace coredact {

/// Gathers short random-looking bytes of memory between zeros, sizes and pointers, which is all
/// that a bare key in a heap, in static data or on a stack is. Bounded: past 8192 of them those
/// with the highest addresses are left out.
class KeyIslands : public Bounded {
public:
    /// Whether the process had a library loaded whose keys are bare.
    static bool mayBeIn(const Dump& dump);

    void look(const Window& window);
    void join(const KeyIslands& other);
    /// What may be a key of 32 bytes, alone or beside its public half, where the process may write.
    Result<std::vector<BareString>> strings(const WalkContext& context) const;

private:
    std::map<std::uint64_t, std::size_t> m_islands; ///< words by address
};

} // namespace coredact
