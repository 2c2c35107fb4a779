// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"

namespace coredact {

// The parts of AES (FIPS-197) that a key schedule is made of. Words have their first byte highest.

/// The four bytes at `position`.
std::uint32_t aesWord(ByteView bytes, std::size_t position);
/// What word `index` of an expansion has beside w[index - keyWords]: the word before it, turned,
/// substituted and with the round constant where the standard says so.
std::uint32_t aesStep(std::uint32_t before, std::size_t index, std::size_t keyWords);
std::uint32_t aesMixColumn(std::uint32_t word);
std::uint32_t aesUnmixColumn(std::uint32_t word);

} // namespace coredact
