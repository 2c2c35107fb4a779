// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace coredact {

/// Whether a quarter of the characters follow each other in the alphabet, count up, or are one
/// letter in both cases: alphabets, digits, and formats of numbers ("bBhHiIlLqQ").
bool isOfNeighbours(std::string_view text);

/// How much more rarely small letters, capitals, digits and signs follow each other so, and letters
/// each other, in names of programs and words than in random base64url: a logarithm, in half bits.
/// For texts with letters of both cases: all names have fewer changes of case than random texts.
/// Signs are all other bytes.
int nameRarity(std::string_view text);

/// Whether a text of eight bytes or more with letters of both cases has the rarity of hardly a name
/// ("GzWqfjYkQoxR"): what a generator made. Of the names in programs one of a hundred of up to
/// eleven and of twenty and more bytes looks so, one of twenty of twelve; of random base64url 76 in
/// 100 of eight bytes, 91 of twelve, 98 of twenty, and all but two of a thousand of 32. Texts of
/// one case ("vcvtwdsz", "HKLM") are not judged.
bool isLikeNoName(std::string_view text);

/// Whether eight letters or more and nothing else stand beside each other, or change their case, as
/// in hardly a word or name ("xkqjzvbnmwq", "ftNzFnZkDx"). Of one case but perhaps the first: as
/// four of a thousand words of 58 languages and of programs do, and of random texts 65 of a hundred
/// of eight letters, 82 of twelve. Of both: as one of a hundred names in programs do, and of random
/// texts 90 of a hundred of eight letters, 95 of twelve, 97 of fourteen. Abbreviations look so,
/// too: ask it where a name says what it is.
bool isOfNoWord(std::string_view text);

/// Whether a text of twenty bytes or more, of letters, digits and signs in whatever order, has
/// letters beside each other as words have them seldom, in one case too ("k3xv(q#z8w..."): as a
/// generator draws them. So do nine of ten random texts of 24 small letters and digits, 97 of a
/// hundred of 50 with signs among them, 98 of 32 characters in base32; of the texts of that size in
/// libraries and programs' sources one of a hundred, most of them digests, keys and what compilers
/// make of names. No text with a blank, a quotation mark or a backslash.
bool isDrawn(std::string_view text);

} // namespace coredact
