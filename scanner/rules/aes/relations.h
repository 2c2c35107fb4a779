// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace coredact {

/// What an AES key schedule satisfies without the S-box: w[i] = w[i-Nk] ^ w[i-1] for every word
/// whose index is no multiple of Nk (nor, for AES-256, of 4). XOR commutes with swapping the bytes
/// of words and with InvMixColumns, so the same holds for swapped and for decryption schedules;
/// reversing the order of the round keys only changes where the three words lie.
///
/// So L(i) ^ L(i + second) ^ L(i + third) is zero for `run` bytes from i on, and the schedule may
/// begin `back` bytes before i. The distances are in bytes; L reads at any alignment.
///
/// With round keys reversed, word c of round s lies at word 4·(rounds - s) + c. For AES-128 and
/// AES-256 columns 1 to 3 give one run of 12 bytes in each row from the second on. For AES-192
/// columns 2 and 3 give a run of 8; the row of round 3 is one that no multiple of 6 and no first
/// or last round key (which have no InvMixColumns) spoils: 9 rows down, 4 bytes in.
struct AesRelation {
    std::size_t second;
    std::size_t third;
    std::size_t run;
    std::size_t back;
    std::size_t keyBytes;
    bool reversed; ///< round keys from the last to the first
};

inline constexpr std::array aesRelations {
    AesRelation {12, 16, 12, 4, 16, false}, AesRelation {20, 24, 12, 4, 24, false},
    AesRelation {28, 32, 12, 4, 32, false}, AesRelation {4, 20, 12, 16, 16, true},
    AesRelation {4, 36, 12, 16, 32, true},  AesRelation {4, 12, 8, 148, 24, true},
};

/// Bytes from a position on that any relation looks at to judge four bytes there.
inline constexpr std::size_t aesRelationReach = 40;
/// The farthest that a schedule begins before the run that gives it away.
inline constexpr std::size_t aesRelationBack = 148;

} // namespace coredact
