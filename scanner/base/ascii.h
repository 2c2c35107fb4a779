// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace coredact {

// Kinds of ASCII characters, whatever the locale. Bytes from 0x80 on are of none.

constexpr bool isSmall(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool isCapital(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool isLetter(char c) { return isSmall(c) || isCapital(c); }
constexpr bool isDigit(char c) { return c >= '0' && c <= '9'; }
/// Prints, and is no blank.
constexpr bool isVisible(std::uint8_t byte) { return byte > 0x20 && byte < 0x7f; }

} // namespace coredact
