// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/dump/coverage.h"

#include "scanner/dump/claims.h"
#include "scanner/dump/firstat.h"
#include "scanner/dump/lanes.h"
#include "scanner/dump/seams.h"

namespace coredact {

namespace {

constexpr std::size_t None = std::numeric_limits<std::size_t>::max();

/// The file in its order: what segments own, and the gaps between.
std::vector<OwnedPart> ownedParts(const Dump& dump)
{
    std::vector<FileRange> claimed;
    claimed.reserve(dump.segments.size());
    for (const Segment& segment : dump.segments)
        claimed.push_back(segment.file);

    std::vector<OwnedPart> parts;
    std::uint64_t next = 0;
    const auto addGap = [&](std::uint64_t end) {
        if (next < end)
            parts.push_back({*FileRange::between(next, end - 1), std::nullopt, None});
    };
    for (const auto& claim : firstClaims(claimed)) {
        const Segment& owner = dump.segments[claim.owner];
        addGap(claim.range.first());
        const std::uint64_t inside = claim.range.first() - owner.file.first();
        parts.push_back({claim.range, owner.memory.first() + inside, claim.owner});
        next = claim.range.last() + 1;
    }
    addGap(dump.size);
    return parts;
}

/// For each part the one that follows it in memory, or None. Where several parts end or begin at
/// one address, the one of the first listed segment is taken, so that nobody has two neighbours.
std::vector<std::size_t> followers(const std::vector<OwnedPart>& parts)
{
    FirstAt endingBefore;
    FirstAt beginningAt;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (!parts[i].address)
            continue;
        beginningAt.add(*parts[i].address, parts[i].segment, i);
        const std::uint64_t last = *parts[i].address + (parts[i].file.size() - 1);
        if (last != std::numeric_limits<std::uint64_t>::max())
            endingBefore.add(last + 1, parts[i].segment, i);
    }
    endingBefore.finish();
    beginningAt.finish();
    std::vector<std::size_t> follower(parts.size(), None);
    for (const FirstAt::Entry& before : endingBefore.entries())
        if (const auto after = beginningAt.at(before.address))
            follower[before.thing] = *after;
    return follower;
}

void append(Extent& extent, const FileRange& piece)
{
    if (!extent.pieces.empty() && extent.pieces.back().touches(piece))
        extent.pieces.back() = *FileRange::between(extent.pieces.back().first(), piece.last());
    else
        extent.pieces.push_back(piece);
}

} // namespace

std::uint64_t Extent::size() const
{
    std::uint64_t sum = 0;
    for (const FileRange& piece : pieces)
        sum += piece.size();
    return sum;
}

Coverage coverage(const Dump& dump)
{
    const std::vector<OwnedPart> parts = ownedParts(dump);
    const std::vector<std::size_t> follower = followers(parts);
    std::vector<bool> follows(parts.size(), false);
    for (const std::size_t next : follower)
        if (next != None)
            follows[next] = true;

    Coverage answer;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (follows[i])
            continue;
        Extent extent {{}, parts[i].address};
        for (std::size_t part = i; part != None; part = follower[part])
            append(extent, parts[part].file);
        answer.extents.push_back(std::move(extent));
    }
    answer.seams = seams(dump, parts, follower);
    const std::vector<Seam> lanes = laneSeams(dump);
    answer.seams.insert(answer.seams.end(), lanes.begin(), lanes.end());
    return answer;
}

} // namespace coredact
