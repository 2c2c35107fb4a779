// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/signfinder.h"

#include <algorithm>
#include <bit>

namespace coredact {

namespace {

constexpr std::size_t block = 64;
constexpr std::size_t noByte = 256;

} // namespace

void SignFinder::addPlaces(std::vector<Place>& places, std::uint64_t bit,
                           const std::vector<ByteSet>& sets)
{
    // Nothing is asked of a place that no expression named before.
    Place any;
    any.fill(~std::uint64_t {0});
    places.resize(std::max(places.size(), sets.size()), any);
    for (std::size_t i = 0; i < sets.size(); ++i) {
        for (std::size_t byte = 0; byte < noByte; ++byte)
            if (!sets[i][byte])
                places[i][byte] &= ~bit;
        places[i][noByte] &= ~bit;
    }
}

void SignFinder::add(unsigned id, const SignProbe& probe)
{
    if (m_groups.empty() || m_groups.back().ids.size() == groupSize)
        m_groups.emplace_back();
    Group& group = m_groups.back();
    const std::uint64_t bit = std::uint64_t {1} << group.ids.size();
    group.ids.push_back(id);
    group.signs.add(probe.sign);
    group.bySign[probe.sign] |= bit;
    addPlaces(group.before, bit, probe.before);
    addPlaces(group.after, bit, probe.after);
}

void SignFinder::find(ByteView bytes, const std::vector<Zone>& zones, const Hear& hear) const
{
    for (const Group& group : m_groups)
        for (const Zone& zone : zones)
            group.find(bytes, zone, hear);
}

void SignFinder::Group::find(ByteView bytes, const Zone& zone, const Hear& hear) const
{
    std::array<std::uint64_t, 32> masks;
    std::size_t at = zone.begin - std::min<std::size_t>(zone.begin, 1);
    const std::size_t end = std::min(bytes.size(), zone.end + 1);
    while (at < end) {
        const std::size_t whole = (bytes.size() - at) / block;
        const std::size_t count = std::min({masks.size(), (end - at + block - 1) / block, whole});
        classMasks(signs, bytes.data() + at, masks.data(), count);
        for (std::size_t i = 0; i < count; ++i, at += block)
            for (std::uint64_t mask = masks[i]; mask != 0; mask &= mask - 1)
                look(bytes, at + static_cast<std::size_t>(std::countr_zero(mask)), hear);
        for (; count == 0 && at < end; ++at)
            if (signs.has(bytes[at]))
                look(bytes, at, hear);
    }
}

void SignFinder::Group::look(ByteView bytes, std::size_t at, const Hear& hear) const
{
    std::uint64_t left = bySign[bytes[at]];
    for (std::size_t i = 0; left != 0 && i < std::max(before.size(), after.size()); ++i) {
        if (i < after.size())
            left &= after[i][at + 1 + i < bytes.size() ? bytes[at + 1 + i] : noByte];
        if (i < before.size())
            left &= before[i][at > i ? bytes[at - 1 - i] : noByte];
    }
    for (; left != 0; left &= left - 1)
        hear(ids[static_cast<std::size_t>(std::countr_zero(left))], at + 1);
}

} // namespace coredact
