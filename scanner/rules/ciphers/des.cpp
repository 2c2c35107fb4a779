// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/ciphers/des.h"

#include "scanner/base/distinctbytes.h"
#include "scanner/rules/ciphers/samples.h"

#include <algorithm>
#include <array>
#include <bit>

namespace coredact {

namespace {

constexpr std::size_t rounds = 16;
constexpr std::size_t keyBits = 56;
constexpr std::size_t roundBits = 48;
constexpr unsigned half = 28;

// The tables of the standard (FIPS 46-3), which count bits from 1, the highest first.
constexpr std::array<std::uint8_t, keyBits> permutedChoice1 {
    57, 49, 41, 33, 25, 17, 9,  1,  58, 50, 42, 34, 26, 18, 10, 2,  59, 51, 43,
    35, 27, 19, 11, 3,  60, 52, 44, 36, 63, 55, 47, 39, 31, 23, 15, 7,  62, 54,
    46, 38, 30, 22, 14, 6,  61, 53, 45, 37, 29, 21, 13, 5,  28, 20, 12, 4};
constexpr std::array<std::uint8_t, roundBits> permutedChoice2 {
    14, 17, 11, 24, 1,  5,  3,  28, 15, 6,  21, 10, 23, 19, 12, 4,  26, 8,  16, 7,  27, 20, 13, 2,
    41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32};
/// How far both halves of the key are turned to the left up to each round.
constexpr std::array<unsigned, rounds> turns {1,  2,  4,  6,  8,  10, 12, 14,
                                              15, 17, 19, 21, 23, 25, 27, 28};

/// Bit `index` of the 56 of the key's halves, counted from the first.
constexpr std::uint64_t keyBit(std::size_t index)
{
    return std::uint64_t {1} << (keyBits - 1 - index);
}

std::uint64_t turnedLeft(std::uint64_t halves, unsigned by)
{
    constexpr std::uint64_t mask = (std::uint64_t {1} << half) - 1;
    const auto turn = [&](std::uint64_t part) { return (part << by | part >> (half - by)) & mask; };
    return turn(halves >> half) << half | turn(halves & mask);
}

std::uint64_t turnedRight(std::uint64_t halves, unsigned by)
{
    return by % half == 0 ? halves : turnedLeft(halves, half - by % half);
}

/// Where in the eight bytes, as a little-endian number, each bit of a round key stands.
using BitPlaces = std::array<std::uint8_t, roundBits>;

/// Of the six bits of S-box `box`, `bit` counted from the first.
std::size_t placeOf(DesLayout layout, std::size_t box, std::size_t bit)
{
    const std::size_t pair = box / 2;
    const bool even = box % 2 == 0;
    switch (layout) {
    case DesLayout::Libcrypto:
        return even ? 2 + 8 * pair + bit : 32 + (6 + 8 * pair + bit) % 32;
    case DesLayout::Nettle:
        return even ? 32 + (30 + 8 * pair + bit) % 32 : 2 + 8 * pair + bit;
    case DesLayout::Libgcrypt:
        return (even ? 61 : 29) - 8 * pair - bit;
    case DesLayout::D3des:
        return (even ? 29 : 61) - 8 * pair - bit;
    case DesLayout::Java:
        break;
    }
    return 8 * box + bit;
}

constexpr std::array everyLayout {DesLayout::Libcrypto, DesLayout::Nettle, DesLayout::Libgcrypt,
                                  DesLayout::D3des, DesLayout::Java};
static_assert(everyLayout.size() == desLayouts);

/// What a layout's bytes say of the key.
struct Reading {
    std::uint64_t used = 0; ///< the bits of the eight bytes that are not always zero
    /// For each byte and value, the bits of the turned halves that are set.
    std::array<std::array<std::uint64_t, 256>, 8> halves {};
};

Reading readingOf(DesLayout layout)
{
    Reading reading;
    for (std::size_t i = 0; i < roundBits; ++i) {
        const std::size_t place = placeOf(layout, i / 6, i % 6);
        reading.used |= std::uint64_t {1} << place;
        for (std::size_t value = 0; value < 256; ++value)
            if ((value >> (place % 8) & 1) != 0)
                reading.halves[place / 8][value] |= keyBit(permutedChoice2[i] - 1U);
    }
    return reading;
}

const Reading& reading(DesLayout layout)
{
    static const auto readings = [] {
        std::array<Reading, desLayouts> all;
        for (std::size_t i = 0; i < desLayouts; ++i)
            all[i] = readingOf(everyLayout[i]);
        return all;
    }();
    return readings[static_cast<std::size_t>(layout)];
}

/// The bits of the halves that each round's key shows.
constexpr std::uint64_t shownBits()
{
    std::uint64_t bits = 0;
    for (const std::uint8_t place : permutedChoice2)
        bits |= keyBit(place - 1U);
    return bits;
}

/// Puts the halves together out of all round keys, each of which shows 48 of the 56 bits: each bit
/// is told by fourteen rounds on average, and all must say the same. None may have a bit that the
/// layout does not use.
std::optional<std::uint64_t> halvesOf(const std::uint8_t* bytes, DesLayout layout, bool reversed)
{
    const Reading& reads = reading(layout);
    std::uint64_t halves = 0;
    std::uint64_t known = 0;
    for (std::size_t round = 0; round < rounds; ++round) {
        const std::uint8_t* at = bytes + 8 * (reversed ? rounds - 1 - round : round);
        std::uint64_t turned = 0;
        for (std::size_t i = 0; i < 8; ++i)
            turned |= reads.halves[i][at[i]];
        const std::uint64_t shown = turnedRight(shownBits(), turns[round]);
        const std::uint64_t told = turnedRight(turned, turns[round]);
        if (((halves ^ told) & known & shown) != 0)
            return std::nullopt;
        halves |= told;
        known |= shown;
    }
    return halves;
}

SecretBytes keyOf(std::uint64_t halves)
{
    SecretBytes key(8);
    for (std::size_t i = 0; i < keyBits; ++i)
        if ((halves & keyBit(i)) != 0) {
            const std::size_t bit = permutedChoice1[i] - 1U;
            key[bit / 8] = static_cast<std::uint8_t>(key[bit / 8] | 0x80U >> bit % 8);
        }
    for (std::uint8_t& byte : key)
        byte = static_cast<std::uint8_t>(byte | (std::popcount(byte) % 2 == 0 ? 1 : 0));
    return key;
}

/// Of random round keys one byte in 64 is zero. The same is asked of every part of a schedule, so
/// that which of its samples was taken makes no difference.
bool isVaried(ByteView part)
{
    constexpr std::ptrdiff_t mostZeros = 8;
    constexpr std::size_t fewestDistinct = 8;
    return std::count(part.begin(), part.end(), 0) <= mostZeros
        && distinctBytes(part) >= fewestDistinct;
}

/// Neither of few bits nor the same in every round, as those of the weak keys are.
bool isVariedThroughout(ByteView schedule)
{
    constexpr std::ptrdiff_t fewestDistinct = 12;
    std::array<std::uint64_t, rounds> keys {};
    for (std::size_t i = 0; i < rounds; ++i)
        keys[i] = nativeWord<std::uint64_t>(schedule.data() + 8 * i);
    std::sort(keys.begin(), keys.end());
    if (std::unique(keys.begin(), keys.end()) - keys.begin() < fewestDistinct)
        return false;
    for (std::size_t at = 0; at + sampleBytes <= schedule.size(); ++at)
        if (!isVaried(schedule.subspan(at, sampleBytes)))
            return false;
    return true;
}

std::optional<DesSchedule> scheduleAt(ByteView bytes, std::size_t position, DesLayout layout)
{
    for (const bool reversed : {false, true})
        if (const auto halves = halvesOf(bytes.data() + position, layout, reversed);
            halves && isVariedThroughout(bytes.subspan(position, roundKeyBytes)))
            return DesSchedule {position, layout, reversed, keyOf(*halves)};
    return std::nullopt;
}

} // namespace

void findDesSchedules(ByteView bytes, std::size_t sample, std::size_t from, std::size_t to,
                      std::vector<DesSchedule>& found)
{
    if (!isVaried(bytes.subspan(sample, sampleBytes)))
        return;
    from = std::max(from, sample - std::min(sample, sampleStride));
    to = std::min(to, sample + 1);
    for (std::size_t at = from; at < to && bytes.size() - at >= roundKeyBytes; ++at)
        if (auto schedule = desScheduleAt(bytes, at))
            found.push_back(std::move(*schedule));
}

std::optional<DesSchedule> desScheduleAt(ByteView bytes, std::size_t position)
{
    if (position > bytes.size() || bytes.size() - position < roundKeyBytes)
        return std::nullopt;
    // Most bytes have bits where round keys of no layout have any: one look at all rounds, where
    // each layout and direction would look at the first one for itself.
    std::uint64_t any = 0;
    for (std::size_t round = 0; round < rounds; ++round)
        any |= littleWord<std::uint64_t>(bytes.data() + position + 8 * round);
    for (const DesLayout layout : everyLayout)
        if ((any & ~reading(layout).used) == 0)
            if (auto schedule = scheduleAt(bytes, position, layout))
                return schedule;
    return std::nullopt;
}

SecretBytes expandDesKey(ByteView key, DesLayout layout)
{
    std::uint64_t halves = 0;
    for (std::size_t i = 0; i < keyBits; ++i) {
        const std::size_t bit = permutedChoice1[i] - 1U;
        if ((key[bit / 8] & 0x80U >> bit % 8) != 0)
            halves |= keyBit(i);
    }
    SecretBytes schedule(roundKeyBytes);
    for (std::size_t round = 0; round < rounds; ++round) {
        const std::uint64_t turned = turnedRight(halves, half - turns[round] % half);
        for (std::size_t i = 0; i < roundBits; ++i)
            if ((turned & keyBit(permutedChoice2[i] - 1U)) != 0) {
                const std::size_t place = placeOf(layout, i / 6, i % 6);
                std::uint8_t& byte = schedule[8 * round + place / 8];
                byte = static_cast<std::uint8_t>(byte | 1U << place % 8);
            }
    }
    return schedule;
}

} // namespace coredact
