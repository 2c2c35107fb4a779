// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"
#include "scanner/base/wordfilter.h"
#include "scanner/rules/keys/lowbits.h"

#include <functional>
#include <unordered_map>
#include <vector>

namespace coredact {

/// Searches for some hundred byte strings of 16 to 128 bytes at any alignment in one pass. Words
/// of eight bytes are looked at where the position is a multiple of eight: a string of 16 bytes
/// holds one of them whole, and it begins at one of the string's first eight bytes.
class NeedleSearch {
public:
    /// Bytes past a chunk's fresh part that a string may reach into.
    static constexpr std::size_t overlap = 128;

    /// `index` is what `look` tells when the string is met.
    void add(const SecretBytes& needle, std::size_t index);
    /// To be called once, after the last `add`.
    void build();
    /// Calls `take` for each string that begins before `fresh`, with its position. Needs `build`.
    void look(ByteView bytes, std::size_t fresh,
              const std::function<void(std::size_t index, std::size_t begin)>& take) const;

private:
    struct Needle {
        SecretBytes bytes;
        std::size_t index = 0;
    };

    struct Place {
        std::size_t needle = 0;
        std::size_t offset = 0; ///< of the word in the string
    };

    std::vector<Needle> m_needles;
    std::unordered_multimap<std::uint64_t, Place> m_words;
    WordFilter m_filter;
    LowBits m_lowBits; ///< of the words
};

} // namespace coredact
