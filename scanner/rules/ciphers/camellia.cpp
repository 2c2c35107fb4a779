// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/ciphers/camellia.h"

#include "scanner/rules/ciphers/camelliasubkeys.h"

#include <bit>

namespace coredact {

namespace {

/// Reads subkeys whose halves of 64 bits are little-endian, or two words with the higher first.
CamelliaWhole wholeAt(ByteView bytes, std::size_t index, bool wordsSwapped)
{
    const auto half = [&](std::size_t i) {
        const auto word = littleWord<std::uint64_t>(bytes.data() + 16 * index + 8 * i);
        return wordsSwapped ? std::rotl(word, 32) : word;
    };
    return {half(0), half(1)};
}

/// The parts, when all subkeys agree on them.
std::optional<CamelliaValues> partsOf(ByteView bytes, CamelliaLayout layout, bool swapped)
{
    CamelliaValues values;
    for (std::size_t i = 0; i < layout.size(); ++i) {
        const CamelliaWhole here = wholeAt(bytes, i, swapped);
        auto& part = values[static_cast<std::size_t>(layout[i].part)];
        if (!part)
            part = camelliaTurned(here, 128 - layout[i].turn);
        if (here != camelliaSubkeys(values, layout, i))
            return std::nullopt;
    }
    return values;
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
    for (const CamelliaLayout layout : {shortCamellia(), longCamellia()}) {
        if (bytes.size() < 16 * layout.size())
            continue;
        for (const bool swapped : {false, true})
            if (const auto values = partsOf(bytes, layout, swapped))
                return KeySchedule {16 * layout.size(), camelliaKey(*values)};
        if (!mayBeCamelliaDecryption(bytes.data()))
            continue;
        const SecretBytes there = turnedRound(bytes.first(16 * layout.size()));
        if (const auto values = partsOf(there, layout, true))
            return KeySchedule {16 * layout.size(), camelliaKey(*values)};
    }
    return std::nullopt;
}

} // namespace coredact
