// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/barekeys.h"
#include "scanner/rules/walk.h"

#include <map>

namespace coredact {

/// Gathers short random-looking bytes of memory between zeros, sizes and pointers, which is all
/// that a bare key in a heap, in static data or on a stack is. Bounded: past 65,536 of them those
/// with the highest addresses are left out.
class KeyIslands : public Bounded {
public:
    /// Whether the process had a library loaded whose keys are bare.
    static bool mayBeIn(const Dump& dump);

    /// `memory`: of the dump; must live as long.
    explicit KeyIslands(const AddressSpace& memory)
        : m_memory(&memory)
    {
    }

    void look(const Window& window);
    void join(const KeyIslands& other);
    /// What may be a key of 32 bytes, alone or beside its public half, where the process may write.
    Result<std::vector<BareString>> strings(const WalkContext& context) const;

private:
    void lookAt(std::uint64_t address, ByteView island);

    const AddressSpace* m_memory;
    std::map<std::uint64_t, std::size_t> m_islands; ///< words by address
};

} // namespace coredact
