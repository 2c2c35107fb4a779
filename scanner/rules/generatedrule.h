// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/rule.h"

#include <cstddef>
#include <span>
#include <string_view>

namespace coredact {

/// The rule of texts that nothing names and that a generator must have made.
std::span<const RuleInfo> generatedRules();

/// How surely a text must be a generated one to be told. Of the texts that stood so in the writable
/// memory of some forty programs, nearly all that had more were passwords, keys, tokens and numbers
/// of sessions. Of random texts of 16 letters and digits 95 of a hundred have the lower score, 86
/// the higher one; of 20, 98 and 93.
struct Enough {
    std::size_t size;
    int score; ///< of generatedScore
};
inline constexpr Enough enoughWithLength {10, 12}; ///< where the memory says how long the text is
inline constexpr Enough enoughAnywhere {12, 23};

/// The part that is told of a text of which the memory says how long it is: what looks generated,
/// perhaps behind a name, or the whole where it looks chosen. Empty where there is none.
std::string_view secretPart(std::string_view text);

/// Whether a text under the name of something secret hardly is anything else, though nothing more
/// says that it belongs to the name: hexadecimal digits, what looks generated, and what somebody
/// may have chosen for a password, with a number and a sign.
bool isLikeNoOther(std::string_view text);

} // namespace coredact
