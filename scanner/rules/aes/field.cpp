// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/aes/field.h"

#include <array>
#include <bit>

namespace coredact {

namespace {

constexpr std::uint8_t twice(std::uint8_t a)
{
    return static_cast<std::uint8_t>((a << 1) ^ ((a >> 7) * 0x1b));
}

constexpr std::uint8_t product(std::uint8_t a, std::uint8_t b)
{
    std::uint8_t sum = 0;
    for (; b != 0; b = static_cast<std::uint8_t>(b >> 1), a = twice(a))
        if ((b & 1) != 0)
            sum = static_cast<std::uint8_t>(sum ^ a);
    return sum;
}

/// The S-box: the inverse in GF(2^8), then the affine map (5.1.1). The inverse is the 254th power.
constexpr std::array<std::uint8_t, 256> makeSubstitution()
{
    std::array<std::uint8_t, 256> table {};
    for (unsigned x = 0; x < 256; ++x) {
        std::uint8_t square = static_cast<std::uint8_t>(x);
        std::uint8_t inverse = 1;
        for (int bit = 1; bit < 8; ++bit) {
            square = product(square, square);
            inverse = product(inverse, square);
        }
        std::uint8_t value = 0x63;
        for (int turn = 0; turn < 5; ++turn)
            value = static_cast<std::uint8_t>(value ^ std::rotl(inverse, turn));
        table[x] = value;
    }
    return table;
}

constexpr auto substitution = makeSubstitution();

std::uint32_t substituted(std::uint32_t word)
{
    return static_cast<std::uint32_t>(substitution[word >> 24]) << 24
        | static_cast<std::uint32_t>(substitution[word >> 16 & 0xff]) << 16
        | static_cast<std::uint32_t>(substitution[word >> 8 & 0xff]) << 8
        | substitution[word & 0xff];
}

std::uint32_t roundConstant(std::size_t round)
{
    std::uint8_t constant = 1;
    for (std::size_t i = 1; i < round; ++i)
        constant = twice(constant);
    return static_cast<std::uint32_t>(constant) << 24;
}

/// Each byte times 2.
std::uint32_t doubled(std::uint32_t word)
{
    return (word & 0x7f7f7f7f) << 1 ^ (word >> 7 & 0x01010101) * 0x1b;
}

} // namespace

std::uint32_t aesWord(ByteView bytes, std::size_t position)
{
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < 4; ++i)
        word = word << 8 | bytes[position + i];
    return word;
}

std::uint32_t aesStep(std::uint32_t before, std::size_t index, std::size_t keyWords)
{
    if (index % keyWords == 0)
        return substituted(std::rotl(before, 8)) ^ roundConstant(index / keyWords);
    if (keyWords > 6 && index % keyWords == 4)
        return substituted(before);
    return before;
}

std::uint32_t aesMixColumn(std::uint32_t word)
{
    const std::uint32_t next = std::rotl(word, 8);
    return doubled(word) ^ doubled(next) ^ next ^ std::rotl(word, 16) ^ std::rotl(word, 24);
}

std::uint32_t aesUnmixColumn(std::uint32_t word)
{
    // The matrix has order 4: its inverse is its third power.
    return aesMixColumn(aesMixColumn(aesMixColumn(word)));
}

} // namespace coredact
