// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"
#include "scanner/base/vectors.h"

#include <cstdint>
#include <functional>
#include <span>

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

/// One bit for each of 64 words, the lowest for the first.
struct WordMasks {
    std::uint64_t zero = 0;
    std::uint64_t length = 0;

    bool operator==(const WordMasks&) const = default;
};

/// Of the 256 bytes at `bytes`.
using WordMaskKernel = WordMasks (*)(const std::uint8_t* bytes);

using WordMaskKernelChoice = KernelChoice<WordMaskKernel>;

/// Those that this machine can run, the slowest first. All give the same answers.
std::span<const WordMaskKernelChoice> wordMaskKernels();

} // namespace coredact
