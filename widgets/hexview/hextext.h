// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/hexview/hexcells.h"
#include "widgets/hexview/hexcursor.h"

#include <QCoreApplication>
#include <QString>

namespace coredact {

enum class CopyAs { Hex, Text, Offset, Address };

/// What the hex view says in words: notices, tool tips, copies, accessible rows.
class HexText {
    Q_DECLARE_TR_FUNCTIONS(HexText)

public:
    /// The most bytes that are copied at once.
    static constexpr std::uint64_t mostCopied = 1U << 20;

    /// "not in the dump: 7f28... - 7f28... · 911 KiB · libcrypto.so.3 r-x", for gaps and captions.
    static QString notice(const ByteLayout& layout, const LayoutSection& section);
    /// The region or part of the file that a section shows; "" where nothing is known.
    static QString sectionName(const ByteLayout& layout, const LayoutSection& section);
    /// A row for a screen reader: address, then bytes; masked ones as the word for it.
    static QString spoken(const ByteLayout& layout, std::uint64_t row, const HexSource& source);

    struct Copied {
        QString text;
        bool complete = false; ///< false: some bytes are not here yet, ask again later
    };
    /// The selected bytes as they are shown: masked ones are dots. Hex has one space between
    /// bytes, a line break between rows; text has line breaks only at gaps. For Offset and
    /// Address, the place of the first byte. `cells` may not be more than mostCopied.
    static Copied copied(const ByteLayout& layout, HexCursor::Cells cells, const HexSource& source,
                         CopyAs as);
};

} // namespace coredact
