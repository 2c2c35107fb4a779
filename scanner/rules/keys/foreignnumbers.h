// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"
#include "scanner/dump/dump.h"
#include "scanner/rules/keys/structurewords.h"

#include <cstdint>
#include <optional>

namespace coredact {

/// The most words that a number's array has room for where its structure says so in a word of
/// its own. Of the form 2^n - 1.
inline constexpr std::uint64_t mostForeignRoom = 0x1ff;

/// An array that a structure points to.
struct ForeignNumber {
    std::uint64_t address = 0;
    std::uint32_t count = 0; ///< of the 64-bit words in use, or of the bytes
    bool isBytes = false; ///< no words but bytes, the highest first where they are a number
};

/// What one of these structures of 64-bit little-endian programs points to, if `bytes` begins with
/// a word that is anything and then two words that say sizes:
/// mbedTLS 2's {int sign, size_t count, pointer}, libgcrypt's {int room, int count, int sign,
/// unsigned flags, pointer}, and the slice {pointer, count, room} of Go's numbers, or of bytes
/// where the array is filled. Only positive numbers, and of as many words or bytes as keys have.
/// That there is an array, and that it is a number, is not checked.
std::optional<ForeignNumber> foreignNumber(ByteView bytes);

/// GMP's {int room, int count, pointer}, of which GnuTLS and Nettle hold keys, in a program that
/// has GMP loaded; what `bytes` begins with is the structure itself.
std::optional<ForeignNumber> gmpNumber(ByteView bytes);
bool mayHoldGmpNumbers(const Dump& dump);
/// What such a structure is in two words, and few others are.
inline constexpr WordPair gmpPair {~(mostForeignRoom << 32 | mostForeignRoom),
                                   0xffff'8000'0000'0007};

/// Botan's {pointers to the words, behind them and behind their room, size_t count, int sign}, in a
/// program that has Botan loaded; of positive numbers only.
std::optional<ForeignNumber> botanNumber(ByteView bytes);
bool mayHoldBotanNumbers(const Dump& dump);
/// Count and sign, which stand behind the three pointers.
inline constexpr WordPair botanPair {~mostForeignRoom, 0xffff'fffe};
inline constexpr std::size_t botanPairAt = 24;

/// The objects that Mono has of its own big numbers (Mono.Math.BigInteger): {class, lock, array,
/// count of 32-bit words}, in a program that has Mono loaded; nothing where the lock is in use.
/// `address` is that of the words, behind the array's head.
std::optional<ForeignNumber> monoNumber(ByteView bytes);
bool mayHoldMonoNumbers(const Dump& dump);
/// Array and count, which stand behind class and lock.
inline constexpr WordPair monoPair {0xffff'8000'0000'0007, ~mostForeignRoom};
inline constexpr std::size_t monoPairAt = 16;

/// libtommath's {int count, int room, int sign, pointer} of positive numbers, as dropbear holds
/// keys, in a program that has it loaded. Of each word 60 bits count, which is not checked.
std::optional<ForeignNumber> tommathNumber(ByteView bytes);
bool mayHoldTommathNumbers(const Dump& dump);
inline constexpr unsigned tommathBits = 60;
/// Count and room, then the sign.
inline constexpr WordPair tommathPair {~(mostForeignRoom << 32 | mostForeignRoom), 0xffff'ffff};

/// What NSS keeps of keys, octets with the highest first: its SECItem {type, pointer, unsigned
/// length} and the attributes of PKCS #11 {type, pointer, length}, in a program that has NSS
/// loaded. `isBytes` always.
std::optional<ForeignNumber> nssOctets(ByteView bytes);
bool mayHoldNssOctets(const Dump& dump);
/// Types, and the pointer behind: of user space, but for the first page.
inline constexpr WordRange nssTypes {0, 0x1ff};
inline constexpr WordRange nssPointers {0x1000, (std::uint64_t {1} << 47) - 1};

/// Whether Go's runtime has its heap there: 128 GiB on x86-64, on arm64, and on arm64 with macOS.
bool isInGoHeap(std::uint64_t address);

} // namespace coredact
