// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/ciphers/keyschedule.h"

namespace coredact {

inline constexpr std::size_t seedScheduleBytes = 128;

/// Whether SEED's round keys (RFC 4269) may begin at `place`: undoing G in four of them gives sums
/// whose differences are those of the key's half turned by 8 bits.
bool mayBeSeed(const std::uint8_t* place);

/// The round keys at the start of `bytes`: 32 little-endian words.
std::optional<KeySchedule> seedAt(ByteView bytes);

} // namespace coredact
