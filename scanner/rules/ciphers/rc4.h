// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/memoryword.h"
#include "scanner/base/securebuffer.h"

#include <bit>
#include <optional>

namespace coredact {

/// Bytes of RC4's state: each of 0 to 255 once, in the key's order.
inline constexpr std::size_t rc4Values = 256;

/// What looks like the state of RC4.
struct Rc4State {
    std::size_t begin = 0;
    std::size_t size = 0; ///< bytes of memory
    bool counted = false; ///< the two counters of a cipher in use stand beside it
    SecretBytes values;
};

/// Whether 32 bytes may be eight words of a state in words of 32 bits: below 256 and all different,
/// which is not fully looked at. Holds for every eight words of a state.
inline bool mayBeRc4Words(const std::uint8_t* sample)
{
    constexpr std::uint64_t upper = 0xffffff00ffffff00;
    const auto pair = [&](std::size_t i) { return littleWord<std::uint64_t>(sample + 8 * i); };
    const std::uint64_t all = pair(0) | pair(1) | pair(2) | pair(3);
    if ((all & upper) != 0)
        return false;
    // Eight different values have three different bits at least.
    return std::popcount((all | all >> 32) & 0xff) >= 3 && pair(0) != pair(1) && pair(1) != pair(2)
        && static_cast<std::uint32_t>(pair(0)) != pair(0) >> 32;
}

/// The state in words of 32 bits, as OpenSSL, Go and Java have it, that holds the 32 bytes at
/// `sample`.
std::optional<Rc4State> rc4WordsAround(ByteView bytes, std::size_t sample);
/// The state in bytes at `at`, as Nettle, libgcrypt, mbedTLS and OpenSSL on some machines have it,
/// with its counters: other tables of 256 bytes are orders of them too.
std::optional<Rc4State> rc4BytesAt(ByteView bytes, std::size_t at);

} // namespace coredact
