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
/// Lower and upper case; plain, with spaces or colons between, and as "\x41".
std::vector<SecretForm> asHex(const SecretForm& raw);
/// URL percent, JSON and XML escapes.
std::vector<SecretForm> asEscapes(const SecretForm& raw);
/// Words of 32 and 64 bits, bytes of each turned round; and with the words' order reversed. The
/// first as in Java's int[] of a little-endian machine, the last as in limbs of a big-endian one.
std::vector<SecretForm> asSwappedWords(const SecretForm& raw);
/// CPython's int: 30 bits in each 32-bit word, both little-endian.
SecretForm asPythonInteger(const SecretForm& raw);

} // namespace coredact
