// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/limbs.h"

#include "scanner/base/memoryword.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

__extension__ typedef unsigned __int128 Wide; // NOLINT(modernize-use-using): has no such form

constexpr std::size_t widestFactor = 128; // words: RSA of 16,384 bits

} // namespace

void readLittleEndian(ByteView bytes, Limbs& limbs)
{
    limbs.resize(bytes.size() / 8);
    for (std::size_t i = 0; i < limbs.size(); ++i)
        limbs[i] = littleWord<std::uint64_t>(bytes.data() + 8 * i);
}

void readBigEndian(ByteView bytes, Limbs& limbs)
{
    limbs.resize(bytes.size() / 8);
    for (std::size_t i = 0; i < limbs.size(); ++i)
        limbs[limbs.size() - 1 - i] = wordOf<std::uint64_t>(bytes.data() + 8 * i, ByteOrder::Big);
}

Limbs limbsOfBigEndian(ByteView bytes)
{
    Limbs limbs;
    readBigEndian(bytes, limbs);
    return limbs;
}

std::uint64_t inverseMod64(std::uint64_t odd)
{
    std::uint64_t inverse = odd; // right in the lowest 3 bits; each step doubles them
    for (int step = 0; step < 5; ++step)
        inverse *= 2 - odd * inverse;
    return inverse;
}

bool seemsFactor(const Limbs& factor, std::uint64_t inverse, const Limbs& product)
{
    const std::size_t size = factor.size();
    if (size == 0 || size > widestFactor || product.size() != 2 * size)
        return false;
    // What is left of the low half after the quotient's words so far; each step makes one word
    // zero and gives one word of the quotient.
    std::array<std::uint64_t, widestFactor> rest;
    std::copy_n(product.begin(), size, rest.begin());
    std::uint64_t quotient = 0;
    for (std::size_t i = 0; i < size; ++i) {
        quotient = rest[i] * inverse;
        std::uint64_t borrow = 0;
        for (std::size_t j = i; j < size; ++j) {
            const Wide part = static_cast<Wide>(quotient) * factor[j - i] + borrow;
            const auto low = static_cast<std::uint64_t>(part);
            borrow = static_cast<std::uint64_t>(part >> 64) + (rest[j] < low ? 1 : 0);
            rest[j] -= low;
        }
    }
    // The top words alone decide the product's top two up to their own size.
    const Wide top = static_cast<Wide>(product[2 * size - 1]) << 64 | product[2 * size - 2];
    const Wide tops = static_cast<Wide>(factor[size - 1]) * quotient;
    return top >= tops && top - tops <= static_cast<Wide>(factor[size - 1]) + quotient + 1;
}

bool mayBePrime(const Limbs& number)
{
    // 2^32 is 1 modulo 3, 5, 17 and 257: the sum of the 32-bit halves has the same remainder.
    std::uint64_t sum = 0;
    for (const std::uint64_t limb : number)
        sum += (limb & 0xffffffff) + (limb >> 32);
    return sum % 3 != 0 && sum % 5 != 0 && sum % 17 != 0 && sum % 257 != 0;
}

bool balancedBytes(const std::uint8_t* bytes, std::size_t words)
{
    std::uint64_t tops = 0;
    for (std::size_t i = 0; i < words; ++i) {
        const auto word = nativeWord<std::uint64_t>(bytes + 8 * i);
        tops += (word >> 7 & 0x0101010101010101) * 0x0101010101010101 >> 56;
    }
    const std::size_t size = words * 8;
    return tops * 64 >= size * 14 && tops * 64 <= size * 50;
}

bool fewZeros(const std::uint8_t* bytes, std::size_t words)
{
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t rest = ones * 0x7f;
    std::uint64_t others = 0;
    for (std::size_t i = 0; i < words; ++i) {
        const auto word = nativeWord<std::uint64_t>(bytes + 8 * i);
        // The top bit of each byte that is not zero.
        others += ((((word & rest) + rest) | word) >> 7 & ones) * ones >> 56;
    }
    const std::size_t size = words * 8;
    return size - others <= 16 + size / 16;
}

} // namespace coredact
