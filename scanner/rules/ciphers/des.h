// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/memoryword.h"
#include "scanner/base/securebuffer.h"

#include <optional>
#include <vector>

namespace coredact {

/// How a library lays the 48 bits of a round key out in eight bytes.
enum class DesLayout : std::uint8_t {
    Libcrypto, ///< OpenSSL, LibreSSL, BoringSSL
    Nettle, ///< and Linux's kernel
    Libgcrypt, ///< and Mbed TLS
    D3des, ///< Outerbridge's code, as VNC and Bouncy Castle have it
    Java, ///< SunJCE
};
inline constexpr std::size_t desLayouts = 5;

/// Proven round keys of one DES key: 128 bytes that all follow from it.
struct DesSchedule {
    std::size_t position = 0;
    DesLayout layout = DesLayout::Libcrypto;
    bool reversed = false; ///< the last round's first, for decryption
    SecretBytes key; ///< 8 bytes of odd parity: round keys do not tell the parity bits
};

/// Whether the 32 bytes at `sample` may be a part of DES round keys in any layout: in each of them
/// every byte has two bits that are always zero, its top two, or by turns in four bytes the lowest
/// two and in four the two above the lower half.
inline bool mayBeDesRoundKeys(const std::uint8_t* sample)
{
    const auto word = [&](std::size_t at) { return nativeWord<std::uint64_t>(sample + at); };
    const std::uint64_t any = word(0) | word(8) | word(16) | word(24);
    // No byte has bits in both pairs, wherever the four bytes begin.
    const std::uint64_t pairs = (any | any >> 1) & 0x1111111111111111;
    const bool byTurns = (pairs & pairs >> 4 & 0x0101010101010101) == 0;
    return (byTurns || (any & 0xc0c0c0c0c0c0c0c0) == 0) && any != 0;
}

/// Adds the schedules that begin in [from, to) and of which the sample at `sample` is a part. Those
/// whose bytes are mostly zero or alike are not found: keys of few bits, and the weak keys.
void findDesSchedules(ByteView bytes, std::size_t sample, std::size_t from, std::size_t to,
                      std::vector<DesSchedule>& found);

/// The schedule at a place, in whichever layout.
std::optional<DesSchedule> desScheduleAt(ByteView bytes, std::size_t position);

/// The round keys of a key of 8 bytes, 128 bytes, the first round's first.
SecretBytes expandDesKey(ByteView key, DesLayout layout);

} // namespace coredact
