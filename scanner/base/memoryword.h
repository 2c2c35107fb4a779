// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytereader.h"

#include <bit>
#include <concepts>
#include <cstring>

namespace coredact {

// Numbers as they lie in memory, at any alignment. None of these checks that the bytes are there:
// ByteReader does, for what comes out of a file field by field; these are for searches.

/// In the byte order of the machine that runs this.
template <std::unsigned_integral Word> Word nativeWord(const std::uint8_t* at)
{
    Word word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

template <std::unsigned_integral Word> Word wordOf(const std::uint8_t* at, ByteOrder order)
{
    constexpr bool little = std::endian::native == std::endian::little;
    const Word word = nativeWord<Word>(at);
    if ((order == ByteOrder::Little) == little)
        return word;
    if constexpr (sizeof(Word) == 8)
        return __builtin_bswap64(word);
    else if constexpr (sizeof(Word) == 4)
        return __builtin_bswap32(word);
    else
        return __builtin_bswap16(word);
}

template <std::unsigned_integral Word> Word littleWord(const std::uint8_t* at)
{
    return wordOf<Word>(at, ByteOrder::Little);
}

/// The number of all `bytes`, at most 8 and of any count.
inline std::uint64_t numberOf(ByteView bytes, ByteOrder order)
{
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        number = number << 8 | bytes[order == ByteOrder::Big ? i : bytes.size() - 1 - i];
    return number;
}

} // namespace coredact
