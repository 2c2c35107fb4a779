// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"

#include <string_view>
#include <vector>

namespace coredact {

/// How values may be written, for the verification: simple code of its own, so that no mistake is
/// the scanner's too.
namespace writings {

/// Characters of `unit` bytes.
SecretBytes widened(ByteView text, std::size_t unit, bool bigEndian);
SecretBytes hexOf(ByteView bytes, bool upper);
/// The digits in which the bytes stand alone when `before` other bytes come first.
SecretBytes base64Of(ByteView bytes, unsigned before, bool url);
/// Every way to write the bytes as a list of hex or decimal numbers.
struct Listed {
    std::string_view encoding;
    SecretBytes text;
};
std::vector<Listed> listsOf(ByteView bytes);
/// Where only some characters are written otherwise. The first says what the second does.
struct Escaped {
    std::string_view encoding;
    SecretBytes (*write)(ByteView);
    bool forBytes; ///< also for bytes that are no text
};
const std::vector<Escaped>& escapes();
/// A character and the bytes of the text that write it.
struct Symbol {
    std::uint32_t code = 0;
    std::size_t begin = 0;
    std::size_t size = 1;
};
/// Those of a text in UTF-8; a byte that is not stands for itself.
std::vector<Symbol> symbolsOf(ByteView text);
/// UTF-16 or UTF-32.
SecretBytes unitsOf(std::span<const Symbol> symbols, std::size_t unit, bool bigEndian);
/// As JSON in ASCII.
SecretBytes jsonOf(std::span<const Symbol> symbols, bool upper);
/// The 30-bit digits of CPython, of a number whose first byte is the highest.
SecretBytes pythonDigits(ByteView number);

} // namespace writings

} // namespace coredact
