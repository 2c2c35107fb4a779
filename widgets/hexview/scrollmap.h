// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace coredact {

/// Scroll bars count in int; rows of a large dump do not fit. One step of the bar stands for
/// `step` rows, and its end for the last possible top row, so that both ends are exact.
/// Integers only; right for every 64-bit number of rows.
class ScrollMap {
public:
    ScrollMap() = default;
    /// `visible`: rows that fit on screen at once.
    ScrollMap(std::uint64_t rows, std::uint64_t visible);

    std::uint64_t lastTop() const { return m_lastTop; } ///< the largest row that can be on top
    int maximum() const; ///< of the bar
    /// Where the bar stands for a top row; larger ones count as lastTop().
    int valueOf(std::uint64_t top) const;
    /// The top row for a bar value; values outside of the bar count as its ends.
    std::uint64_t topOf(int value) const;
    /// `top` moved by `rows` and kept between 0 and lastTop().
    std::uint64_t moved(std::uint64_t top, std::int64_t rows) const;

private:
    std::uint64_t m_lastTop = 0;
    std::uint64_t m_step = 1;
};

} // namespace coredact
