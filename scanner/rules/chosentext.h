// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace coredact {

/// How much a text looks like a password that somebody chose: by its form alone, whatever its
/// letters spell. Said of ASCII only.
enum class ChosenText {
    No,
    Perhaps, ///< a word with a capital and a number behind it ("Walrus17"), as names have, too
    Likely, ///< letters, digits and a sign at the end ("walrus17!"), or all four kinds mixed
};

ChosenText chosenText(std::string_view text);

} // namespace coredact
