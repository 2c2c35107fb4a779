// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/heldrsa.h"
#include "scanner/rules/keys/limbs.h"
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
/// powers in them; and all multiples of a prime but the modulus. Bounded: of more than 256 keys the
/// first are looked for, and of more than 65536 places those that come first in the file are told.
class RsaLeftovers : public Bounded {
public:
    /// Places in the file, each with whose leftovers it holds: a key's, or any of a group's.
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
    struct Prime {
        explicit Prime(const BigNumber& number);
        Limbs limbs;
        std::uint64_t inverse; ///< of the lowest one
    };
    struct Key {
        RsaNumbers numbers;
        Prime p;
        Prime q;
        std::size_t group;
    };
    /// Keys whose primes have so many words.
    struct Group {
        std::size_t words = 0;
        BigNumber greatest; ///< of all primes
        std::vector<std::size_t> keys;
    };
    struct Run {
        std::size_t begin; ///< in the window
        std::size_t words;
    };

    void addKey(RsaNumbers numbers, std::size_t words);
    static bool isMultiple(const Key& key, const Limbs& number);
    static void tell(const Window& window, std::size_t at, std::size_t words, std::size_t whose,
                     Found& found);
    void lookForResidues(const Window& window, const Run& run, std::size_t group,
                         Found& found) const;
    void lookForMultiples(const Window& window, const Run& run, const Group& group,
                          Found& found) const;
    std::set<std::size_t> keysOfPowers(const Window& window, const Run& run,
                                       const Group& group) const;

    std::vector<Group> m_groups;
    std::vector<Key> m_keys;
};

} // namespace coredact
