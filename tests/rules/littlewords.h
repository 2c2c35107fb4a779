// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

namespace coredact {

/// Adds numbers of so many bytes each, the lowest byte first.
inline void addWords(std::vector<std::uint8_t>& bytes, std::initializer_list<std::uint64_t> words,
                     unsigned size = 8)
{
    for (const std::uint64_t word : words)
        for (unsigned i = 0; i < size; ++i)
            bytes.push_back(static_cast<std::uint8_t>(word >> 8 * i));
}

inline std::vector<std::uint8_t> littleWords(std::initializer_list<std::uint64_t> words,
                                             unsigned size = 8)
{
    std::vector<std::uint8_t> bytes;
    addWords(bytes, words, size);
    return bytes;
}

/// Overwrites the bytes from `at` on with a number of so many bytes.
inline void setWord(std::vector<std::uint8_t>& bytes, std::size_t at, std::uint64_t word,
                    unsigned size = 8)
{
    for (unsigned i = 0; i < size; ++i)
        bytes[at + i] = static_cast<std::uint8_t>(word >> 8 * i);
}

} // namespace coredact
