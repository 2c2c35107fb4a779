// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/ciphers/keyschedule.h"

namespace coredact {

/// The 18 subkeys and four S-boxes of 256 words.
inline constexpr std::size_t blowfishBytes = 4168;

/// The state that Blowfish computed from a key, at the start of `bytes`: subkeys first, as in
/// libcrypto, or last, as in libgcrypt; little-endian words. The state is made by encrypting a
/// block over and over and replacing two words of it by each result, so that each step can be
/// undone, up to the key. Keys are told in their shortest form: a repeated one once.
std::optional<KeySchedule> blowfishAt(ByteView bytes);

} // namespace coredact
