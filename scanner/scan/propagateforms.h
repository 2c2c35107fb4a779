// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/commonparts.h"

#include <memory>

namespace coredact {

/// The bytes that a form is a writing of.
struct PlainValue {
    SecretBytes bytes;
    std::vector<bool> isPublic; ///< see publicParts; what very many secrets share as well
    std::vector<bool> isRandom; ///< see randomParts; of text only, empty otherwise
    bool isShared = false; ///< so much of it that no fragment counts
    /// For each byte, whether the `sharedRun` bytes from it on stand in an earlier value of the
    /// same secret too; empty where none do.
    std::vector<bool> isKnown;

    bool isRandomAt(std::size_t at) const { return !isRandom.empty() && isRandom[at]; }
};

/// No fragment that just counts touches more bytes of its value, in a writing of which parts are
/// alike.
inline constexpr std::size_t sharedRun = 12;

/// The number of a plain byte.
using Origin = std::uint16_t;
/// Bytes; longer values are treated as several. Python's digits take a fifteenth more.
inline constexpr std::size_t longestValue = 48U << 10;

/// One way in which a value may be written. Wiped when dropped.
struct SecretForm {
    std::string encoding; ///< "raw", "utf-16le", "base64", "reversed", ...
    SecretBytes bytes;
    std::shared_ptr<const PlainValue> plain;
    std::vector<Origin> origin; ///< for each byte, the plain byte that it writes
    std::size_t unit = 1; ///< bytes of a character: 2 for UTF-16
    std::size_t shortest = 8; ///< bytes of the shortest fragment that counts
    bool wholeOnly = false; ///< fragments do not count
    /// A whole copy counts only between characters that are neither letters nor digits.
    bool bounded = false;
    /// Bytes that two values have in common are written the same in both: a fragment of them is
    /// found by the windows of either.
    bool partsAlike = false;
    /// base64: the digit before or after a whole copy carries bits of it too.
    bool sharesBefore = false;
    bool sharesAfter = false;
    std::vector<std::size_t> secrets; ///< whose value it is: numbers of values
};

/// Every writing of every value and derived value. Values shorter than five bytes give none;
/// values of less than eight bytes, or of fewer than five different ones, give whole copies of
/// text only; values longer than `longestValue` are treated as several. `common`: of all values, of
/// which these are some. The first one has number `first`.
std::vector<SecretForm> formsOf(std::span<const SecretValue> values, const CommonParts& common,
                                std::size_t first = 0);

/// Values that are looked for at once.
struct ValueBatch {
    std::size_t first = 0; ///< number of the first one
    std::span<const SecretValue> values;
};

/// Divides values, in their order, so that each part's forms and their index take a bounded memory
/// (some 100 MiB at the most, unless one value alone is larger): a session store may hold a hundred
/// thousand tokens.
std::vector<ValueBatch> inBatches(std::span<const SecretValue> values);

} // namespace coredact
