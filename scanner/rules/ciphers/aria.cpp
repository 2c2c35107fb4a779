// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/ciphers/aria.h"

#include "scanner/rules/aes/field.h"

#include <algorithm>
#include <array>
#include <vector>

namespace coredact {

namespace {

using Box = std::array<std::uint8_t, 256>;

// S2 of the standard; S1 is that of AES.
constexpr Box second {
    0xe2, 0x4e, 0x54, 0xfc, 0x94, 0xc2, 0x4a, 0xcc, 0x62, 0x0d, 0x6a, 0x46, 0x3c, 0x4d, 0x8b, 0xd1,
    0x5e, 0xfa, 0x64, 0xcb, 0xb4, 0x97, 0xbe, 0x2b, 0xbc, 0x77, 0x2e, 0x03, 0xd3, 0x19, 0x59, 0xc1,
    0x1d, 0x06, 0x41, 0x6b, 0x55, 0xf0, 0x99, 0x69, 0xea, 0x9c, 0x18, 0xae, 0x63, 0xdf, 0xe7, 0xbb,
    0x00, 0x73, 0x66, 0xfb, 0x96, 0x4c, 0x85, 0xe4, 0x3a, 0x09, 0x45, 0xaa, 0x0f, 0xee, 0x10, 0xeb,
    0x2d, 0x7f, 0xf4, 0x29, 0xac, 0xcf, 0xad, 0x91, 0x8d, 0x78, 0xc8, 0x95, 0xf9, 0x2f, 0xce, 0xcd,
    0x08, 0x7a, 0x88, 0x38, 0x5c, 0x83, 0x2a, 0x28, 0x47, 0xdb, 0xb8, 0xc7, 0x93, 0xa4, 0x12, 0x53,
    0xff, 0x87, 0x0e, 0x31, 0x36, 0x21, 0x58, 0x48, 0x01, 0x8e, 0x37, 0x74, 0x32, 0xca, 0xe9, 0xb1,
    0xb7, 0xab, 0x0c, 0xd7, 0xc4, 0x56, 0x42, 0x26, 0x07, 0x98, 0x60, 0xd9, 0xb6, 0xb9, 0x11, 0x40,
    0xec, 0x20, 0x8c, 0xbd, 0xa0, 0xc9, 0x84, 0x04, 0x49, 0x23, 0xf1, 0x4f, 0x50, 0x1f, 0x13, 0xdc,
    0xd8, 0xc0, 0x9e, 0x57, 0xe3, 0xc3, 0x7b, 0x65, 0x3b, 0x02, 0x8f, 0x3e, 0xe8, 0x25, 0x92, 0xe5,
    0x15, 0xdd, 0xfd, 0x17, 0xa9, 0xbf, 0xd4, 0x9a, 0x7e, 0xc5, 0x39, 0x67, 0xfe, 0x76, 0x9d, 0x43,
    0xa7, 0xe1, 0xd0, 0xf5, 0x68, 0xf2, 0x1b, 0x34, 0x70, 0x05, 0xa3, 0x8a, 0xd5, 0x79, 0x86, 0xa8,
    0x30, 0xc6, 0x51, 0x4b, 0x1e, 0xa6, 0x27, 0xf6, 0x35, 0xd2, 0x6e, 0x24, 0x16, 0x82, 0x5f, 0xda,
    0xe6, 0x75, 0xa2, 0xef, 0x2c, 0xb2, 0x1c, 0x9f, 0x5d, 0x6f, 0x80, 0x0a, 0x72, 0x44, 0x9b, 0x6c,
    0x90, 0x0b, 0x5b, 0x33, 0x7d, 0x5a, 0x52, 0xf3, 0x61, 0xa1, 0xf7, 0xb0, 0xd6, 0x3f, 0x7c, 0x6d,
    0xed, 0x14, 0xe0, 0xa5, 0x3d, 0x22, 0xb3, 0xf8, 0x89, 0xde, 0x71, 0x1a, 0xaf, 0xba, 0xb5, 0x81,
};

Box makeFirst()
{
    Box box {};
    for (unsigned x = 0; x < 256; ++x)
        // Without the turn and the constant that belong to AES' own round keys.
        box[x] = static_cast<std::uint8_t>(aesStep(x, 4, 8));
    return box;
}

Box inverseOf(const Box& box)
{
    Box inverse {};
    for (unsigned x = 0; x < 256; ++x)
        inverse[box[x]] = static_cast<std::uint8_t>(x);
    return inverse;
}

using Block = std::array<std::uint8_t, 16>;

/// A: each byte becomes the sum of seven. The first `count` bytes.
Block diffused(const Block& x, std::size_t count = 16)
{
    static constexpr std::uint8_t summands[16][7] {
        {3, 4, 6, 8, 9, 13, 14},   {2, 5, 7, 8, 9, 12, 15},  {1, 4, 6, 10, 11, 12, 15},
        {0, 5, 7, 10, 11, 13, 14}, {0, 2, 5, 8, 11, 14, 15}, {1, 3, 4, 9, 10, 14, 15},
        {0, 2, 7, 9, 10, 12, 13},  {1, 3, 6, 8, 11, 12, 13}, {0, 1, 4, 7, 10, 13, 15},
        {0, 1, 5, 6, 11, 12, 14},  {2, 3, 5, 6, 8, 13, 15},  {2, 3, 4, 7, 9, 12, 14},
        {1, 2, 6, 7, 9, 11, 12},   {0, 3, 6, 7, 8, 10, 13},  {0, 3, 4, 5, 9, 11, 14},
        {1, 2, 4, 5, 8, 10, 15}};
    Block y {};
    for (std::size_t i = 0; i < count; ++i)
        for (const std::uint8_t from : summands[i])
            y[i] ^= x[from];
    return y;
}

__extension__ typedef unsigned __int128 Wide; // NOLINT(modernize-use-using): has no such form

Wide turnedRight(Wide value, unsigned by)
{
    return by % 128 == 0 ? value : value >> by % 128 | value << (128 - by % 128);
}

Wide wideOf(const Block& block)
{
    Wide value = 0;
    for (const std::uint8_t byte : block)
        value = value << 8 | byte;
    return value;
}

Block blockOf(Wide value)
{
    Block block {};
    for (std::size_t i = block.size(); i-- > 0; value >>= 8)
        block[i] = static_cast<std::uint8_t>(value);
    return block;
}

Block blockAt(const std::uint8_t* place)
{
    Block block {};
    for (std::size_t i = 0; i < block.size(); ++i)
        block[i] = place[i ^ 3]; // in little-endian words
    return block;
}

/// FO and FE, the odd and the even round.
Wide roundOf(Wide value, Wide key, bool odd)
{
    static const std::array<Box, 4> boxes = [] {
        const Box first = makeFirst();
        return std::array {first, second, inverseOf(first), inverseOf(second)};
    }();
    Block block = blockOf(value ^ key);
    for (std::size_t i = 0; i < block.size(); ++i)
        block[i] = boxes[(i + (odd ? 0 : 2)) % 4][block[i]];
    return wideOf(diffused(block));
}

constexpr Wide wide(std::uint64_t high, std::uint64_t low) { return Wide {high} << 64 | low; }

constexpr std::array<Wide, 3> constants {wide(0x517cc1b727220a94, 0xfe13abe8fa9a6ee0),
                                         wide(0x6db14acc9e21c820, 0xff28b1d5ef5de2b0),
                                         wide(0xdb92371d2126e970, 0x0324977504e8c90e)};

/// What the round keys are made of.
using Values = std::array<Wide, 4>;

/// Round key `index`: a value with the next one, turned to the right.
Wide roundKey(const Values& values, std::size_t index)
{
    constexpr std::array<unsigned, 5> turns {19, 31, 67, 97, 109};
    return values[index % 4] ^ turnedRight(values[(index + 1) % 4], turns[index / 4]);
}

/// The round keys as for encryption.
using RoundKeys = std::vector<Wide>;

/// A value's sum with itself turned by 12 bits and by 78 gives its sum with itself turned by 2.
Wide sumWithTurnBy2(Wide with12, Wide with78)
{
    Wide with6 = with78;
    for (unsigned turn = 0; turn < 72; turn += 12)
        with6 ^= turnedRight(with12, turn);
    with6 = turnedRight(with6, 128 - 72);
    Wide with2 = 0;
    for (unsigned i = 0; i < 43; ++i) // 43 times 6 is 2 modulo 128
        with2 ^= turnedRight(with6, 6 * i);
    return with2;
}

/// The value with those two lowest bits whose sum with itself turned by 2 is known.
Wide valueOf(Wide with2, unsigned lowest)
{
    Wide value = lowest;
    for (unsigned bit = 0; bit + 2 < 128; ++bit)
        value |= ((value >> bit ^ with2 >> bit) & 1) << (bit + 2);
    return value;
}

/// The key, when the values are made from one of `keyBytes`.
std::optional<SecretBytes> keyOf(const Values& values, std::size_t keyBytes)
{
    const std::size_t from = (keyBytes - 16) / 8;
    if (values[2] != (roundOf(values[1], constants[(from + 1) % 3], false) ^ values[0])
        || values[3] != (roundOf(values[2], constants[(from + 2) % 3], true) ^ values[1]))
        return std::nullopt;
    const Wide right = values[1] ^ roundOf(values[0], constants[from], true);
    SecretBytes key;
    putBig(key, static_cast<std::uint64_t>(values[0] >> 64));
    putBig(key, static_cast<std::uint64_t>(values[0]));
    putBig(key, static_cast<std::uint64_t>(right >> 64));
    putBig(key, static_cast<std::uint64_t>(right));
    const auto unused = key.begin() + static_cast<std::ptrdiff_t>(keyBytes);
    if (std::any_of(unused, key.end(), [](std::uint8_t byte) { return byte != 0; }))
        return std::nullopt;
    key.erase(unused, key.end());
    return key;
}

std::optional<KeySchedule> scheduleOf(const RoundKeys& keys)
{
    // Two of the second value's bits cancel out in every round key.
    const Wide with12 = turnedRight(keys[0] ^ keys[4], 128 - 19);
    const Wide with2 = sumWithTurnBy2(with12, turnedRight(keys[0] ^ keys[12], 128 - 19));
    for (unsigned lowest = 0; lowest < 4; ++lowest) {
        Values values {};
        values[1] = valueOf(with2, lowest);
        values[0] = keys[0] ^ turnedRight(values[1], 19);
        values[3] = keys[3] ^ turnedRight(values[0], 19);
        values[2] = keys[2] ^ turnedRight(values[3], 19);
        for (const std::size_t keyBytes : {16U, 24U, 32U}) {
            const std::size_t count = keyBytes / 4 + 9;
            if (count > keys.size())
                continue;
            const auto fits = [&](std::size_t i) { return keys[i] == roundKey(values, i); };
            std::size_t i = 0;
            while (i < count && fits(i))
                ++i;
            if (i < count)
                continue;
            if (auto key = keyOf(values, keyBytes))
                return KeySchedule {16 * count, std::move(*key)};
        }
    }
    return std::nullopt;
}

} // namespace

bool mayBeAriaDecryption(const std::uint8_t* place, std::size_t rounds)
{
    const auto half = [&](std::size_t roundKey) {
        const Block block = blockAt(place + 16 * roundKey);
        return numberOf(ByteView(roundKey == rounds ? block : diffused(block, 8)).first(8),
                        ByteOrder::Big);
    };
    const std::uint64_t first = half(rounds);
    const std::uint64_t nearer = first ^ half(rounds - 4);
    const std::uint64_t farther = first ^ half(rounds - 8);
    constexpr std::uint64_t sure = (std::uint64_t {1} << 28) - 1;
    return ((nearer ^ nearer >> 12 ^ nearer >> 24 ^ nearer >> 36 ^ farther) & sure) == 0;
}

std::optional<KeySchedule> ariaAt(ByteView bytes)
{
    const std::size_t most = std::min(bytes.size(), longestAria) / 16;
    RoundKeys keys;
    for (std::size_t i = 0; i < most; ++i)
        keys.push_back(wideOf(blockAt(bytes.data() + 16 * i)));
    if (keys.size() < shortestAria / 16)
        return std::nullopt;
    if (auto schedule = scheduleOf(keys))
        return schedule;
    for (const std::size_t rounds : {12U, 14U, 16U}) {
        RoundKeys turned;
        for (std::size_t i = rounds + 1; i-- > 0 && rounds < keys.size();)
            turned.push_back(i == 0 || i == rounds ? keys[i] : wideOf(diffused(blockOf(keys[i]))));
        auto schedule = turned.empty() ? std::nullopt : scheduleOf(turned);
        if (schedule && schedule->size == 16 * (rounds + 1))
            return schedule;
    }
    return std::nullopt;
}

} // namespace coredact
