// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/foreignnumbers.h"

#include "scanner/base/memoryword.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::size_t wordSize = 8;

/// Words of scalars (up to 521 bits), of RSA moduli (in steps of 512 bits) and of their primes.
bool isSizeOfKeys(std::uint64_t words)
{
    return words == 4 || words == 6 || words == 9 || (words >= 8 && words <= 128 && words % 4 == 0);
}

/// Bytes of scalars of P-256, P-384 and P-521 and of their public points, of the halves of Ed25519
/// and X25519 keys, and of an Ed25519 key with its public half.
bool isBytesOfKeys(std::uint64_t bytes)
{
    return bytes == 32 || bytes == 48 || bytes == 64 || bytes == 65 || bytes == 66 || bytes == 97
        || bytes == 133;
}

bool mayBePointer(std::uint64_t word)
{
    return word >= 0x1000 && word < std::uint64_t {1} << 47 && word % wordSize == 0;
}

bool hasLoaded(const Dump& dump, std::string_view library)
{
    return std::any_of(dump.modules.begin(), dump.modules.end(), [&](const Module& module) {
        return module.name.find(library) != std::string::npos;
    });
}

} // namespace

std::optional<ForeignNumber> gmpNumber(ByteView bytes)
{
    if (bytes.size() < 2 * wordSize)
        return std::nullopt;
    const auto sizes = littleWord<std::uint64_t>(bytes.data());
    const auto pointer = littleWord<std::uint64_t>(bytes.data() + wordSize);
    const std::uint64_t room = sizes & 0xffffffff;
    const std::uint64_t count = sizes >> 32; // negative numbers have a count that fits no key
    if (!isSizeOfKeys(count) || room < count || room > mostForeignRoom || !mayBePointer(pointer))
        return std::nullopt;
    return ForeignNumber {pointer, static_cast<std::uint32_t>(count), false};
}

bool mayHoldGmpNumbers(const Dump& dump) { return hasLoaded(dump, "libgmp."); }

std::optional<ForeignNumber> botanNumber(ByteView bytes)
{
    if (bytes.size() < botanPairAt + 2 * wordSize)
        return std::nullopt;
    const auto word
        = [&](std::size_t i) { return littleWord<std::uint64_t>(bytes.data() + wordSize * i); };
    const std::uint64_t begin = word(0);
    const std::uint64_t end = word(1);
    const std::uint64_t count = word(3);
    constexpr std::uint64_t positive = 1;
    if (!isSizeOfKeys(count) || (word(4) & 0xffffffff) != positive || !mayBePointer(begin)
        || end < begin || word(2) < end || word(2) - begin > mostForeignRoom * wordSize
        || count > (end - begin) / wordSize)
        return std::nullopt;
    return ForeignNumber {begin, static_cast<std::uint32_t>(count), false};
}

bool mayHoldBotanNumbers(const Dump& dump) { return hasLoaded(dump, "libbotan-"); }

std::optional<ForeignNumber> monoNumber(ByteView bytes)
{
    constexpr std::uint64_t arrayHead = 4 * wordSize; // class, lock, bounds, length
    if (bytes.size() < monoPairAt + 2 * wordSize)
        return std::nullopt;
    const auto word
        = [&](std::size_t i) { return littleWord<std::uint64_t>(bytes.data() + wordSize * i); };
    const std::uint64_t count = word(3);
    // Of 2^32 keys one has a number with an odd count.
    if (count % 2 != 0 || !isSizeOfKeys(count / 2) || !mayBePointer(word(0)) || word(1) != 0
        || !mayBePointer(word(2)))
        return std::nullopt;
    return ForeignNumber {word(2) + arrayHead, static_cast<std::uint32_t>(count / 2), false};
}

bool mayHoldMonoNumbers(const Dump& dump)
{
    return hasLoaded(dump, "mono-sgen") || hasLoaded(dump, "libmono");
}

std::optional<ForeignNumber> tommathNumber(ByteView bytes)
{
    // Of 256 bits and up to 8192.
    constexpr std::uint64_t fewest = 5;
    constexpr std::uint64_t most = 137;
    if (bytes.size() < 3 * wordSize)
        return std::nullopt;
    const auto sizes = littleWord<std::uint64_t>(bytes.data());
    const auto pointer = littleWord<std::uint64_t>(bytes.data() + 2 * wordSize);
    const std::uint64_t count = sizes & 0xffffffff;
    if (count < fewest || count > most || sizes >> 32 < count || sizes >> 32 > mostForeignRoom
        || littleWord<std::uint32_t>(bytes.data() + wordSize) != 0 || !mayBePointer(pointer))
        return std::nullopt;
    return ForeignNumber {pointer, static_cast<std::uint32_t>(count), false};
}

bool mayHoldTommathNumbers(const Dump& dump) { return hasLoaded(dump, "libtommath."); }

std::optional<ForeignNumber> nssOctets(ByteView bytes)
{
    if (bytes.size() < 3 * wordSize)
        return std::nullopt;
    const auto word
        = [&](std::size_t i) { return littleWord<std::uint64_t>(bytes.data() + wordSize * i); };
    const std::uint64_t size = word(2);
    constexpr std::uint64_t longestScalar = 66;
    // Zeros in front are left out: of one in 256 numbers one byte, hardly ever more than two.
    constexpr std::uint64_t mostLeftOut = 2;
    const std::uint64_t words = size / wordSize + (size % wordSize != 0 ? 1 : 0);
    const bool isSize = size == longestScalar
        || (words <= mostForeignRoom && words * wordSize - size <= mostLeftOut
            && isSizeOfKeys(words));
    if (!nssTypes.holds(word(0)) || !mayBePointer(word(1)) || !isSize)
        return std::nullopt;
    return ForeignNumber {word(1), static_cast<std::uint32_t>(size), true};
}

bool mayHoldNssOctets(const Dump& dump) { return hasLoaded(dump, "libsoftokn3"); }

bool isInGoHeap(std::uint64_t address)
{
    const std::uint64_t top = address >> 37 << 5;
    return top == 0xc0 || top == 0x40 || top == 0x140;
}

std::optional<ForeignNumber> foreignNumber(ByteView bytes)
{
    constexpr std::size_t enough = 4 * wordSize;
    if (bytes.size() < enough)
        return std::nullopt;
    const auto word
        = [&](std::size_t i) { return littleWord<std::uint64_t>(bytes.data() + wordSize * i); };
    const auto told
        = [](std::uint64_t pointer, std::uint64_t count) -> std::optional<ForeignNumber> {
        if (!isSizeOfKeys(count) || !mayBePointer(pointer))
            return std::nullopt;
        return ForeignNumber {pointer, static_cast<std::uint32_t>(count), false};
    };
    const std::uint64_t first = word(1);
    const std::uint64_t second = word(2);
    // Elsewhere three such words are mostly a std::string. Go rounds up, so that a number has room
    // beyond its words, unlike most other slices.
    if (isInGoHeap(word(0))) {
        if (first == second && isBytesOfKeys(first) && mayBePointer(word(0)))
            return ForeignNumber {word(0), static_cast<std::uint32_t>(first), true};
        return first < second && second <= mostForeignRoom ? told(word(0), first) : std::nullopt;
    }
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
