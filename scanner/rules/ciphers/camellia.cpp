// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/ciphers/camellia.h"

#include <algorithm>
#include <array>
#include <bit>
#include <span>

namespace coredact {

namespace {

/// What the subkeys are made of: the key's halves, and what they were mixed to.
enum Part : std::uint8_t { KL, KR, KA, KB };
constexpr std::size_t parts = 4;

/// Sixteen bytes of subkeys: a part, turned to the left.
struct Subkeys {
    Part part;
    unsigned turn;
};

constexpr std::array shortKey {
    Subkeys {KL, 0},  Subkeys {KA, 0},   Subkeys {KL, 15}, Subkeys {KA, 15}, Subkeys {KA, 30},
    Subkeys {KL, 45}, Subkeys {KA, 45},  Subkeys {KA, 60}, Subkeys {KL, 77}, Subkeys {KL, 94},
    Subkeys {KA, 94}, Subkeys {KL, 111}, Subkeys {KA, 111}};
/// The second half of these is KL's, turned by 60.
constexpr std::size_t mixedOne = 6;

constexpr std::array longKey {
    Subkeys {KL, 0},   Subkeys {KB, 0},  Subkeys {KR, 15}, Subkeys {KA, 15}, Subkeys {KR, 30},
    Subkeys {KB, 30},  Subkeys {KL, 45}, Subkeys {KA, 45}, Subkeys {KL, 60}, Subkeys {KR, 60},
    Subkeys {KB, 60},  Subkeys {KL, 77}, Subkeys {KA, 77}, Subkeys {KR, 94}, Subkeys {KA, 94},
    Subkeys {KL, 111}, Subkeys {KB, 111}};
static_assert(16 * shortKey.size() == shortestCamellia);

using Half = std::uint64_t;
struct Whole {
    Half high = 0;
    Half low = 0;
    bool operator==(const Whole&) const = default;
};

Whole turned(Whole value, unsigned by)
{
    if (by % 128 >= 64)
        std::swap(value.high, value.low);
    by %= 64;
    if (by == 0)
        return value;
    return {value.high << by | value.low >> (64 - by), value.low << by | value.high >> (64 - by)};
}

/// Reads subkeys whose halves of 64 bits are little-endian, or two words with the higher first.
Whole wholeAt(ByteView bytes, std::size_t index, bool wordsSwapped)
{
    const auto half = [&](std::size_t i) {
        const auto word = littleWord<Half>(bytes.data() + 16 * index + 8 * i);
        return wordsSwapped ? std::rotl(word, 32) : word;
    };
    return {half(0), half(1)};
}

using PartValues = std::array<std::optional<Whole>, parts>;

/// The parts, when all subkeys agree on them.
std::optional<PartValues> partsOf(ByteView bytes, std::span<const Subkeys> layout, bool swapped)
{
    PartValues values;
    for (std::size_t i = 0; i < layout.size(); ++i) {
        const bool isMixed = layout.size() == shortKey.size() && i == mixedOne;
        const Whole here = wholeAt(bytes, i, swapped);
        std::optional<Whole>& part = values[layout[i].part];
        if (!part)
            part = turned(here, 128 - layout[i].turn);
        const Whole wanted = turned(*part, layout[i].turn);
        if (here.high != wanted.high
            || here.low != (isMixed ? turned(*values[KL], 60).low : wanted.low))
            return std::nullopt;
    }
    return values;
}

SecretBytes keyOf(const PartValues& values)
{
    SecretBytes key;
    putBig(key, values[KL]->high);
    putBig(key, values[KL]->low);
    if (values[KR]) {
        putBig(key, values[KR]->high);
        if (values[KR]->low != ~values[KR]->high) // else a key of 192 bits
            putBig(key, values[KR]->low);
    }
    return key;
}

/// Subkeys in the order of decryption, brought into that of encryption.
SecretBytes turnedRound(ByteView bytes)
{
    constexpr std::size_t subkey = 8;
    constexpr std::size_t whitening = 2 * subkey;
    SecretBytes there(bytes.end() - whitening, bytes.end());
    for (std::size_t at = bytes.size() - whitening; at > whitening; at -= subkey)
        there.insert(there.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at - subkey),
                     bytes.begin() + static_cast<std::ptrdiff_t>(at));
    there.insert(there.end(), bytes.begin(), bytes.begin() + whitening);
    return there;
}

} // namespace

std::optional<KeySchedule> camelliaAt(ByteView bytes)
{
    for (const std::span<const Subkeys> layout :
         {std::span<const Subkeys>(shortKey), std::span<const Subkeys>(longKey)}) {
        if (bytes.size() < 16 * layout.size())
            continue;
        for (const bool swapped : {false, true})
            if (const auto values = partsOf(bytes, layout, swapped))
                return KeySchedule {16 * layout.size(), keyOf(*values)};
        if (!mayBeCamelliaDecryption(bytes.data()))
            continue;
        const SecretBytes there = turnedRound(bytes.first(16 * layout.size()));
        if (const auto values = partsOf(there, layout, true))
            return KeySchedule {16 * layout.size(), keyOf(*values)};
    }
    return std::nullopt;
}

} // namespace coredact
