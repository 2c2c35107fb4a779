// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"

#include <optional>
#include <string>
#include <vector>

namespace coredact {

/// Keeps the compiled automata of the last few sets of rules between runs, in a file that the front
/// end opened: compiling all rules takes seconds, reading them back a few milliseconds. Holds
/// nothing of a dump.
///
/// For each set, the one that was used last first, the file has a mark, the key, the payload's
/// SHA-256 and size, and the payload. Whoever finds no such key, or a payload that a second engine
/// is just writing, compiles. Not checked: who wrote the file; it lies in the user's own cache
/// folder, mode 0600.
class AutomatonCache {
public:
    /// Does not own the descriptor; -1: nothing is kept or found.
    explicit AutomatonCache(int descriptor)
        : m_descriptor(descriptor)
    {
    }

    /// `key`: 64 hex digits that change with everything that the payload is made from.
    std::optional<std::vector<std::uint8_t>> find(const std::string& key) const;
    /// A failure to write is no failure: the next run compiles again.
    void keep(const std::string& key, ByteView payload) const;

private:
    /// One set as the file has it.
    struct Kept {
        std::string key;
        std::string digest;
        std::uint64_t offset; ///< of the payload
        std::uint64_t size;
    };
    std::vector<Kept> kept() const;
    /// Nothing where it is not what its digest says.
    std::optional<std::vector<std::uint8_t>> payloadOf(const Kept& one) const;

    int m_descriptor;
};

} // namespace coredact
