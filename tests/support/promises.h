// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/coverage.h"
#include "scanner/formats/format.h"

#include <algorithm>
#include <string>

namespace coredact::test {

/// Whether the extents hold each byte of the file exactly once.
inline bool totalAndDisjoint(const Coverage& coverage, std::uint64_t size)
{
    std::vector<FileRange> pieces;
    for (const Extent& extent : coverage.extents)
        pieces.insert(pieces.end(), extent.pieces.begin(), extent.pieces.end());
    std::sort(pieces.begin(), pieces.end());
    std::uint64_t next = 0;
    for (const FileRange& piece : pieces) {
        if (piece.first() != next)
            return false;
        next = piece.last() + 1;
    }
    return next == size;
}

/// What a reader's answer to any bytes must hold; the first broken promise, "" where all hold.
inline std::string brokenPromise(const Source& source)
{
    const auto dump = readDump(source, JobControl());
    if (!dump.ok())
        return "readDump gives no dump";
    if (dump->size != source.size())
        return "the size is wrong";
    const auto inside = [&](const FileRange& range) { return range.last() < dump->size; };
    for (const Segment& segment : dump->segments)
        if (!inside(segment.file) || segment.file.size() != segment.memory.size())
            return "a segment breaks its invariant";
    for (const Field& field : dump->fields)
        if (!inside(field.file) || field.name.empty())
            return "a field lies outside the file or has no name";
    for (std::size_t i = 0; i < dump->structure.size(); ++i)
        if (!inside(dump->structure[i])
            || (i > 0 && dump->structure[i - 1].last() >= dump->structure[i].first()))
            return "the structure is not sorted, disjoint and inside";
    for (std::size_t i = 1; i < dump->regions.size(); ++i)
        if (dump->regions[i].memory.first() < dump->regions[i - 1].memory.first())
            return "the regions are not sorted";
    for (const Diagnostic& diagnostic : dump->diagnostics)
        if (diagnostic.message.empty())
            return "a diagnostic says nothing";
    if (!totalAndDisjoint(coverage(*dump), dump->size))
        return "a byte is not in exactly one extent";
    return {};
}

} // namespace coredact::test
