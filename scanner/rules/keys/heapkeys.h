// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/walk.h"

namespace coredact {

// Keys that nothing tells from other random bytes but the structures that lead to them.

/// Bits that no address has at a multiple of eight.
inline constexpr std::uint64_t noPointer = 0xffff'8000'0000'0007;

/// Whether a word of a 64-bit program may be an address at a multiple of eight.
bool mayBePointer(std::uint64_t value);

/// Whether malloc of glibc has a chunk with this field for just so many bytes.
bool isChunkOf(std::uint64_t field, std::uint64_t size);

/// Nothing like numbers.
bool isMixed(ByteView key);

/// All of a length, or nothing.
Result<SecretBytes> bytesAt(const WalkContext& context, std::uint64_t address, std::size_t size);

} // namespace coredact
