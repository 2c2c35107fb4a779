// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coredact {

/// The value of each base64 character in either alphabet (+/ and -_), 0xff for others.
extern const std::array<std::uint8_t, 256> base64Values;

/// Decodes base64 in either alphabet, with or without padding; nothing where the text holds
/// another character or a number of characters that no bytes give.
std::optional<SecretBytes> decodeBase64(std::string_view text);

/// Decodes base32 (RFC 4648, either case, no padding); leftover bits are dropped.
std::optional<SecretBytes> decodeBase32(std::string_view text);

/// The value of a hex digit of either case.
std::optional<std::uint8_t> hexValue(char digit);

/// Decodes hex digits of either case, two for each byte, with nothing between them.
std::optional<SecretBytes> decodeHex(std::string_view digits);

/// CRC-32 of IEEE 802.3, as zlib has it.
std::uint32_t crc32(std::string_view text);

/// `value` written with the digits of `alphabet`, filled up with its zero to `width` characters.
std::string inDigits(std::uint64_t value, std::string_view alphabet, std::size_t width);
inline constexpr std::string_view base62Digits
    = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
inline constexpr std::string_view base36Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

/// The Marvin32 checksum (US patent 20130262421, as in SymCrypt), both halves joined by xor.
std::uint32_t marvin32(ByteView bytes, std::uint64_t seed);

} // namespace coredact
