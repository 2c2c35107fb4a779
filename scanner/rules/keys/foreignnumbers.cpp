// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/foreignnumbers.h"

#include "scanner/base/memoryword.h"

namespace coredact {

namespace {

/// Words of scalars (up to 521 bits), of RSA moduli (in steps of 512 bits) and of their primes.
bool isSizeOfKeys(std::uint64_t words)
{
    return words == 4 || words == 6 || words == 9 || (words >= 8 && words <= 128 && words % 4 == 0);
}

bool mayBePointer(std::uint64_t word)
{
    return word >= 0x1000 && word < std::uint64_t {1} << 47 && word % 8 == 0;
}

} // namespace

std::optional<ForeignNumber> foreignNumber(ByteView bytes)
{
    constexpr std::size_t enough = 4 * 8;
    if (bytes.size() < enough)
        return std::nullopt;
    const auto word
        = [&](std::size_t i) { return littleWord<std::uint64_t>(bytes.data() + 8 * i); };
    const auto told
        = [](std::uint64_t pointer, std::uint64_t count) -> std::optional<ForeignNumber> {
        if (!isSizeOfKeys(count) || !mayBePointer(pointer))
            return std::nullopt;
        return ForeignNumber {pointer, static_cast<std::uint32_t>(count)};
    };
    const std::uint64_t first = word(1);
    const std::uint64_t second = word(2);
    // Go rounds up, so that a number has room beyond its words, unlike most other slices.
    if (first < second && second <= mostForeignRoom)
        if (const auto number = told(word(0), first))
            return number;
    constexpr std::uint64_t positive = 1;
    if (first == positive)
        return told(word(3), second);
    const std::uint64_t room = first & 0xffffffff;
    const std::uint64_t sign = second & 0xffffffff;
    constexpr std::uint64_t everyFlag = 0x1f;
    if (sign == 0 && second >> 32 <= everyFlag && room >= first >> 32 && room <= mostForeignRoom)
        return told(word(3), first >> 32);
    return std::nullopt;
}

} // namespace coredact
