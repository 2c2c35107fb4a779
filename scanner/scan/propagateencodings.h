// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/propagateforms.h"

namespace coredact {

/// Other writings of a form. Each keeps the plain value and follows its bytes' origins.

SecretForm reversed(const SecretForm& raw);
/// UTF-16 or UTF-32 (`unit` 2 or 4). Bytes that are not UTF-8 are taken as Latin-1.
SecretForm asUtf(const SecretForm& raw, unsigned unit, ByteOrder order);
/// The digits that depend on the form's bytes alone, at the three positions that they can have
/// in a longer text, in the standard and the URL alphabet (RFC 4648).
std::vector<SecretForm> asBase64(const SecretForm& raw);
/// Lower and upper case, nothing between.
std::vector<SecretForm> asHex(const SecretForm& raw);
/// Each byte as a number between others: hex of both cases with a space, colon, dash or comma
/// between, as "\x41", "%41", "\u0041", "&#x41;" and "0x41, "; octal as "\101"; decimal as "&#65;"
/// and as lists are printed, with the negative numbers of Java too.
std::vector<SecretForm> asByteLists(const SecretForm& raw);
/// Where only some characters of a text are written otherwise: URL percent, JSON, XML and the
/// escapes of programming languages, each as the common encoders have it.
std::vector<SecretForm> asEscapes(const SecretForm& raw);
/// The same for bytes that are no text, which JSON and XML cannot hold: percent and the escapes of
/// programming languages.
std::vector<SecretForm> asEscapedBytes(const SecretForm& raw);
/// Words of 32 and 64 bits, bytes of each turned round; and with the words' order reversed. The
/// first as in Java's int[] of a little-endian machine, the last as in limbs of a big-endian one.
std::vector<SecretForm> asSwappedWords(const SecretForm& raw);
/// CPython's int: 30 bits in each 32-bit word, both little-endian.
SecretForm asPythonInteger(const SecretForm& raw);
/// Java's numbers modulo the order of a curve (IntegerPolynomial, since JDK 11): a long for each 26
/// or 28 bits, the lowest first, positive or carried so that each lies around zero, in the memory
/// of a little-endian machine and as heap dumps have it. None of what is no scalar by its size.
std::vector<SecretForm> asJavaLimbs(const SecretForm& raw);

/// A form of the same value without bytes yet, with room for `size` of them, and what puts bytes
/// into it.
SecretForm emptyLike(const SecretForm& raw, std::string encoding, std::size_t size);
void append(SecretForm& form, std::uint8_t byte, Origin origin);
void append(SecretForm& form, std::string_view text, Origin origin);

} // namespace coredact
