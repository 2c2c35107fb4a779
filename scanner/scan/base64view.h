// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/bytemasks.h"
#include "scanner/scan/viewbuffer.h"

#include <array>

namespace coredact {

/// Ends the runs of a base64 view: a byte that no text holds.
inline constexpr std::uint8_t base64Separator = 0xff;

/// The base64 of a window, decoded: runs of at least 24 characters of either alphabet, also broken
/// into lines (of 40 characters and more; by real line breaks or written as \n), decoded from each
/// of the four places where a group of characters may begin. A run is decoded from a place only
/// where that gives at least 15 bytes of ASCII in a row, what may begin a key in DER, the public
/// key that follows an EC key, q of a DSA key, or the head of a compressed stream at its front; so
/// names and paths, which are runs of such characters too, cost little.
class Base64Views {
public:
    /// `masks`: for each 64 bytes of the window and what is left after them, the bytes that are of
    /// base64. Needed during the call only.
    Base64Views(const Window& window, std::span<const std::uint64_t> masks);

    std::array<ViewBuffer, 4> decoded; ///< by where decoding begins

private:
    void find();
    void takeRuns(std::size_t at, std::uint64_t ends);
    bool startsWith(std::size_t at, std::string_view text) const;
    std::size_t nextLine(std::size_t at) const;
    std::size_t takeRun(std::size_t begin);
    void decodeRun();
    unsigned asciiStarts() const;
    unsigned derStarts() const;
    unsigned remainsStarts() const;
    unsigned streamStarts() const;
    void decodeFrom(std::size_t start);

    ByteView m_bytes;
    std::span<const std::uint64_t> m_masks;
    std::size_t m_end = 0; ///< what lies before it was taken
    // The run at hand: the lines that it stands in, and its characters.
    std::vector<ViewLine> m_lines;
    SecretBytes m_joined; ///< of several lines
    ByteView m_characters;
};

} // namespace coredact
