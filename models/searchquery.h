// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytereader.h"

#include <QString>
#include <QStringList>

#include <cstdint>
#include <optional>
#include <vector>

namespace coredact {

/// What a person typed into the search field, as bytes to look for.
///   "de ad be ef", hex:deadbeef     bytes
///   0x7f28c4a1e240                  a number as the dump's processor writes it, word-sized
///   u16:8080 u32:1 u64:1            a number of that width
///   re:pass(word)?=                 a regular expression; upper and lower case alike
///   anything else, or text:...      text, also as UTF-16; upper and lower case alike
struct SearchQuery {
    enum class Kind { Text, Bytes, Number, Expression };

    Kind kind = Kind::Text;
    std::vector<std::uint8_t> pattern;

    /// Nothing for what makes no pattern: empty text, half a byte, a number that does not fit.
    static std::optional<SearchQuery> parse(const QString& typed, ByteOrder order,
                                            unsigned wordSize);
};

/// Where a person wants to go.
struct Destination {
    enum class Kind { Address, Offset };

    Kind kind = Kind::Address;
    std::uint64_t position = 0;

    /// "7f28c4a1e240", "0x7f28c4a1e240" and "7f28 c4a1 e240" are addresses; "@21e240" is an
    /// offset in the file, and so is "+4096" in decimal.
    static std::optional<Destination> parse(const QString& typed);
};

} // namespace coredact
