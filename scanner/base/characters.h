// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"

#include <optional>

namespace coredact {

/// A character of a text, and the bytes that it takes there.
struct Character {
    std::uint32_t code = 0;
    std::size_t size = 1;
    bool isUtf8 = true; ///< not where a byte that is no UTF-8 was taken as Latin-1
};
/// The UTF-8 character at `at`, or its first byte as Latin-1 where it is none. Programs hold one
/// text in either way, and some mix them.
Character characterAt(ByteView text, std::size_t at);

/// A letter that ASCII does not have, or what is put above or below letters.
bool isForeignLetter(std::uint32_t code);
/// What texts hold besides letters, beyond ASCII: signs, quotes, pictures.
bool isForeignSign(std::uint32_t code);

bool isAscii(ByteView text);
/// Whether the text is one that people write: no control characters, nothing but letters and signs.
/// Of Latin-1 letters and signs count that stand among as much of ASCII, since other bytes look
/// like them.
bool isWritten(ByteView text);

void appendUtf8(SecretBytes& text, std::uint32_t code);
/// The text in UTF-8, where some of it may be Latin-1.
SecretBytes inUtf8(ByteView text);
/// The text in Latin-1; nothing where that has not all of its characters, or it is all ASCII.
std::optional<SecretBytes> inLatin1(ByteView text);

/// UTF-8 of characters of `width` bytes: Latin-1, UTF-16 or UTF-32. Bytes of width 1 are left as
/// they are. Empty where there are control characters, or halves of characters.
SecretBytes textOfUnits(ByteView units, std::size_t width, bool isBigEndian);

} // namespace coredact
