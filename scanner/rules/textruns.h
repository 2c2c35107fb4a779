// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"

#include <vector>

namespace coredact {

/// A run of positions in what was looked at, end excluded.
struct Zone {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// A byte of a text: printable ASCII, or white space from tab to carriage return.
constexpr bool isTextByte(std::uint8_t byte)
{
    return (byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte < 0x0e);
}

/// A byte as tokens are made of: letters, digits and "%+-./=_~".
constexpr bool isTokenByte(std::uint8_t byte)
{
    const std::uint8_t letter = byte | 0x20;
    return (letter >= 'a' && letter <= 'z') || (byte >= '-' && byte <= '9') || byte == '+'
        || byte == '%' || byte == '=' || byte == '_' || byte == '~';
}

/// Runs that are shorter are not looked for.
inline constexpr std::size_t leastTextRun = 8;
inline constexpr std::size_t leastTokenRun = 24;

/// Runs with fewer bytes between them are one zone.
inline constexpr std::size_t nearRuns = 32;

/// Finds runs of one kind of bytes.
struct RunKind {
    bool (*has)(std::uint8_t byte);
    std::size_t least; ///< shorter runs are not looked for; at least 8
    /// A bit for each byte that belongs, 64 bytes a mask.
    void (*masks)(const std::uint8_t* bytes, std::uint64_t* masks, std::size_t count);

    /// Adds the zones of `part` of the bytes, in order.
    void find(ByteView bytes, const Zone& part, std::vector<Zone>& zones) const;
};

/// The best for this processor.
const RunKind& textRuns();
const RunKind& tokenRuns();

/// Every one that this processor can use; all find the same.
std::vector<RunKind> textRunKinds();
std::vector<RunKind> tokenRunKinds();

} // namespace coredact
