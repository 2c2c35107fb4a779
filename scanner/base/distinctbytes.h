// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"

#include <bitset>

namespace coredact {

/// How many byte values occur.
inline std::size_t distinctBytes(ByteView bytes)
{
    std::bitset<256> seen;
    for (const std::uint8_t byte : bytes)
        seen.set(byte);
    return seen.count();
}

} // namespace coredact
