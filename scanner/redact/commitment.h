// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"

#include <optional>
#include <string>
#include <vector>

namespace coredact {

/// 32 random bytes.
std::vector<std::uint8_t> freshSalt();

/// HMAC-SHA256 of a digest's text under a salt, as lower-case hex: it binds its owner to the
/// original, and tells a recipient nothing, not even when the original can be guessed.
std::string commitment(ByteView salt, std::string_view digest);

std::string hexFromBytes(ByteView bytes);
/// Of lower-case digits; nothing when the text is empty or something else.
std::optional<std::vector<std::uint8_t>> bytesFromHex(std::string_view text);

} // namespace coredact
