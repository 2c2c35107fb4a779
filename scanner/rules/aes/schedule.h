// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"
#include "scanner/rules/aes/kernel.h"

#include <functional>

namespace coredact {

/// In which order the round keys of a schedule lie.
enum class AesOrder {
    Encryption,
    Decryption, ///< last round key first, the inner ones through InvMixColumns (FIPS-197 5.3.5)
    Reversed, ///< last round key first, as they are
};

/// A proven key schedule: all its bytes follow from its key.
struct AesSchedule {
    std::size_t position = 0;
    std::size_t keyBytes = 0; ///< 16, 24 or 32
    AesOrder order = AesOrder::Encryption;
    bool swapped = false; ///< the four bytes of each word in reverse

    std::size_t size() const { return 4 * (keyBytes + 28); }
};

inline constexpr std::size_t maximumAesSchedule = 240;

/// Calls `take` for each schedule that begins in [begin, end) and lies wholly in the bytes, once,
/// by position. A schedule of a key whose words are mostly zero is not found.
void findAesSchedules(ByteView bytes, std::size_t begin, std::size_t end, AesKernel kernel,
                      const std::function<void(const AesSchedule&)>& take);

/// The schedule of this kind at this place, when all of it agrees.
bool provesAesSchedule(ByteView bytes, const AesSchedule& schedule);

SecretBytes aesKeyOf(ByteView bytes, const AesSchedule& schedule);
/// FIPS-197's key expansion: 176, 208 or 240 bytes.
SecretBytes expandAesKey(ByteView key);
/// The same in `AesOrder::Decryption`.
SecretBytes aesDecryptionSchedule(ByteView expanded);

} // namespace coredact
