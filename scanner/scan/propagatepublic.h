// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/rule.h"

#include <vector>

namespace coredact {

/// Which bytes of a value everybody knows, one flag for each byte: the header of a JWT, the
/// armour of a PEM block, the tags, lengths, object identifiers and public numbers of DER (also
/// inside a PEM block's base64). They stand in certificates, libraries and other people's tokens
/// too, so a fragment made of them alone says nothing.
std::vector<bool> publicParts(ByteView value, ValueForm form);

/// Which bytes of a text stand in a run of twelve and more characters of base64 or base64url that
/// is random (a quarter of its pieces of eight bytes tell), or in a run of visible characters that
/// a generator drew (isDrawn). By chance one piece of thirty reads like words, which nobody would
/// write elsewhere. `isPublic`: ends runs.
std::vector<bool> randomParts(ByteView text, const std::vector<bool>& isPublic);

/// Whether eight bytes of a secret are worth redacting where they stand alone. They are not when
/// fewer than five of them differ, when each differs from the next by the same amount, or when
/// they read like words: printable, with fewer than three pairs that are a letter beside a digit
/// or two letters that seldom follow each other in English and in programs, and with fewer than
/// four changes between small letters, capitals and digits. `inRandom`: all of them are in random
/// parts; two such pairs or changes are enough then, and a sign beside anything else is a change.
bool tellsSecret(ByteView eight, bool inRandom = false);

/// As in passwords that people think of: a fragment with such a pair that is half of its value, or
/// more, is worth redacting though it reads like words.
bool isLetterBesideDigit(std::uint8_t first, std::uint8_t second);

} // namespace coredact
