// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/ciphers/cast5.h"

#include "scanner/base/distinctbytes.h"
#include "scanner/rules/ciphers/cast5boxes.h"

#include <array>
#include <bit>
#include <set>
#include <vector>

namespace coredact {

namespace {

using Bytes = std::array<std::uint8_t, 16>; ///< x or z of the standard, by turns
using Subkeys = std::array<std::uint32_t, 16>;

constexpr std::size_t shortestKey = 5;
constexpr std::size_t longestShortKey = 10;

/// S5 to S8 by their numbers.
std::uint32_t box(std::size_t number, std::uint8_t index)
{
    return cast5Boxes[256 * (number - 5) + index];
}

std::uint32_t wordAt(const Bytes& bytes, std::size_t i)
{
    return wordOf<std::uint32_t>(bytes.data() + 4 * i, ByteOrder::Big);
}

void setWord(Bytes& bytes, std::size_t i, std::uint32_t word)
{
    for (std::size_t k = 0; k < 4; ++k)
        bytes[4 * i + k] = static_cast<std::uint8_t>(word >> (24 - 8 * k));
}

/// A sum of S5 to S8 of four bytes and one more of these of a fifth.
struct Sum {
    std::array<std::uint8_t, 4> indices; ///< of bytes
    std::uint8_t extraBox;
    std::uint8_t extra;

    std::uint32_t operator()(const Bytes& four, const Bytes& fifth) const
    {
        std::uint32_t result = box(extraBox, fifth[extra]);
        for (std::size_t i = 0; i < indices.size(); ++i)
            result ^= box(5 + i, four[indices[i]]);
        return result;
    }
    std::uint32_t operator()(const Bytes& bytes) const { return (*this)(bytes, bytes); }
};

/// Word `to` of the new bytes is word `from` of the old ones and a sum: of old bytes for the first
/// one, of new ones for the others, but for the fifth byte, which is always an old one.
struct Step {
    std::uint8_t to;
    std::uint8_t from;
    Sum sum;
};

constexpr std::array forward {Step {0, 0, {{13, 15, 12, 14}, 7, 8}},
                              Step {1, 2, {{0, 2, 1, 3}, 8, 10}}, Step {2, 3, {{7, 6, 5, 4}, 5, 9}},
                              Step {3, 1, {{10, 9, 11, 8}, 6, 11}}};
constexpr std::array backward {Step {0, 2, {{5, 7, 4, 6}, 7, 0}}, Step {1, 0, {{0, 2, 1, 3}, 8, 2}},
                               Step {2, 1, {{7, 6, 5, 4}, 5, 1}},
                               Step {3, 3, {{10, 9, 11, 8}, 6, 3}}};

/// The subkeys that come of the bytes after each change: of z, x, z and x.
constexpr std::array subkeySums {
    Sum {{8, 9, 7, 6}, 5, 2},    Sum {{10, 11, 5, 4}, 6, 6}, Sum {{12, 13, 3, 2}, 7, 9},
    Sum {{14, 15, 1, 0}, 8, 12}, Sum {{3, 2, 12, 13}, 5, 8}, Sum {{1, 0, 14, 15}, 6, 13},
    Sum {{7, 6, 8, 9}, 7, 3},    Sum {{5, 4, 10, 11}, 8, 7}, Sum {{3, 2, 12, 13}, 5, 9},
    Sum {{1, 0, 14, 15}, 6, 12}, Sum {{7, 6, 8, 9}, 7, 2},   Sum {{5, 4, 10, 11}, 8, 6},
    Sum {{8, 9, 7, 6}, 5, 3},    Sum {{10, 11, 5, 4}, 6, 7}, Sum {{12, 13, 3, 2}, 7, 8},
    Sum {{14, 15, 1, 0}, 8, 13}};

Bytes changed(const Bytes& old, const std::array<Step, 4>& steps)
{
    Bytes bytes {};
    for (std::size_t i = 0; i < steps.size(); ++i)
        setWord(bytes, steps[i].to,
                wordAt(old, steps[i].from) ^ steps[i].sum(i == 0 ? old : bytes, old));
    return bytes;
}

/// Sixteen subkeys; `bytes` goes on from where they end.
Subkeys nextSubkeys(Bytes& bytes)
{
    Subkeys subkeys {};
    for (std::size_t i = 0; i < subkeys.size(); ++i) {
        if (i % 4 == 0)
            bytes = changed(bytes, i % 8 == 0 ? forward : backward);
        subkeys[i] = subkeySums[i](bytes);
    }
    return subkeys;
}

/// Undoes `forward`: all x that give z. One byte of x is on both sides of its word.
std::vector<Bytes> before(const Bytes& z)
{
    std::vector<Bytes> all;
    Bytes x {};
    for (unsigned guess = 0; guess < 256; ++guess) {
        x = {};
        x[10] = static_cast<std::uint8_t>(guess);
        setWord(x, 2, wordAt(z, 1) ^ forward[1].sum(z, x));
        if (x[10] != guess)
            continue;
        setWord(x, 3, wordAt(z, 2) ^ forward[2].sum(z, x));
        setWord(x, 1, wordAt(z, 3) ^ forward[3].sum(z, x));
        setWord(x, 0, wordAt(z, 0) ^ forward[0].sum(x, x));
        all.push_back(x);
    }
    return all;
}

/// All sums of an entry of S5 and one of S6, by their upper half.
class PairSums {
public:
    PairSums()
        : m_begins((1U << 16) + 1)
        , m_entries(1U << 16)
    {
        for (std::size_t i = 0; i < m_entries.size(); ++i)
            ++m_begins[(sumOf(i) >> 16) + 1];
        for (std::size_t i = 1; i < m_begins.size(); ++i)
            m_begins[i] += m_begins[i - 1];
        std::vector<std::uint32_t> next(m_begins.begin(), m_begins.end() - 1);
        for (std::size_t i = 0; i < m_entries.size(); ++i)
            m_entries[next[sumOf(i) >> 16]++]
                = {static_cast<std::uint16_t>(sumOf(i)), static_cast<std::uint16_t>(i)};
    }

