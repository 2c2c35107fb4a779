// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"

#include <functional>
#include <vector>

namespace coredact {

/// Where secrets of TLS may stand among words of four bytes.
enum class WordMark {
    EndOfRun, ///< eight or more words that are not zero end here, four or more zeros begin
    Length, ///< a word that is 32 or 48
};

/// Calls `take` for the marks in [begin, end), in order, of the words at begin, begin + 4, and so
/// on. Looks at the words before and behind that range as far as there are bytes.
void findWordMarks(ByteView bytes, std::size_t begin, std::size_t end,
                   const std::function<void(WordMark, std::size_t position)>& take);

} // namespace coredact
