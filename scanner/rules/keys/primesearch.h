// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/moduli.h"

#include <functional>
#include <memory>

namespace coredact {

/// Looks for primes of known moduli wherever they stand: as little-endian words (BIGNUM, Go,
/// SymCrypt) and big-endian with a leading zero (DER, also torn, and SSH).
///
/// For the first few moduli of a size each candidate is tried. For the rest, both primes must be
/// in the dump: then the low word of n / p is among the candidates' low words, which a Bloom
/// filter remembers, and hardly any candidate is tried in vain.
class PrimeSearch {
public:
    /// A prime of moduli[modulus] stands at [begin, end) of the window.
    using Take = std::function<void(std::size_t begin, std::size_t end, std::size_t modulus,
                                    const BigNumber& prime)>;

    /// `moduli` must outlive this.
    explicit PrimeSearch(const std::vector<PublicRsa>& moduli);

    /// Whether every window must go through `remember` before any goes through `look`. Each
    /// thread has a search of its own; what others remember is taken over by `join`, and passed
    /// on to them by `share`.
    bool needsMemory() const { return m_filter != nullptr; }
    void remember(const Window& window);
    void join(const PrimeSearch& other);
    void share(const PrimeSearch& other) { m_filter = other.m_filter; }
    void look(const Window& window, const Take& take);

private:
    struct Group {
        std::size_t words = 0; ///< of a prime
        std::vector<std::size_t> direct; ///< indices of moduli
        std::vector<std::size_t> joined;
    };
    class Filter;

    void judge(const Group& group, std::size_t at, const Take& take);

    const std::vector<PublicRsa>& m_moduli;
    std::vector<Group> m_groups;
    std::shared_ptr<Filter> m_filter;
    // Room that is used again for each window and candidate.
    std::vector<std::size_t> m_positions;
    Limbs m_prime;
};

} // namespace coredact
