// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"

namespace coredact {

inline constexpr std::size_t notFound = ~std::size_t {0};

/// The first position in [from, to) where `first` stands right before `second`; both bytes lie
/// in `bytes`. Runs at about the speed of memory.
std::size_t findPair(ByteView bytes, std::size_t from, std::size_t to, std::uint8_t first,
                     std::uint8_t second);

/// Whether `text` stands at `position`.
bool standsAt(ByteView bytes, std::size_t position, std::string_view text);

} // namespace coredact
