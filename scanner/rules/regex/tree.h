// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <bit>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coredact {

using ByteSet = std::bitset<256>;

/// The set as four words, byte 0 the lowest bit of the first one.
inline std::array<std::uint64_t, 4> limbsOf(const ByteSet& set)
{
    static_assert(sizeof(ByteSet) == sizeof(std::array<std::uint64_t, 4>));
    return std::bit_cast<std::array<std::uint64_t, 4>>(set);
}

template<typename Take>
void forEachByte(const ByteSet& set, const Take& take)
{
    const std::array<std::uint64_t, 4> limbs = limbsOf(set);
    for (std::size_t i = 0; i < limbs.size(); ++i)
        for (std::uint64_t bits = limbs[i]; bits != 0; bits &= bits - 1)
            take(i * 64 + static_cast<std::size_t>(std::countr_zero(bits)));
}

/// As many as one likes, of a repetition; without a bound, of a width.
inline constexpr std::size_t unbounded = std::numeric_limits<std::size_t>::max();

/// An expression over bytes, taken apart.
struct RegexNode {
    enum class Kind {
        Bytes, ///< one byte of a set
        Sequence, ///< its parts one after the other; of no part: the empty text
        Choice, ///< one of its parts
        Repeat, ///< its only part, `least` to `most` times
        Edge, ///< no byte: ^ $ \b \A \z
    };
    Kind kind = Kind::Sequence;
    ByteSet bytes {};
    std::vector<RegexNode> parts {};
    std::size_t least = 1;
    std::size_t most = 1;
};

struct Regex {
    RegexNode root;
    int groups = 0; ///< that capture
    /// Of a program for it, about: ranges of bytes, edges of groups, repetitions written out.
    std::size_t size = 0;
};

/// Reads an expression of RE2's syntax, bytes as Latin-1. Nothing where it is wrong, and where it
/// uses what is rare, such as \pN, \Q, \C, (?U), named groups, or repetitions that RE2 might
/// refuse. What is read here, RE2 takes.
std::optional<Regex> parseRegex(std::string_view text);

/// An expression of the same bytes in the syntax of both engines, without groups that capture.
/// Edges are left out: more may match.
std::string toText(const RegexNode& node);

/// How many bytes a match takes.
struct RegexWidth {
    std::size_t least = 0;
    std::size_t most = 0; ///< or unbounded
};
RegexWidth widthOf(const RegexNode& node);

} // namespace coredact
