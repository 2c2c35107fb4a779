// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/moduli.h"

namespace coredact {

/// Tells the moduli that a program counts with from those that it only keeps, as the roots of its
/// trust store: of the former a copy stands in little-endian words, as BIGNUM, mpz or nat.
class ModuliInUse {
public:
    /// `moduli` must outlive this.
    explicit ModuliInUse(const std::vector<PublicRsa>& moduli);

    void look(const Window& window);
    void join(const ModuliInUse& other);
    /// Those in use first; else in the order in which they were.
    std::vector<PublicRsa> inOrder() const;

private:
    void lookAtWord(const Window& window, std::size_t at, std::uint64_t word);

    const std::vector<PublicRsa>& m_moduli;
    struct LowWord {
        std::uint64_t word = 0;
        std::size_t modulus = 0;
    };
    std::vector<LowWord> m_lowWords; ///< sorted
    std::vector<bool> m_mayBegin; ///< by hash of a low word
    std::vector<bool> m_used;
};

} // namespace coredact
