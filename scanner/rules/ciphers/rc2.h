// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/ciphers/keyschedule.h"

namespace coredact {

/// 64 little-endian words of 32 bits, of which the upper half is zero: what libcrypto expands a
/// key of RC2 to (RFC 2268).
inline constexpr std::size_t rc2Bytes = 256;

bool followsAsRc2(ByteView bytes);

/// Whether a part of them may begin with these 32 bytes or more.
inline bool mayBeRc2Words(ByteView bytes)
{
    const auto word = [&](std::size_t at) { return nativeWord<std::uint64_t>(bytes.data() + at); };
    const std::uint64_t any = word(0) | word(8) | word(16) | word(24);
    return (any & 0xffff0000ffff0000) == 0 && any != 0 && followsAsRc2(bytes);
}

struct Rc2Schedule {
    std::size_t position = 0;
    SecretBytes key;
};

/// The expanded key that holds the words at `sample`, for keys of 5, 8 and 16 bytes (RC2-40,
/// RC2-64 and RC2). Others are not found.
std::optional<Rc2Schedule> rc2Around(ByteView bytes, std::size_t sample);

} // namespace coredact
