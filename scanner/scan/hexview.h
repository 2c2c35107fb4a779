// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/bytemasks.h"
#include "scanner/scan/viewbuffer.h"

#include <array>

namespace coredact {

/// The hex text of a window, decoded: runs of at least 32 digits of either case, from both places
/// where a byte may begin, and of at least 16 pairs with one and the same separator between them
/// ("de ad", "de:ad"). Decoded only where that gives at least 12 bytes of ASCII in a row, what
/// may begin a key in DER, or the head of a compressed stream at its front; so hashes and numbers
/// cost little.
class HexViews {
public:
    /// `masks`: for each 64 bytes of the window and what is left after them, the hex digits.
    HexViews(const Window& window, std::span<const std::uint64_t> masks);

    std::array<ViewBuffer, 3> decoded; ///< by where decoding begins; the last one of pairs

private:
    void find(std::span<const std::uint64_t> masks);
    void takeRun(std::size_t begin, std::size_t end);
    std::size_t takePairs(std::size_t begin);
    void decode(ViewBuffer& buffer, std::size_t begin, std::size_t count, std::size_t width);
    bool isPair(std::size_t at) const;
    std::uint8_t byteAt(std::size_t at) const;
    bool beginsStream(std::size_t begin, std::size_t count, std::size_t width) const;
    bool worthIt(std::size_t begin, std::size_t count, std::size_t width) const;

    ByteView m_bytes;
};

} // namespace coredact