    /// Calls take(index into S5, index into S6) for each pair with that sum.
    template <typename Take> void pairsOf(std::uint32_t sum, Take take) const
    {
        for (std::uint32_t i = m_begins[sum >> 16]; i < m_begins[(sum >> 16) + 1]; ++i)
            if (m_entries[i].low == (sum & 0xffff))
                take(static_cast<std::uint8_t>(m_entries[i].pair >> 8),
                     static_cast<std::uint8_t>(m_entries[i].pair));
    }

private:
    struct Entry {
        std::uint16_t low;
        std::uint16_t pair;
    };
    static std::uint32_t sumOf(std::size_t pair)
    {
        return box(5, static_cast<std::uint8_t>(pair >> 8))
            ^ box(6, static_cast<std::uint8_t>(pair));
    }

    std::vector<std::uint32_t> m_begins;
    std::vector<Entry> m_entries;
};

const PairSums& pairSums()
{
    static const PairSums sums;
    return sums;
}

/// Finds the bytes z that the first four subkeys come of. Each subkey is a sum of five entries, of
/// which some bytes are known from the ones before, and the two bytes of S5 and S6 are looked up.
class FirstBytes {
public:
    explicit FirstBytes(const Subkeys& subkeys)
        : m_subkeys(subkeys)
    {
    }

    std::vector<Bytes> find()
    {
        Bytes z {};
        for (unsigned last = 0; last < 256; ++last) {
            z[2] = static_cast<std::uint8_t>(last);
            solve(0, z, [this](Bytes& found) { third(found); });
        }
        return std::move(m_found);
    }

private:
    void third(Bytes& z)
    {
        // z2 is known already, as z9 is: one byte is left to try.
        for (unsigned byte = 0; byte < 256; ++byte) {
            z[3] = static_cast<std::uint8_t>(byte);
            lookUp(2, z, [this](Bytes& found) { second(found); });
        }
    }
    void second(Bytes& z)
    {
        solve(1, z, [this](Bytes& found) {
            solve(3, found, [this](Bytes& all) { m_found.push_back(all); });
        });
    }

