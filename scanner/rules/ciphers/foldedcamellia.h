// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/ciphers/keyschedule.h"

#include <vector>

namespace coredact {

/// Subkeys of Camellia with the second and the last of whitening worked into the others, and each
/// round's with its neighbours' (as the authors of the cipher propose for software, but for what
/// they do about half of the round's last step, which neither library does on x86-64).
struct FoldedCamellia {
    KeySchedule schedule;
    std::vector<SecretBytes> layouts; ///< the same as each library lays it out
    /// The first subkey, where it stands apart: `apartBy` bytes before.
    SecretBytes apart;
    static constexpr std::size_t apartBy = 16;
};

/// At the start of `bytes`: as Nettle has them (struct camellia128_ctx, camellia256_ctx: words of
/// 64 bits, for encryption or from the last to the first for decryption) or, from its third
/// subkey on, libgcrypt (two words of 32 bits each, the higher first, with zeros where the two
/// were). All are computed again from the key and compared.
std::optional<FoldedCamellia> foldedCamelliaAt(ByteView bytes);

} // namespace coredact
