// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace coredact {

/// Whether letters of both cases, eight or more and nothing else, change their case as often as in
/// hardly a name, or stand beside each other so ("ftNzFnZkDx"): in one name of eighty among those
/// of programs, in seven of ten random texts of eight letters, and in nine of ten of twelve. Ask it
/// where a name says what it is.
bool isOfNoCase(std::string_view text);

/// Whether a text of twenty bytes or more, of letters, digits and signs in whatever order, has
/// letters beside each other as words have them seldom, in one case too ("k3xv(q#z8w..."): as a
/// generator draws them. So do nine of ten random texts of 24 small letters and digits, of 32
/// characters in base32, and of 50 with signs among them; of the texts of that size in libraries
/// and programs' sources one of a hundred, most of them digests, keys and what compilers make of
/// names.
bool isDrawn(std::string_view text);

/// Whether two letters, of whatever case, stand beside each other as in few words ("qx").
bool isPairOfNoWord(char first, char second);

} // namespace coredact
