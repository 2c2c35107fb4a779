// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/moduli.h"
#include "scanner/rules/walk.h"

#include <map>

namespace coredact {

/// Looks for what libcrypto's RSA code for AVX-512 leaves on the stack, also when the key is long
/// freed: tables of the powers of a number modulo both primes, times R = 2^(52·digits), in words
/// that hold 52 bits each. They begin with R mod p, and p divides R minus that; and of three powers
/// in a row p divides the difference of the middle one's square and the others' product, so that a
/// table of some length gives its key away all by itself.
/// Bounded: of more than 32 runs of such words those that come first in the file are tried.
class ResidueSearch : public Bounded {
public:
    struct Found {
        std::vector<FileRange> places; ///< all of the run
        BigNumber n;
        BigNumber e; ///< the usual one where the dump does not say
        BigNumber prime;
    };

    void look(const Window& window);
    void join(ResidueSearch& other);
    std::vector<Found> proven(const std::vector<PublicRsa>& moduli, const Source& source) const;

private:
    struct Run {
        std::vector<FileRange> places;
        std::vector<std::uint64_t> words;
    };
    void add(const Window& window, std::size_t sample);
    static std::vector<FileRange> wholeRun(const Run& run, const Source& source);

    std::map<std::uint64_t, Run> m_runs; ///< by place
};

} // namespace coredact
