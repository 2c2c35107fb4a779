// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/foreignnumbers.h"

#include "scanner/base/memoryword.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t wordSize = 8;

/// Words of scalars (160 to 521 bits), of RSA moduli (in steps of 512 bits) and of their primes.
bool isSizeOfKeys(std::uint64_t words)
{
    return words == 3 || words == 4 || words == 6 || words == 9
        || (words >= 8 && words <= 128 && words % 4 == 0);
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

std::uint64_t wordAt(ByteView bytes, std::size_t index)
{
    return littleWord<std::uint64_t>(bytes.data() + wordSize * index);
}

std::optional<ForeignNumber> told(std::uint64_t address, std::uint64_t count,
                                  Digits digits = Digits::Words)
{
    return ForeignNumber {address, static_cast<std::uint32_t>(count), digits};
}

bool hasLoaded(const Dump& dump, std::string_view library)
{
    return std::any_of(dump.modules.begin(), dump.modules.end(), [&](const Module& module) {
        return module.name.find(library) != std::string::npos;
    });
}

/// The small integer 1 of Erlang's machine.
constexpr std::uint64_t beamOne = 0x1f;

std::optional<ForeignNumber> gmpNumber(ByteView bytes, std::uint64_t)
{
    const std::uint64_t sizes = wordAt(bytes, 0);
    const std::uint64_t pointer = wordAt(bytes, 1);
    const std::uint64_t room = sizes & 0xffffffff;
    const std::uint64_t count = sizes >> 32; // negative numbers have a count that fits no key
    if (!isSizeOfKeys(count) || room < count || room > mostForeignRoom || !mayBePointer(pointer))
        return std::nullopt;
    return told(pointer, count);
}

std::optional<ForeignNumber> botanNumber(ByteView bytes, std::uint64_t)
{
    const std::uint64_t begin = wordAt(bytes, 0);
    const std::uint64_t end = wordAt(bytes, 1);
    const std::uint64_t count = wordAt(bytes, 3);
    constexpr std::uint64_t positive = 1;
    if (!isSizeOfKeys(count) || (wordAt(bytes, 4) & 0xffffffff) != positive || !mayBePointer(begin)
        || end < begin || wordAt(bytes, 2) < end
        || wordAt(bytes, 2) - begin > mostForeignRoom * wordSize
        || count > (end - begin) / wordSize)
        return std::nullopt;
    return told(begin, count);
}

std::optional<ForeignNumber> monoNumber(ByteView bytes, std::uint64_t)
{
    constexpr std::uint64_t arrayHead = 4 * wordSize; // class, lock, bounds, length
    const std::uint64_t count = wordAt(bytes, 3);
    // Of 2^32 keys one has a number with an odd count.
    if (count % 2 != 0 || !isSizeOfKeys(count / 2) || !mayBePointer(wordAt(bytes, 0))
        || wordAt(bytes, 1) != 0 || !mayBePointer(wordAt(bytes, 2)))
        return std::nullopt;
    return told(wordAt(bytes, 2) + arrayHead, count / 2);
}

std::optional<ForeignNumber> tommathNumber(ByteView bytes, std::uint64_t)
{
    // Of 160 bits and up to 8192.
    constexpr std::uint64_t fewest = 3;
    constexpr std::uint64_t most = 137;
    const std::uint64_t count = wordAt(bytes, 0) & 0xffffffff;
    const std::uint64_t room = wordAt(bytes, 0) >> 32;
    const std::uint64_t pointer = wordAt(bytes, 2);
    if (count < fewest || count > most || room < count || room > mostForeignRoom
        || (wordAt(bytes, 1) & 0xffffffff) != 0 || !mayBePointer(pointer))
        return std::nullopt;
    return told(pointer, count, Digits::Words60);
}

/// Room is made for 2, 4, 8, 16, 32 or 64 words, and zeros fill what is not used of it.
std::optional<ForeignNumber> cryptoppNumber(ByteView bytes, std::uint64_t)
{
    const std::uint64_t room = wordAt(bytes, 1);
    if (!isSizeOfKeys(room) || !mayBePointer(wordAt(bytes, 2))
        || (wordAt(bytes, 3) & 0xffffffff) != 0)
        return std::nullopt;
    return told(wordAt(bytes, 2), room, Digits::PaddedWords);
}

std::optional<ForeignNumber> wolfNumber(ByteView bytes, std::uint64_t address)
{
    const auto isPointerOrNull
        = [&](std::size_t at) { return wordAt(bytes, at) == 0 || mayBePointer(wordAt(bytes, at)); };
    const std::uint64_t sizes = wordAt(bytes, 0);
    const bool isShort = sizes >> 32 == 0;
    const std::uint64_t count = sizes & (isShort ? 0xffffU : 0xffffffffU);
    const std::uint64_t room = isShort ? sizes >> 16 : sizes >> 32;
    if (!isSizeOfKeys(count) || room < count || room > mostForeignRoom)
        return std::nullopt;
    std::size_t words = 1;
    if (!isShort && (wordAt(bytes, 1) & 0xffffffff) == 0) // a sign, and four bytes of anything
        ++words;
    // The bytes of the number for hardware that wants them, where they are, and how many.
    if (isPointerOrNull(words) && (wordAt(bytes, words + 1) & 0xffffffff) <= room * wordSize
        && isPointerOrNull(words + 2))
        words += 3;
    return told(address + words * wordSize, count);
}

/// The record's name is an atom, its version the small integer 1; head and size of the binary stand
/// before its octets.
template <std::uint32_t size> std::optional<ForeignNumber> beamNumber(ByteView bytes, std::uint64_t)
{
    constexpr std::uint64_t tag = 7;
    constexpr std::uint64_t boxed = 2;
    constexpr std::uint64_t atomTag = 0x3f;
    constexpr std::uint64_t atom = 0xb;
    const std::uint64_t binary = wordAt(bytes, 2);
    if ((wordAt(bytes, 0) & atomTag) != atom || wordAt(bytes, 0) >> 32 != 0
        || wordAt(bytes, 1) != beamOne || !mayBePointer(binary - boxed)
        || (wordAt(bytes, 3) & tag) != boxed)
        return std::nullopt;
    return told(binary - boxed + 2 * wordSize, size, Digits::Octets);
}

constexpr std::array gmpFiles {"libgmp."sv};
constexpr std::array botanFiles {"libbotan-"sv};
constexpr std::array monoFiles {"mono-sgen"sv, "libmono"sv};
// Dropbear and CryptX mostly have the library in themselves.
constexpr std::array tommathFiles {"libtommath."sv, "dropbear"sv, "CryptX.so"sv};
constexpr std::array cryptoppFiles {"libcrypto++."sv, "libcryptopp."sv};
constexpr std::array wolfFiles {"libwolfssl."sv};
constexpr std::array beamFiles {"beam.smp"sv};

std::span<const ForeignForm> forms()
{
    constexpr std::uint64_t noRoom = ~mostForeignRoom;
    constexpr std::uint64_t noPointer = 0xffff'8000'0000'0007;
    constexpr std::uint64_t noBoxed = 0xffff'8000'0000'0005;
    constexpr std::uint64_t twoSizes = ~(mostForeignRoom << 32 | mostForeignRoom);
    static constexpr std::array all {
        ForeignForm {gmpFiles, {twoSizes, noPointer}, 0, 2 * wordSize, gmpNumber},
        // Count and sign, which stand behind the three pointers. It has the numbers of a key in
        // memory that is left out of dumps, but not what Montgomery arithmetic keeps of them,
        // R mod p = R - p.
        ForeignForm {botanFiles, {noRoom, 0xffff'fffe}, 24, 5 * wordSize, botanNumber, true},
        // Array and count, which stand behind class and lock.
        ForeignForm {monoFiles, {noPointer, noRoom}, 16, 4 * wordSize, monoNumber},
        ForeignForm {tommathFiles, {twoSizes, 0xffff'ffff}, 0, 3 * wordSize, tommathNumber},
        ForeignForm {
            cryptoppFiles, {0, noRoom, ~std::uint64_t {} >> 3}, 0, 4 * wordSize, cryptoppNumber},
        ForeignForm {
            wolfFiles, {twoSizes & ~(mostForeignRoom << 16), 0}, 0, 6 * wordSize, wolfNumber},
        ForeignForm {beamFiles, {0, noBoxed, beamOne}, 8, 4 * wordSize, beamNumber<32>},
        ForeignForm {beamFiles, {0, noBoxed, beamOne}, 8, 4 * wordSize, beamNumber<48>},
    };
    return all;
}

} // namespace

std::vector<const ForeignForm*> foreignFormsOf(const Dump& dump)
{
    std::vector<const ForeignForm*> found;
    for (const ForeignForm& form : forms())
        if (std::any_of(form.files.begin(), form.files.end(),
                        [&](std::string_view file) { return hasLoaded(dump, file); }))
            found.push_back(&form);
    return found;
}

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
    return told(word(1), size, Digits::Octets);
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
    const auto toldIfKey
        = [](std::uint64_t pointer, std::uint64_t count) -> std::optional<ForeignNumber> {
        if (!isSizeOfKeys(count) || !mayBePointer(pointer))
            return std::nullopt;
        return told(pointer, count);
    };
    const std::uint64_t first = word(1);
    const std::uint64_t second = word(2);
    // Elsewhere three such words are mostly a std::string. Go rounds up, so that a number has room
    // beyond its words, unlike most other slices.
    if (isInGoHeap(word(0))) {
        if (first == second && isBytesOfKeys(first) && mayBePointer(word(0)))
            return told(word(0), first, Digits::Bytes);
        return first < second && second <= mostForeignRoom ? toldIfKey(word(0), first)
                                                           : std::nullopt;
    }
    constexpr std::uint64_t positive = 1;
    if (first == positive)
        return toldIfKey(word(3), second);
    const std::uint64_t room = first & 0xffffffff;
    const std::uint64_t sign = second & 0xffffffff;
    constexpr std::uint64_t everyFlag = 0x1f;
    if (sign == 0 && second >> 32 <= everyFlag && room >= first >> 32 && room <= mostForeignRoom)
        return toldIfKey(word(3), first >> 32);
    return std::nullopt;
}

} // namespace coredact
