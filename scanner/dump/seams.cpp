// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/dump/seams.h"

#include "scanner/dump/claims.h"
#include "scanner/dump/firstat.h"

#include <map>

namespace coredact {

namespace {

/// File-order neighbours are looked at at least this far, also where the parts are tiny.
constexpr std::uint64_t LeastReach = 4096;

class SeamFinder {
public:
    SeamFinder(const Dump& dump, const std::vector<OwnedPart>& parts,
               const std::vector<std::size_t>& follower)
        : m_dump(dump)
        , m_parts(parts)
        , m_follower(follower)
    {
    }

    std::vector<Seam> find()
    {
        addFileNeighbours();
        addSegmentNeighbours();
        addFirstListedView();
        std::vector<Seam> found;
        found.reserve(m_seams.size());
        for (const auto& [join, seam] : m_seams)
            found.push_back(seam);
        return found;
    }

private:
    std::size_t partAt(std::uint64_t offset) const
    {
        const auto after = std::upper_bound(
            m_parts.begin(), m_parts.end(), offset,
            [](std::uint64_t value, const OwnedPart& part) { return value < part.file.first(); });
        return static_cast<std::size_t>(after - m_parts.begin()) - 1;
    }

    /// Whether some extent has the bytes at these offsets one after the other.
    bool shown(std::uint64_t before, std::uint64_t after) const
    {
        const std::size_t part = partAt(before);
        if (before < m_parts[part].file.last())
            return after == before + 1;
        const std::size_t next = m_follower[part];
        return next < m_parts.size() && m_parts[next].file.first() == after;
    }

    void add(const FileRange& before, const FileRange& after)
    {
        if (!shown(before.last(), after.first()))
            m_seams.insert({{before.last(), after.first()}, {before, after}});
    }

    void addFileNeighbours()
    {
        for (std::size_t i = 0; i + 1 < m_parts.size(); ++i) {
            const std::uint64_t join = m_parts[i + 1].file.first();
            const std::uint64_t first
                = std::min(m_parts[i].file.first(), join - std::min(join, LeastReach));
            const std::uint64_t last = std::max(
                m_parts[i + 1].file.last(), std::min(join + LeastReach, m_dump.size) - 1);
            add(*FileRange::between(first, join - 1), *FileRange::between(join, last));
        }
    }

    void addJoin(std::size_t before, std::size_t after)
    {
        const Segment& next = m_dump.segments[after];
        const std::uint64_t address = m_dump.segments[before].memory.last() + 1;
        const std::uint64_t inside = address - next.memory.first();
        add(m_dump.segments[before].file,
            *FileRange::between(next.file.first() + inside, next.file.last()));
    }

    /// Segments that touch in memory, whoever owns their bytes.
    void addSegmentNeighbours()
    {
        FirstAt endingBefore;
        FirstAt beginningAt;
        for (std::size_t i = 0; i < m_dump.segments.size(); ++i) {
            const AddressRange& memory = m_dump.segments[i].memory;
            beginningAt.add(memory.first(), i, i);
            if (memory.last() != std::numeric_limits<std::uint64_t>::max())
                endingBefore.add(memory.last() + 1, i, i);
        }
        endingBefore.finish();
        beginningAt.finish();
        for (std::size_t i = 0; i < m_dump.segments.size(); ++i) {
            const AddressRange& memory = m_dump.segments[i].memory;
            if (const auto before = endingBefore.at(memory.first()))
                addJoin(*before, i);
            if (memory.last() == std::numeric_limits<std::uint64_t>::max())
                continue;
            if (const auto after = beginningAt.at(memory.last() + 1))
                addJoin(i, *after);
        }
    }

    /// Memory as a debugger reads it, where a segment that overlaps goes on in the middle of
    /// another one.
    void addFirstListedView()
    {
        std::vector<AddressRange> memory;
        memory.reserve(m_dump.segments.size());
        for (const Segment& segment : m_dump.segments)
            memory.push_back(segment.memory);
        const auto claims = firstClaims(memory);
        for (std::size_t i = 0; i + 1 < claims.size(); ++i) {
            if (claims[i].range.touches(claims[i + 1].range))
                add(fileOf(claims[i]), fileOf(claims[i + 1]));
        }
    }

    FileRange fileOf(const Claim<AddressRange>& claim) const
    {
        const Segment& segment = m_dump.segments[claim.owner];
        const std::uint64_t inside = claim.range.first() - segment.memory.first();
        return *FileRange::make(segment.file.first() + inside, claim.range.size());
    }

    const Dump& m_dump;
    const std::vector<OwnedPart>& m_parts;
    const std::vector<std::size_t>& m_follower;
    std::map<std::pair<std::uint64_t, std::uint64_t>, Seam> m_seams; ///< by the bytes that meet
};

} // namespace

std::vector<Seam> seams(const Dump& dump, const std::vector<OwnedPart>& parts,
                        const std::vector<std::size_t>& follower)
{
    return SeamFinder(dump, parts, follower).find();
}

} // namespace coredact
