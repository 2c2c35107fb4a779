// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"

#include <optional>
#include <string_view>

namespace coredact {

inline constexpr std::string_view bitcoinBase58
    = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
inline constexpr std::string_view rippleBase58
    = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz";

/// The bytes of a number in base 58, leading zeros kept; nothing where another character stands.
std::optional<SecretBytes> decodeBase58(std::string_view text, std::string_view alphabet);

/// The same without its last four bytes, which must be the beginning of SHA-256 of SHA-256 of the
/// others.
std::optional<SecretBytes> decodeBase58Check(std::string_view text, std::string_view alphabet);

} // namespace coredact
