// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace coredact {

/// How surely a text was made by a generator of passwords or keys ("T6eoC6NSgx9K") rather than
/// being a name, an expression or what a compiler makes of names: its nameRarity, in half bits,
/// less a price for each sign. Texts of one case, such as hexadecimal digits, lists of letters, and
/// texts with the signs of programs are not judged. Zero where it is none.
int generatedScore(std::string_view text);

/// Whether hardly anything stands beside hexadecimal digits of one case: numbers in memory look so
/// behind a digest or an id.
bool isHexWithRest(std::string_view text);

/// The part of a text that has at least such a score, behind a name that ends with a colon or an
/// equals sign ("jane:T6eoC6NSgx9K"); empty where there is none.
std::string_view generatedPart(std::string_view text, int score);

} // namespace coredact
