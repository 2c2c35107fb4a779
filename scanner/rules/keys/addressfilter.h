// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/memoryword.h"
#include "scanner/rules/keys/firstones.h"

#include <algorithm>
#include <bit>
#include <utility>
#include <vector>

namespace coredact {

/// Of the pointers that a round gathers, at most.
inline constexpr std::size_t mostPointers = std::size_t {1} << 22;

using SortedAddresses = std::vector<std::uint64_t>; ///< each once

/// The keys of a map by addresses.
template <typename Map> SortedAddresses addressesOf(const Map& map)
{
    SortedAddresses addresses;
    for (const auto& [address, value] : map)
        addresses.push_back(address);
    return addresses;
}

/// Tells quickly of most words that they are none of some addresses.
class AddressFilter {
public:
    /// There is one at least.
    explicit AddressFilter(const SortedAddresses& addresses)
        : m_first(addresses.front())
        , m_reach(addresses.back() - m_first)
        , m_filter(std::clamp(std::bit_ceil(bitsEach * addresses.size()), fewestBits, mostBits))
    {
        for (const std::uint64_t address : addresses)
            m_filter[filterPlace(address)] = true;
    }

    bool mayHold(std::uint64_t word) const
    {
        return word - m_first <= m_reach && m_filter[filterPlace(word)];
    }

private:
    static constexpr std::size_t bitsEach = 8;
    static constexpr std::size_t fewestBits = std::size_t {1} << 16;
    static constexpr std::size_t mostBits = std::size_t {1} << 24;

    std::size_t filterPlace(std::uint64_t address) const
    {
        return static_cast<std::size_t>(address >> 3) & (m_filter.size() - 1);
    }

    std::uint64_t m_first;
    std::uint64_t m_reach;
    std::vector<bool> m_filter;
};

/// Calls `found` with the position and the word of each fresh word of memory that may be in the
/// filter.
template <typename Found>
void forEachWord(const Window& window, const AddressFilter& filter, Found found)
{
    if (!window.address)
        return;
    const ByteView bytes = window.bytes;
    const std::size_t end
        = std::min(window.freshEnd, bytes.size() - std::min<std::size_t>(bytes.size(), 7));
    for (std::size_t at = alignedFresh(window, 8); at < end; at += 8) {
        const auto word = littleWord<std::uint64_t>(bytes.data() + at);
        if (filter.mayHold(word))
            found(at, word);
    }
}

/// Gathers where some addresses stand in memory.
class PointerRound : public WalkRound {
public:
    /// There is one at least; they must outlive it.
    explicit PointerRound(const SortedAddresses& addresses)
        : m_addresses(addresses)
        , m_filter(addresses)
    {
    }

    void look(const Window& window) override
    {
        forEachWord(window, m_filter, [&](std::size_t at, std::uint64_t word) {
            if (std::binary_search(m_addresses.begin(), m_addresses.end(), word))
                m_pointers.add({*window.address + at, word});
        });
    }

    void join(WalkRound& other) override
    {
        m_pointers.join(static_cast<PointerRound&>(other).m_pointers);
    }

    bool hasLeftOut() const override { return m_pointers.leftOut(); }

    /// Where each stands, and the address. By the place.
    const std::vector<std::pair<std::uint64_t, std::uint64_t>>& pointers()
    {
        return m_pointers.all();
    }

private:
    const SortedAddresses& m_addresses;
    AddressFilter m_filter;
    FirstOnes<std::pair<std::uint64_t, std::uint64_t>> m_pointers {mostPointers};
};

} // namespace coredact
