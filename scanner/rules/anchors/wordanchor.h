// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytereader.h"
#include "scanner/rules/anchors/anchor.h"

namespace coredact {

/// A number of four bytes, as a machine of this order holds it.
constexpr Anchor anchorOfWord(std::uint32_t number, ByteOrder order)
{
    Anchor anchor;
    for (std::size_t i = 0; i < anchor.value.size(); ++i)
        anchor.value[order == ByteOrder::Little ? i : 3 - i]
            = static_cast<std::uint8_t>(number >> 8 * i);
    return anchor;
}

} // namespace coredact
