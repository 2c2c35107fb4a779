// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/heldrsa.h"
#include "scanner/rules/keys/rsakey.h"
#include "scanner/rules/walk.h"

#include <set>
#include <utility>

namespace coredact {

/// Looks for what calculating with an RSA key leaves on the stacks of a Go program (1.20 and newer:
/// crypto/internal/bigmod). There each number has an array of 2048 bits. The message or the
/// signature modulo a prime give the key away to who has the one or the other, three powers in a
/// row to everybody, and so does a multiple of a prime. Told are, of a key's primes of 1024 and
/// 1536 bits, all random-looking numbers of a prime's size in such an array, since nothing proves a
/// number modulo a prime alone; of primes of 2048 bits, which fill the array, runs of numbers with
/// powers in them; and all multiples of a prime but the modulus. Bounded: of more than 65536 places
/// those that come first in the file are told.
class RsaLeftovers {
public:
    /// Places in the file, by the index of the key whose leftovers they are.
    using Found = std::set<std::pair<FileRange, std::size_t>>;
    static constexpr std::size_t mostFound = std::size_t {1} << 16;

    /// Whether the process has a heap of Go's.
    static bool mayBeIn(const Dump& dump);

    explicit RsaLeftovers(std::vector<RsaNumbers> keys);
    /// Looks at the runs that begin in the window's fresh part. Any thread.
    void look(const Window& window, Found& found) const;
    /// One for each key of which there are any.
    std::vector<HeldKey> keys(const Found& found) const;

private:
    struct Key {
        RsaNumbers numbers;
        std::size_t words; ///< of a prime
    };
    struct Run {
        std::size_t begin; ///< in the window
        std::size_t words;
    };

    void tell(const Window& window, std::size_t at, std::size_t words, std::size_t key,
              Found& found) const;
    void lookForResidues(const Window& window, const Run& run, std::size_t key, Found& found) const;
    void lookForMultiples(const Window& window, const Run& run, std::size_t key,
                          Found& found) const;
    bool hasPowers(const Window& window, const Run& run, const Key& key) const;

    std::vector<Key> m_keys;
};

} // namespace coredact
