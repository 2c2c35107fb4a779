// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/memoryword.h"
#include "scanner/base/securebuffer.h"

#include <optional>

namespace coredact {

/// Proven round keys of a block cipher.
struct KeySchedule {
    std::size_t size = 0; ///< bytes of memory that they fill
    SecretBytes key;
};

inline std::uint32_t bigWord(const std::uint8_t* at)
{
    return wordOf<std::uint32_t>(at, ByteOrder::Big);
}

template <std::unsigned_integral Word> void putBig(SecretBytes& bytes, Word word)
{
    for (unsigned shift = 8 * sizeof word; shift > 0; shift -= 8)
        bytes.push_back(static_cast<std::uint8_t>(word >> (shift - 8) & 0xff));
}

template <std::unsigned_integral Word> void putLittle(SecretBytes& bytes, Word word)
{
    for (unsigned shift = 0; shift < 8 * sizeof word; shift += 8)
        bytes.push_back(static_cast<std::uint8_t>(word >> shift & 0xff));
}

} // namespace coredact
