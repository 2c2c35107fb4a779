// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/scan.h"
#include "scanner/scan/windows.h"

#include <functional>

namespace coredact {

class FormIndex;
class PresentWords;

/// A place where one of the values stands, whole or in part.
struct Copy {
    std::size_t secret = 0; ///< index into the values
    std::string encoding; ///< "raw", "utf-16be", "base64", "reversed", "hex", "fragment", ...
    std::vector<FileRange> pieces;

    bool operator==(const Copy&) const = default;
};

struct CopySearchOptions {
    unsigned threads = 0;
    /// Indexes of values that may be words of the language: some ten thousand copies of one are
    /// enough, so that "string" fills no memory with the places where it stands.
    std::vector<std::size_t> words {};
    /// Where what could not be read is told; nullptr: nowhere.
    std::vector<Unreadable>* unreadable = nullptr;
    /// What is to be read, where that is known; nullptr: all that is no hole of the file.
    const DataRuns* data = nullptr;
    /// Called with one index of values after the other, in any order, so that copies elsewhere can
    /// be looked for with it. One call at a time.
    std::function<void(const FormIndex& index)> alsoWith {};
    /// Called once before that, where the values are very many: to add each word of the bytes that
    /// `alsoWith` looks through. Without it these are looked for in smaller parts.
    std::function<void(PresentWords& words)> alsoIn {};
};

/// Finds every copy of every value and derived value in every encoding (raw, reversed, 32-bit and
/// 64-bit words swapped, CPython's digits, UTF-16 and UTF-32 of both orders, base64 at three
/// alignments in both alphabets, hex of both cases, lists of hex and decimal numbers, URL, JSON
/// and XML escapes, those of letters that ASCII does not have too, base64 of UTF-16, hex and base64
/// in UTF-16), and every fragment of 8 bytes or more of them. Windows of few distinct bytes (zeros,
/// one word of a dictionary) do not count as fragments. Looks at memory order, file order and
/// seams. Sorted by secret, then place. The answer does not depend on the thread count.
Result<std::vector<Copy>> findCopies(const Source& source, const Dump& dump,
                                     std::span<const SecretValue> values,
                                     const CopySearchOptions& options, const JobControl& control);

} // namespace coredact
