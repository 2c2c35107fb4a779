// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"
#include "scanner/base/range.h"

#include <optional>
#include <string_view>
#include <vector>

namespace coredact {

/// Maps bytes that detectors see back to the file. Immutable.
class PositionMap {
public:
    virtual ~PositionMap() = default;
    /// The file bytes that [begin, end) of the window was made from, in the secret's order,
    /// neighbours joined. `begin < end`, both inside the window.
    virtual std::vector<FileRange> fileRanges(std::size_t begin, std::size_t end) const = 0;
};

/// Bytes given to the detectors: some context, the fresh part, and a margin as wide as the widest
/// rule. A match counts only when it begins in the fresh part, so each is reported once.
/// The next window's fresh part begins where this one's ends.
struct Window {
    ByteView bytes;
    std::size_t freshBegin = 0; ///< bytes before it are context
    std::size_t freshEnd = 0; ///< bytes after it are margin
    const PositionMap* map = nullptr;
    std::string_view encoding; ///< "raw", "utf-16le", "base64", "base64+utf-16le", ...
    std::optional<std::uint64_t> address {}; ///< of the first byte, where it is raw memory

    bool fresh(std::size_t position) const
    {
        return freshBegin <= position && position < freshEnd;
    }
};

} // namespace coredact
