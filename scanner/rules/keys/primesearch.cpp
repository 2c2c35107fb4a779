// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/primesearch.h"

#include "scanner/rules/keys/primescan.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::size_t directModuli = 8;

} // namespace

/// A Bloom filter of 2^27 bits (16 MiB) with two hashes of one word.
class PrimeSearch::Filter {
public:
    Filter()
        : m_bits(std::size_t {1} << 21)
    {
    }

    void add(std::uint64_t word)
    {
        for (const std::uint64_t hash : hashes(word))
            m_bits[hash >> 6] |= std::uint64_t {1} << (hash & 63);
    }

    void add(const Filter& other)
    {
        for (std::size_t i = 0; i < m_bits.size(); ++i)
            m_bits[i] |= other.m_bits[i];
    }

    bool mayHold(std::uint64_t word) const
    {
        for (const std::uint64_t hash : hashes(word))
            if ((m_bits[hash >> 6] >> (hash & 63) & 1) == 0)
                return false;
        return true;
    }

private:
    static std::array<std::uint64_t, 2> hashes(std::uint64_t word)
    {
        word *= 0x9e3779b97f4a7c15;
        return {word >> 37, (word * 0xd1342543de82ef95) >> 37};
    }

    std::vector<std::uint64_t> m_bits;
};

PrimeSearch::PrimeSearch(const std::vector<PublicRsa>& moduli)
    : m_moduli(moduli)
{
    for (std::size_t i = 0; i < moduli.size(); ++i) {
        const std::size_t words = moduli[i].limbs.size() / 2;
        auto it = std::find_if(m_groups.begin(), m_groups.end(),
                               [&](const Group& group) { return group.words == words; });
        if (it == m_groups.end())
            it = m_groups.insert(m_groups.end(), Group {words, {}, {}});
        (i < directModuli ? it->direct : it->joined).push_back(i);
        if (i >= directModuli && !m_filter)
            m_filter = std::make_shared<Filter>();
    }
}

void PrimeSearch::remember(const Window& window)
{
    const auto addLowWord = [this](ByteView bytes, void (*read)(ByteView, Limbs&)) {
        read(bytes, m_prime);
        m_filter->add(m_prime[0]);
    };
    for (const Group& group : m_groups) {
        if (group.joined.empty())
            continue;
        m_positions.clear();
        littleEndianPrimes(window.bytes, alignedFresh(window, 8), window.freshEnd, group.words,
                           m_positions);
        for (const std::size_t at : m_positions)
            addLowWord(window.bytes.subspan(at, 8), readLittleEndian);
        m_positions.clear();
        bigEndianPrimes(window.bytes, window.freshBegin, window.freshEnd, group.words, m_positions);
        for (const std::size_t at : m_positions)
            addLowWord(window.bytes.subspan(at + group.words * 8 - 8, 8), readBigEndian);
    }
}

void PrimeSearch::join(const PrimeSearch& other)
{
    if (m_filter && other.m_filter)
        m_filter->add(*other.m_filter);
}

void PrimeSearch::look(const Window& window, const Take& take)
{
    for (const Group& group : m_groups) {
        const std::size_t size = group.words * 8;
        m_positions.clear();
        littleEndianPrimes(window.bytes, alignedFresh(window, 8), window.freshEnd, group.words,
                           m_positions);
        const std::size_t little = m_positions.size();
        bigEndianPrimes(window.bytes, window.freshBegin, window.freshEnd, group.words, m_positions);
        for (std::size_t i = 0; i < m_positions.size(); ++i) {
            const ByteView bytes = window.bytes.subspan(m_positions[i], size);
            (i < little ? readLittleEndian : readBigEndian)(bytes, m_prime);
            judge(group, m_positions[i], take);
        }
    }
}

void PrimeSearch::judge(const Group& group, std::size_t at, const Take& take)
{
    if (!mayBePrime(m_prime))
        return;
    const std::uint64_t inverse = inverseMod64(m_prime[0]);
    const auto tryModulus = [&](std::size_t index) {
        if (!seemsFactor(m_prime, inverse, m_moduli[index].limbs))
            return;
        const BigNumber number = BigNumber::fromLimbs(m_prime);
        if (m_moduli[index].n.dividedBy(number))
            take(at, at + m_prime.size() * 8, index, number);
    };
    for (const std::size_t index : group.direct)
        tryModulus(index);
    for (const std::size_t index : group.joined)
        if (m_filter->mayHold(m_moduli[index].limbs[0] * inverse))
            tryModulus(index);
}

} // namespace coredact
