// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/ciphers/rc4.h"

#include <algorithm>
#include <array>
#include <bitset>

namespace coredact {

namespace {

constexpr std::size_t wordBytes = 4;
constexpr std::size_t sampleWords = 8;

/// How well-known orders of all bytes begin: boxes of AES, SM4, Camellia, ARIA, Whirlpool,
/// Skipjack, Kuznyechik and Twofish, the tables of RC2, MD2, Pearson's hash and Perlin's noise.
constexpr std::array<std::uint32_t, 21> knownBeginnings {
    0x637c777b, 0x52096ad5, 0xd690e9fe, 0x70822cec, 0xe00558d9, 0x38411676, 0x702cb3c0,
    0xe24e54fc, 0x3068991b, 0x1823c6e8, 0xa3d70983, 0xfceedd11, 0xa52d328f, 0xa967b3e8,
    0x75f3c6f4, 0xd978f9c4, 0x292e43c9, 0x0157310c, 0x97a0895b, 0x01576b0c, 0x62062e0a};

bool isEachOnce(ByteView values)
{
    std::bitset<rc4Values> seen;
    for (const std::uint8_t value : values) {
        if (seen.test(value))
            return false;
        seen.set(value);
    }
    return values.size() == rc4Values;
}

bool shareDigit(unsigned a, unsigned b)
{
    return a % 16 == b % 16 || a / 16 == b / 16 || a % 16 == b / 16 || a / 16 == b % 16;
}

/// Whether no rule shows in the order: few values stay where they were or follow the one before, no
/// more than by chance (59, and 7 more or less) have a hexadecimal digit of the one before, as in
/// tables of codes, and it is no linear table, such as one of a CRC or of reversed bits.
bool isShuffled(ByteView values)
{
    constexpr std::size_t most = 12;
    constexpr std::size_t mostRelated = 105;
    std::size_t stayed = 0;
    std::size_t followed = 0;
    std::size_t linear = 0;
    std::size_t related = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        stayed += values[i] == i ? 1 : 0;
        if (i == 0)
            continue;
        const int step = values[i] - values[i - 1];
        followed += step == 1 || step == -1 ? 1 : 0;
        related += shareDigit(values[i], values[i - 1]) ? 1 : 0;
        const std::size_t lowest = i & (~i + 1);
        linear += values[i] == (values[i ^ lowest] ^ values[lowest] ^ values[0]) && lowest != i;
    }
    return stayed <= most && followed <= most && linear <= most && related <= mostRelated;
}

bool isStateOf(ByteView values)
{
    if (!isEachOnce(values) || !isShuffled(values))
        return false;
    const auto beginning = wordOf<std::uint32_t>(values.data(), ByteOrder::Big);
    return std::find(knownBeginnings.begin(), knownBeginnings.end(), beginning)
        == knownBeginnings.end();
}

std::uint32_t word(ByteView bytes, std::size_t at)
{
    return littleWord<std::uint32_t>(bytes.data() + at);
}

/// Two counters in words of their own: the first one counts bytes from 0 on.
bool areCounters(std::uint32_t first, std::uint32_t second)
{
    return first != 0 && first < rc4Values && second < rc4Values;
}

/// Whether the counters of a cipher in use stand before or behind a state.
bool hasCounters(ByteView bytes, std::size_t begin, std::size_t end)
{
    if (begin >= 2 * wordBytes
        && areCounters(word(bytes, begin - 2 * wordBytes), word(bytes, begin - wordBytes)))
        return true;
    if (bytes.size() - end < 2 * wordBytes)
        return false;
    const std::uint32_t behind = word(bytes, end);
    return areCounters(behind, word(bytes, end + wordBytes))
        || (behind > 0xff && behind <= 0xffff && (behind & 0xff) != 0); // in a byte each
}

} // namespace

std::optional<Rc4State> rc4WordsAround(ByteView bytes, std::size_t sample)
{
    const auto fits = [&](std::size_t at) {
        return bytes.size() - at >= wordBytes && word(bytes, at) < rc4Values;
    };
    // The first that may begin it holds the sample as its last.
    std::size_t begin = sample;
    const std::size_t least
        = sample - std::min(sample / wordBytes, rc4Values - sampleWords) * wordBytes;
    while (begin > least && fits(begin - wordBytes))
        begin -= wordBytes;
    const std::size_t most = sample + rc4Values * wordBytes;
    SecretBytes values;
    for (std::size_t at = begin; at < most && at < bytes.size() && fits(at); at += wordBytes)
        values.push_back(bytes[at]);
    for (std::size_t i = 0; begin + i * wordBytes <= sample && i + rc4Values <= values.size();
         ++i) {
        const ByteView state = ByteView(values).subspan(i, rc4Values);
        if (!isStateOf(state))
            continue;
        const std::size_t at = begin + i * wordBytes;
        return Rc4State {at,
                         rc4Values * wordBytes,
                         hasCounters(bytes, at, at + rc4Values * wordBytes),
                         {state.begin(), state.end()}};
    }
    return std::nullopt;
}

std::optional<Rc4State> rc4BytesAt(ByteView bytes, std::size_t at)
{
    if (bytes.size() - at < rc4Values)
        return std::nullopt;
    const ByteView values = bytes.subspan(at, rc4Values);
    if (!isStateOf(values) || !hasCounters(bytes, at, at + rc4Values))
        return std::nullopt;
    return Rc4State {at, rc4Values, true, {values.begin(), values.end()}};
}

} // namespace coredact
