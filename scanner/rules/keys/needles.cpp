// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/needles.h"

#include <algorithm>
#include <cstring>

namespace coredact {

namespace {

std::uint64_t firstEight(const std::uint8_t* at)
{
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

std::uint16_t firstTwo(const std::uint8_t* at)
{
    std::uint16_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

} // namespace

NeedleSearch::NeedleSearch()
    : m_begins(std::size_t {1} << 16)
{
}

void NeedleSearch::add(const SecretBytes& needle, std::size_t index)
{
    if (needle.size() < 8 || needle.size() > overlap)
        return;
    m_begins[firstTwo(needle.data())] = true;
    m_needles.emplace(firstEight(needle.data()), Needle {needle, index});
}

void NeedleSearch::look(ByteView bytes, std::size_t fresh,
                        const std::function<void(std::size_t index)>& take) const
{
    const std::uint8_t* data = bytes.data();
    const std::size_t end = std::min(fresh, bytes.size() - std::min<std::size_t>(bytes.size(), 7));
    for (std::size_t at = 0; at < end; ++at) {
        if (!m_begins[firstTwo(data + at)])
            continue;
        const auto [from, to] = m_needles.equal_range(firstEight(data + at));
        for (auto it = from; it != to; ++it) {
            const SecretBytes& needle = it->second.bytes;
            if (needle.size() <= bytes.size() - at
                && std::equal(needle.begin(), needle.end(), data + at))
                take(it->second.index);
        }
    }
}

} // namespace coredact
