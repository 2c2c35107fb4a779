// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"
#include "scanner/scan/window.h"

#include <cstdint>
#include <vector>

namespace coredact {

// The two pads of RFC 2104, which programs keep of an HMAC's key, or leave on their stacks: a block
// of the hash that is one byte again and again, with which the key is combined at its begin.

inline constexpr std::uint8_t outerHmacPad = 0x5c;
inline constexpr std::uint8_t innerHmacPad = 0x36;
inline constexpr std::size_t longestHmacBlock = 128;

/// What may be one of them.
struct HmacPad {
    std::vector<FileRange> places; ///< of the bytes that the key decides
    SecretBytes block;
};

/// Those whose unchanged bytes begin at `position` and whose first byte is fresh, for each size of
/// a block. Nothing proves them; the key must be shorter than the block by four bytes, and differ
/// from text of few letters.
std::vector<HmacPad> hmacPadsAt(const Window& window, std::size_t position);

/// The key of a pad that is made with this byte, without zeros at its end.
SecretBytes keyOfPad(ByteView block, std::uint8_t pad);

/// The key of both pads; empty if they are none, or the key is one that everybody knows: the secret
/// and the salt with which each handshake of TLS 1.3 begins.
SecretBytes keyOfPads(ByteView outer, ByteView inner);

} // namespace coredact