    /// Tries all values of the bytes of S7 and S8.
    template <typename Take> void solve(std::size_t subkey, Bytes& z, Take take)
    {
        for (unsigned both = 0; both < 65536; ++both) {
            z[subkeySums[subkey].indices[2]] = static_cast<std::uint8_t>(both >> 8);
            z[subkeySums[subkey].indices[3]] = static_cast<std::uint8_t>(both);
            lookUp(subkey, z, take);
        }
    }

    /// Looks up the bytes of S5 and S6.
    template <typename Take> void lookUp(std::size_t subkey, Bytes& z, Take take)
    {
        const Sum& sum = subkeySums[subkey];
        const std::uint32_t rest = m_subkeys[subkey] ^ box(7, z[sum.indices[2]])
            ^ box(8, z[sum.indices[3]]) ^ box(sum.extraBox, z[sum.extra]);
        m_pairs.pairsOf(rest, [&](std::uint8_t first, std::uint8_t second) {
            z[sum.indices[0]] = first;
            z[sum.indices[1]] = second;
            take(z);
        });
    }

    const Subkeys& m_subkeys;
    const PairSums& m_pairs = pairSums();
    std::vector<Bytes> m_found;
};

std::uint32_t wordOfPlace(const std::uint8_t* place, std::size_t i)
{
    return littleWord<std::uint32_t>(place + 4 * i);
}

} // namespace

bool looksLikeCast5(const std::uint8_t* place)
{
    if (wordOfPlace(place, 32) > 1)
        return false;
    std::array<std::uint8_t, 64> masks;
    std::uint32_t rotations = 0; // a bit for each that there is
    std::size_t tops = 0;
    for (std::size_t i = 0; i < 16; ++i) {
        const std::uint32_t rotation = wordOfPlace(place, 2 * i + 1);
        if (rotation > 31 || wordOfPlace(place, 2 * i) <= 0xffff)
            return false;
        rotations |= 1U << rotation;
        for (std::size_t k = 0; k < 4; ++k) {
            masks[4 * i + k] = place[8 * i + k];
            tops += place[8 * i + k] >> 7;
        }
    }
    return std::popcount(rotations) >= 5 && tops >= 12 && tops <= 52 && distinctBytes(masks) >= 40;
}

std::vector<SecretBytes> cast5KeysOf(const std::uint8_t* place)
{
    Subkeys subkeys {};
    for (std::size_t i = 0; i < subkeys.size(); ++i)
        subkeys[i] = wordOfPlace(place, 2 * i);
    const bool isShort = wordOfPlace(place, 32) == 1;
    std::set<SecretBytes> keys;
    for (const Bytes& z : FirstBytes(subkeys).find())
        for (const Bytes& x : before(z)) {
            SecretBytes key(x.begin(), x.end());
            while (isShort && key.size() > shortestKey && key.back() == 0)
                key.pop_back();
            const SecretBytes expanded = expandCast5Key(key);
            if (std::equal(expanded.begin(), expanded.end(), place))
                keys.insert(std::move(key));
        }
    return {keys.begin(), keys.end()};
}

SecretBytes expandCast5Key(ByteView key)
{
    Bytes bytes {};
    std::copy(key.begin(), key.end(), bytes.begin());
    const Subkeys masks = nextSubkeys(bytes);
    const Subkeys rotations = nextSubkeys(bytes);
    SecretBytes expanded;
    for (std::size_t i = 0; i < masks.size(); ++i) {
        putLittle(expanded, masks[i]);
        // libcrypto has them 16 further, and turns the other way.
        putLittle(expanded, (rotations[i] + 16) & 31);
    }
    putLittle(expanded, std::uint32_t {key.size() <= longestShortKey});
    return expanded;
}

} // namespace coredact
