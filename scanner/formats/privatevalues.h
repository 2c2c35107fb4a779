// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytereader.h"

#include <vector>

namespace coredact {

/// Bytes [begin, end) of a text.
struct TextPart {
    std::uint64_t begin;
    std::uint64_t end;

    bool operator==(const TextPart&) const = default;
};

/// How the letters of a text lie in its bytes, and what is between two arguments.
struct TextForm {
    unsigned unit = 1; ///< bytes of a letter: 1, or 2 for UTF-16
    ByteOrder order = ByteOrder::Little;
    char separator = '\0'; ///< or a blank: then quotes keep blanks together
};

/// What stands behind the names in a block of "NAME=value", each ended by a NUL. Text without a
/// name is a value whole: programs that rewrite their arguments overwrite the environment too.
std::vector<TextPart> environmentValues(ByteView text, const TextForm& form);

/// What is private in a command line: all but the program, options ("-x", "--name"), and names
/// in front of "=".
std::vector<TextPart> argumentValues(ByteView text, const TextForm& form);

} // namespace coredact
