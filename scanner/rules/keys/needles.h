// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"

#include <functional>
#include <unordered_map>
#include <vector>

namespace coredact {

/// Searches for some hundred byte strings of 8 to 128 bytes at any alignment in one pass.
class NeedleSearch {
public:
    /// Bytes past a chunk's fresh part that a string may reach into.
    static constexpr std::size_t overlap = 128;

    NeedleSearch();
    /// `index` is what `look` tells when the string is met.
    void add(const SecretBytes& needle, std::size_t index);
    /// Calls `take` for each string that begins before `fresh`.
    void look(ByteView bytes, std::size_t fresh,
              const std::function<void(std::size_t index)>& take) const;

private:
    struct Needle {
        SecretBytes bytes;
        std::size_t index = 0;
    };

    std::vector<bool> m_begins; ///< by the first two bytes
    std::unordered_multimap<std::uint64_t, Needle> m_needles; ///< by the first eight
};

} // namespace coredact
