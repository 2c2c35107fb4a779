// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"
#include "scanner/dump/dump.h"
#include "scanner/rules/keys/structurewords.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace coredact {

/// The most words that a number's array has room for where its structure says so in a word of
/// its own. Of the form 2^n - 1.
inline constexpr std::uint64_t mostForeignRoom = 0x1ff;

/// How a number or a key stands in memory.
enum class Digits {
    Words, ///< of 64 bits, the lowest first, the highest not zero
    PaddedWords, ///< the same, with zeros above it
    Words60, ///< of 64 bits, of which 60 count
    Octets, ///< a number in bytes, the highest first
    Bytes, ///< no number
};

/// An array that a structure leads to.
struct ForeignNumber {
    std::uint64_t address = 0;
    std::uint32_t count = 0; ///< of the 64-bit words in use, or of the bytes
    Digits digits = Digits::Words;
};

/// What one of these structures of 64-bit little-endian programs points to, if `bytes` begins with
/// a word that is anything and then two words that say sizes:
/// mbedTLS 2's {int sign, size_t count, pointer}, libgcrypt's {int room, int count, int sign,
/// unsigned flags, pointer}, and the slice {pointer, count, room} of Go's numbers, or of bytes
/// where the array is filled. Only positive numbers, and of as many words or bytes as keys have.
/// That there is an array, and that it is a number, is not checked.
std::optional<ForeignNumber> foreignNumber(ByteView bytes);

/// The structure of a library whose numbers look like others' and are searched for only where it
/// is loaded.
struct ForeignForm {
    /// In the names of the files that hold the library.
    std::span<const std::string_view> files;
    /// What such a structure is in two words, and few others are.
    WordPair pair;
    std::size_t pairAt = 0; ///< where these stand in the structure
    std::size_t size = 0; ///< bytes that `number` looks at, to the end of the pair at least
    /// What the structure that `bytes` begin with leads to; it stands at `address`. Only positive
    /// numbers.
    std::optional<ForeignNumber> (*number)(ByteView bytes, std::uint64_t address) = nullptr;
    /// Whether 2^(64·words) less the number is to be looked at as well.
    bool complement = false;
};

/// Those forms that the program may have, of:
/// - GMP: {int room, int count, pointer}, of which GnuTLS and Nettle hold keys;
/// - Botan: {pointers to the words, behind them and behind their room, size_t count, int sign};
/// - Mono's own Mono.Math.BigInteger: {class, lock, array, count of 32-bit words}, the words behind
///   the array's head; nothing where the lock is in use;
/// - libtommath: {int count, int room, int sign, pointer}, as dropbear, libtomcrypt and
///   Perl's CryptX hold keys; that 60 bits of each word count is not checked;
/// - Crypto++: {size_t mark, size_t room, pointer, int sign}, the mark always the same;
/// - wolfSSL: {count, room, [int sign], [pointer, unsigned length, pointer], words}, of which the
///   options of the library leave some out; count and room have 32 bits, in later versions 16;
/// - Erlang's machine: its record of an EC key {name, version 1, binary, curve}, and in the binary
///   {head, size, octets} a scalar of P-256 or P-384; either size is told.
std::vector<const ForeignForm*> foreignFormsOf(const Dump& dump);

/// What NSS keeps of keys, octets with the highest first: its SECItem {type, pointer, unsigned
/// length} and the attributes of PKCS #11 {type, pointer, length}, in a program that has NSS
/// loaded.
std::optional<ForeignNumber> nssOctets(ByteView bytes);
bool mayHoldNssOctets(const Dump& dump);
/// Types, and the pointer behind: of user space, but for the first page.
inline constexpr WordRange nssTypes {0, 0x1ff};
inline constexpr WordRange nssPointers {0x1000, (std::uint64_t {1} << 47) - 1};

/// Whether Go's runtime has its heap there: 128 GiB on x86-64, on arm64, and on arm64 with macOS.
bool isInGoHeap(std::uint64_t address);

} // namespace coredact
