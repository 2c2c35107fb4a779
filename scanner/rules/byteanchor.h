// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/anchors/anchor.h"
#include "scanner/rules/detector.h"

#include <string_view>
#include <vector>

namespace coredact {

/// The bits that count of a character where letters are looked for in either case.
constexpr std::uint8_t anyCase(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ? 0xdf : 0xff;
}

/// An anchor of what a detector looks for in single windows.
struct ByteAnchor : Anchor {
    /// Is told each position of the anchor from the fresh part's begin to `reach` behind its end,
    /// in raw bytes and in views. Gives only matches whose first looked-at byte is fresh.
    void (*look)(const Window& window, std::size_t position, MatchSink& sink) = nullptr;
};

/// An anchor of four bytes.
ByteAnchor anchorOf(std::string_view fourBytes, std::size_t reach, decltype(ByteAnchor::look) look);
/// The same where only the bits of `mask` count.
ByteAnchor anchorOf(std::string_view fourBytes, std::string_view mask, std::size_t reach,
                    decltype(ByteAnchor::look) look);
/// Of texts of four letters each, in either case.
std::vector<ByteAnchor> anchorsOfLetters(std::span<const std::string_view> texts, std::size_t reach,
                                         decltype(ByteAnchor::look) look);

} // namespace coredact
