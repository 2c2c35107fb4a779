// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/bytecache.h"
#include "scanner/dump/dump.h"

#include <cstring>
#include <functional>

/// Small dumps and bytes for the tests of the painted widgets.
namespace coredact::testing {

inline Segment segment(std::uint64_t address, std::uint64_t offset, std::uint64_t size,
                       RegionKind kind = RegionKind::Anonymous, std::string name = {})
{
    return {*AddressRange::make(address, size),
            *FileRange::make(offset, size),
            {true, true, false},
            kind,
            std::move(name)};
}

inline Region region(std::uint64_t address, std::uint64_t size, std::uint64_t saved,
                     RegionKind kind, std::string name)
{
    return {*AddressRange::make(address, size), {true, false, true}, kind, std::move(name), saved};
}

inline Dump dumpOf(std::uint64_t size, std::vector<Segment> segments)
{
    Dump dump;
    dump.size = size;
    dump.segments = std::move(segments);
    return dump;
}

/// Serves bytes at once, as an engine would a moment later.
class ServedBytes {
public:
    explicit ServedBytes(std::vector<std::uint8_t> bytes)
        : m_bytes(std::move(bytes))
    {
        m_cache.reset(m_bytes.size(), [this](std::uint64_t offset, std::uint32_t size) {
            m_asked.push_back({offset, size});
            return true;
        });
    }

    ByteCache& cache() { return m_cache; }
    std::size_t waiting() const { return m_asked.size(); }
    /// Answers what was asked for so far.
    void answer()
    {
        const auto asked = std::exchange(m_asked, {});
        for (const auto& [offset, size] : asked)
            m_cache.arrive(offset, ByteView(m_bytes).subspan(offset, size));
    }
    void refuse()
    {
        const auto asked = std::exchange(m_asked, {});
        for (const auto& [offset, size] : asked)
            m_cache.fail(offset);
    }

private:
    std::vector<std::uint8_t> m_bytes;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> m_asked;
    ByteCache m_cache;
};

} // namespace coredact::testing
