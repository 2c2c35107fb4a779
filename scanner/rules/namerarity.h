// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace coredact {

/// Whether a text of twelve bytes or more with letters of both cases goes from small letters to
/// capitals, digits and signs, and from letter to letter, as names hardly do ("GzWqfjYkQoxR"): what
/// a generator made. Of the names in programs one of twenty of twelve bytes looks so, one of a
/// hundred of twenty and more; of random base64url nine in ten of twelve bytes, 98 in 100 of
/// twenty, and all but two of a thousand of 32. Texts of one case ("vcvtwdsz", "HKLM") are not
/// judged. Signs are all other bytes.
bool isLikeNoName(std::string_view text);

/// Whether eight letters or more of one case, but perhaps the first, stand beside each other as in
/// hardly a word ("xkqjzvbnmwq"): as they do in four of a thousand words of 58 languages and of
/// programs, and in 65 of a hundred random texts of eight letters, 82 of twelve.
/// Abbreviations look so, too: ask it where a name says what it is.
bool isOfNoWord(std::string_view text);

} // namespace coredact
