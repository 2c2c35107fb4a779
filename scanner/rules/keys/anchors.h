// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"

#include <array>

namespace coredact {

inline constexpr std::size_t notFound = ~std::size_t {0};

/// The first position in [from, to) where `first` stands right before `second`; both bytes lie
/// in `bytes`. Runs at about the speed of memory.
std::size_t findPair(ByteView bytes, std::size_t from, std::size_t to, std::uint8_t first,
                     std::uint8_t second);

/// Two bytes, one right behind the other.
struct BytePair {
    std::uint8_t first;
    std::uint8_t second;
};

/// The same for the first place where any of some pairs stands. Pairs that are not needed repeat
/// another one.
std::size_t findAnyPair(ByteView bytes, std::size_t from, std::size_t to,
                        const std::array<BytePair, 4>& pairs);

/// Whether `text` stands at `position`.
bool standsAt(ByteView bytes, std::size_t position, std::string_view text);

} // namespace coredact
