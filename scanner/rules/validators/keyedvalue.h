// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/validator.h"

#include <string>
#include <string_view>

namespace coredact {

/// What stands beside a name that says that its value is secret. The principle of all rules that go
/// by such a name; resources/rules/README.md tells it to people.
enum class KeyedValue {
    Nothing, ///< program text, a type, a message of a form or program: no secret
    Prose, ///< words with blanks between them
    Letters, ///< letters only: a password, or any word
    Number,
    Mixed, ///< what words are not: letters with digits, signs or odd neighbours among them
};

/// `name`: what the value is called, all that is known of it; may be empty.
KeyedValue keyedValue(std::string_view name, std::string_view value);

/// ASCII letters made small.
std::string lowerCase(std::string_view text);

/// name(...), name[...], a.name, $name, Name::name, name->name, and operators behind a name.
bool isProgramText(std::string_view text);

/// Letters, and the signs that stand among words.
bool isWords(std::string_view text);

/// Words that programs, forms and messages put beside the name of a password.
bool saysWhatItIs(std::string_view text);

/// Words that somebody may have chosen for a passphrase ("walrus ribbon orchid", "Gas-Tin-Mop"):
/// all written alike and with the same sign between them, three at least where that is a hyphen;
/// none of the short words that sentences are held together by.
bool isPassphrase(std::string_view text);

/// Whether the lines before and after the match, as far as there are any, are settings as well:
/// "name = value", "name: value", "[section]", a comment.
bool standsAmongSettings(const Candidate& candidate);

/// Whether another "name=value" stands beside the match, with a blank between.
bool standsAmongFields(const Candidate& candidate);

} // namespace coredact
