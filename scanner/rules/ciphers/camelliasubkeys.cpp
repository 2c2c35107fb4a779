// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/ciphers/camelliasubkeys.h"

#include "scanner/rules/ciphers/camellia.h"

#include <utility>

namespace coredact {

namespace {

using enum CamelliaPart;

constexpr std::array shortKey {
    CamelliaSubkeys {KL, 0},  CamelliaSubkeys {KA, 0},  CamelliaSubkeys {KL, 15},
    CamelliaSubkeys {KA, 15}, CamelliaSubkeys {KA, 30}, CamelliaSubkeys {KL, 45},
    CamelliaSubkeys {KA, 45}, CamelliaSubkeys {KA, 60}, CamelliaSubkeys {KL, 77},
    CamelliaSubkeys {KL, 94}, CamelliaSubkeys {KA, 94}, CamelliaSubkeys {KL, 111},
    CamelliaSubkeys {KA, 111}};

constexpr std::array longKey {
    CamelliaSubkeys {KL, 0},   CamelliaSubkeys {KB, 0},  CamelliaSubkeys {KR, 15},
    CamelliaSubkeys {KA, 15},  CamelliaSubkeys {KR, 30}, CamelliaSubkeys {KB, 30},
    CamelliaSubkeys {KL, 45},  CamelliaSubkeys {KA, 45}, CamelliaSubkeys {KL, 60},
    CamelliaSubkeys {KR, 60},  CamelliaSubkeys {KB, 60}, CamelliaSubkeys {KL, 77},
    CamelliaSubkeys {KA, 77},  CamelliaSubkeys {KR, 94}, CamelliaSubkeys {KA, 94},
    CamelliaSubkeys {KL, 111}, CamelliaSubkeys {KB, 111}};

static_assert(16 * shortKey.size() == shortestCamellia);

const std::optional<CamelliaWhole>& valueOf(const CamelliaValues& values, CamelliaPart part)
{
    return values[static_cast<std::size_t>(part)];
}

} // namespace

CamelliaLayout shortCamellia() { return shortKey; }
CamelliaLayout longCamellia() { return longKey; }

CamelliaWhole camelliaTurned(CamelliaWhole value, unsigned by)
{
    if (by % 128 >= 64)
        std::swap(value.high, value.low);
    by %= 64;
    if (by == 0)
        return value;
    return {value.high << by | value.low >> (64 - by), value.low << by | value.high >> (64 - by)};
}

CamelliaWhole camelliaSubkeys(const CamelliaValues& values, CamelliaLayout layout,
                              std::size_t index)
{
    CamelliaWhole subkeys
        = camelliaTurned(*valueOf(values, layout[index].part), layout[index].turn);
    if (layout.size() == shortKey.size() && index == camelliaMixedOne)
        subkeys.low = camelliaTurned(*valueOf(values, KL), 60).low;
    return subkeys;
}

SecretBytes camelliaKey(const CamelliaValues& values)
{
    SecretBytes key;
    const CamelliaWhole& left = *valueOf(values, KL);
    putBig(key, left.high);
    putBig(key, left.low);
    if (const auto& right = valueOf(values, KR)) {
        putBig(key, right->high);
        if (right->low != ~right->high) // else a key of 192 bits
            putBig(key, right->low);
    }
    return key;
}

} // namespace coredact
