// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"

#include <optional>
#include <span>
#include <string_view>

namespace coredact {

/// A hash whose context libcrypto's programs keep: words of its state, then how many bits it took.
struct HmacHash {
    std::string_view name; ///< "SHA-256"
    std::size_t block = 0; ///< bytes
    std::size_t state = 0; ///< bytes
    std::size_t word = 0; ///< bytes of a word of the state and of the count's halves
    bool hasShorter = false; ///< SHA-224 and SHA-384 have the contexts of the larger ones
};

std::span<const HmacHash> hmacHashes();

/// The state in a context at [begin, begin + state) that has taken one whole block and nothing
/// more, as the inner and outer one of an HMAC (RFC 2104) do; `count` is where its count of bits
/// stands.
struct HashState {
    const HmacHash* hash = nullptr;
    std::size_t begin = 0;
};
std::optional<HashState> hashStateAt(ByteView bytes, std::size_t count);

enum class HmacSide { Inner, Outer };

/// What the state of that side is with this key, as it lies in little-endian memory; `truncated`
/// for SHA-224 and SHA-384, which begin otherwise. Keys longer than a block are not made.
SecretBytes hmacStateOf(const HmacHash& hash, bool truncated, HmacSide side, ByteView key);

} // namespace coredact
