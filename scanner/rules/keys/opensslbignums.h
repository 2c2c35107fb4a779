// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/bignumber.h"
#include "scanner/rules/walk.h"

#include <map>

namespace coredact {

struct ForeignForm;

/// A number that a structure of the dump points to.
struct HeldNumber {
    BigNumber value;
    std::vector<FileRange> places; ///< of its words in the file
    bool guarded = false; ///< flagged for constant time or the secure heap: a private number
    bool foreign = false; ///< of another library than OpenSSL and its kin, which flags nothing
};

/// Bytes of memory that something says may be a key.
struct BareString {
    std::uint64_t address = 0;
    SecretBytes bytes;
};

/// Gathers the numbers of 129 bits and more that BIGNUM structures point to:
/// {pointer to the words, int top, int dmax, int neg, int flags}, in the dump's word size and
/// byte order; words are least first. In 64-bit little-endian programs also those of other
/// libraries (foreignnumbers.h) that look random. Each array is told once, by address.
/// Bounded: past 2^18 structures (those with the lowest addresses of arrays stay) or 64 MiB of
/// numbers the rest is left out.
class BignumHarvest : public Bounded {
public:
    /// `dump` must outlive this.
    explicit BignumHarvest(const Dump& dump);
    /// Looks for structures that begin in the window's fresh part.
    void look(const Window& window);
    void join(const BignumHarvest& other);
    Result<std::vector<HeldNumber>> numbers(const WalkContext& context);
    /// Bytes of keys' sizes that look random and that a slice of Go's is filled with.
    Result<std::vector<BareString>> strings(const WalkContext& context) const;

private:
    void keep(std::pair<std::uint64_t, std::uint32_t> array, std::uint32_t flags);

    const Dump& m_dump;
    std::vector<const ForeignForm*> m_forms;
    bool m_nss;
    /// By address and words in use: copies of a structure count once, any may carry the flags.
    std::map<std::pair<std::uint64_t, std::uint32_t>, std::uint32_t> m_arrays;
};

} // namespace coredact
