// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/regex/tree.h"

#include <array>
#include <span>

namespace coredact {

/// The first bytes of a match from one place of its expression on, as far as they are looked at: a
/// set for each place.
using Word = std::vector<ByteSet>;
inline constexpr std::size_t longestWord = 8;

/// As many of them, side by side, are looked at first; then as many.
inline constexpr std::size_t wordStart = 4;
inline constexpr std::size_t wordHead = 6;

struct FoundWord {
    Word places {};
    std::size_t head = 0; ///< the first of the places that tell most
};

/// Bytes of which every match of an expression holds some: "AKIA", or "password" in any case and
/// what may follow.
struct Words {
    std::vector<FoundWord> words {}; ///< every match holds one of them
    std::size_t before = 0; ///< of a match: at most so many bytes stand before its word
    std::size_t after = 0; ///< so many at most from the word's first byte on; or unbounded
};
using WordHead = std::array<ByteSet, wordHead>;
/// What the head of a word may hold; behind its end, anything.
WordHead headOf(const FoundWord& word);
/// How often a text holds such bytes side by side, about.
double shareOf(std::span<const ByteSet> places);

/// The most telling words of an expression; nothing where even those stand in any text.
std::optional<Words> wordsOf(const RegexNode& regex);

/// How often a text holds such a byte, about.
double shareOf(const ByteSet& set);

} // namespace coredact
