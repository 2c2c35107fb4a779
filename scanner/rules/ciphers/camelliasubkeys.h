// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"
#include "scanner/base/securebuffer.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace coredact {

// Camellia's subkeys by RFC 3713: the key's halves and what they were mixed to, turned.

/// What the subkeys are made of: the key's halves, and what they were mixed to.
enum class CamelliaPart : std::uint8_t { KL, KR, KA, KB };
inline constexpr std::size_t camelliaParts = 4;

/// Sixteen bytes of subkeys: a part, turned to the left.
struct CamelliaSubkeys {
    CamelliaPart part;
    unsigned turn;
};

using CamelliaLayout = std::span<const CamelliaSubkeys>;
/// Of keys of 128 bits, and of longer ones.
CamelliaLayout shortCamellia();
CamelliaLayout longCamellia();
/// The second half of these, in a short key, is KL's, turned by 60.
inline constexpr std::size_t camelliaMixedOne = 6;

struct CamelliaWhole {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    bool operator==(const CamelliaWhole&) const = default;
};

CamelliaWhole camelliaTurned(CamelliaWhole value, unsigned by);

using CamelliaValues = std::array<std::optional<CamelliaWhole>, camelliaParts>;

/// The subkeys at a place of the layout; the parts that it needs must be there.
CamelliaWhole camelliaSubkeys(const CamelliaValues& values, CamelliaLayout layout,
                              std::size_t index);
/// KL must be there; KR makes the key long.
SecretBytes camelliaKey(const CamelliaValues& values);

} // namespace coredact
