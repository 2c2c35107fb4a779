// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/memoryword.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <set>
#include <vector>

namespace coredact {

/// Of the pointers that a round gathers, at most.
inline constexpr std::size_t mostPointers = std::size_t {1} << 17;

/// Tells quickly of most words that they are none of some addresses.
class AddressFilter {
public:
    /// Of the keys of a map, of which there is one at least.
    template <typename Map>
    explicit AddressFilter(const Map& addresses)
        : m_first(addresses.begin()->first)
        , m_reach(addresses.rbegin()->first - m_first)
        , m_filter(std::size_t {1} << filterBits)
    {
        for (const auto& [address, value] : addresses)
            m_filter[filterPlace(address)] = true;
    }

    bool mayHold(std::uint64_t word) const
    {
        return word - m_first <= m_reach && m_filter[filterPlace(word)];
    }

private:
    static constexpr unsigned filterBits = 16;

    static std::size_t filterPlace(std::uint64_t address)
    {
        return static_cast<std::size_t>(address >> 3) % (std::size_t {1} << filterBits);
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

/// Gathers where the addresses of some things stand in memory.
template <typename Things> class PointerRound : public WalkRound {
public:
    /// `things` are by their address.
    explicit PointerRound(const Things& things)
        : m_things(things)
        , m_filter(things)
    {
    }

    void look(const Window& window) override
    {
        forEachWord(window, m_filter, [&](std::size_t at, std::uint64_t word) {
            if (m_things.contains(word))
                keep({*window.address + at, word});
        });
    }

    void join(WalkRound& other) override
    {
        for (const auto& pointer : static_cast<PointerRound&>(other).pointers)
            keep(pointer);
    }

    /// Its place and the address that it holds.
    std::set<std::pair<std::uint64_t, std::uint64_t>> pointers;

private:
    void keep(const std::pair<std::uint64_t, std::uint64_t>& pointer)
    {
        if (pointers.size() == mostPointers && pointer > *pointers.rbegin())
            return this->leaveOut();
        pointers.insert(pointer);
        this->keepFirst(pointers, mostPointers);
    }

    const Things& m_things;
    AddressFilter m_filter;
};

} // namespace coredact
