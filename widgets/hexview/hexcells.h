// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/hexview/bytelayout.h"
#include "widgets/hexview/hexmarks.h"

#include <array>
#include <optional>

namespace coredact {

class ByteCache;

/// One place in a row, ready to be painted or copied. A masked cell does not hold its byte, so
/// nothing behind this can show it.
struct HexCell {
    enum class State {
        Blank, ///< no byte in this column
        Here,
        Awaited, ///< asked for, not here yet
        Unreadable,
    };

    State state = State::Blank;
    bool masked = false;
    std::uint8_t byte = 0; ///< 0 unless Here and not masked
    std::optional<std::uint32_t> mark; ///< index of the topmost one
};

using HexCells = std::array<HexCell, bytesPerRow>;

/// What is asked while a row is put together. The referred objects must outlive the call.
struct HexSource {
    const HexMarks& marks;
    ByteCache* bytes = nullptr; ///< null: every byte is awaited
    std::optional<std::uint32_t> revealed; ///< number of the finding whose bytes are shown
};

/// The cells of one row. Asks the cache for what is not here. A byte is masked when a masked
/// finding holds it, unless the revealed one does too or it belongs to a public prefix of every
/// masked finding that holds it. A finding that may have a public prefix is masked whole until its
/// first bytes are here.
HexCells cellsOf(const LayoutRow& row, const HexSource& source);

} // namespace coredact
