// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/places.h"

#include <algorithm>

namespace coredact {

Places::Places(const Dump& dump)
    : m_segments(dump.segments)
    , m_structure(dump.structure)
{
    std::vector<FileRange> files;
    for (const Segment& segment : dump.segments)
        files.push_back(segment.file);
    m_owners = firstClaims(files);
    for (const Field& field : dump.fields)
        m_fields.push_back(&field);
    std::stable_sort(m_fields.begin(), m_fields.end(),
                     [](const Field* a, const Field* b) { return a->file < b->file; });
}

std::vector<Piece> Places::pieces(std::span<const FileRange> ranges) const
{
    std::vector<Piece> answer;
    for (const FileRange& range : ranges) {
        std::uint64_t next = range.first();
        for (;;) {
            std::uint64_t end = range.last();
            std::optional<std::uint64_t> address;
            if (const Claim<FileRange>* owner = claimAt(m_owners, next)) {
                const Segment& segment = m_segments[owner->owner];
                end = std::min(end, owner->range.last());
                address = segment.memory.first() + (next - segment.file.first());
            } else {
                const auto after = std::upper_bound(m_owners.begin(), m_owners.end(), next,
                                                    [](std::uint64_t offset, const auto& claim) {
                                                        return offset < claim.range.first();
                                                    });
                if (after != m_owners.end())
                    end = std::min(end, after->range.first() - 1);
            }
            const Piece piece {*FileRange::between(next, end), address};
            Piece* last = answer.empty() ? nullptr : &answer.back();
            const bool continues = last && last->file.touches(piece.file)
                && last->address.has_value() == address.has_value()
                && (!address || *last->address + last->file.size() == *address);
            if (continues)
                last->file = *FileRange::between(last->file.first(), end);
            else
                answer.push_back(piece);
            if (end == range.last())
                break;
            next = end + 1;
        }
    }
    return answer;
}

std::string Places::nameAt(std::uint64_t fileOffset) const
{
    // Fields may lie inside one another; the one that begins last is the most specific.
    auto it = std::upper_bound(
        m_fields.begin(), m_fields.end(), fileOffset,
        [](std::uint64_t offset, const Field* field) { return offset < field->file.first(); });
    for (int tries = 0; it != m_fields.begin() && tries < 8; ++tries) {
        --it;
        if ((*it)->file.contains(fileOffset))
            return (*it)->name;
    }
    if (const Claim<FileRange>* owner = claimAt(m_owners, fileOffset)) {
        const Segment& segment = m_segments[owner->owner];
        return segment.name.empty() ? std::string(toText(segment.kind)) : segment.name;
    }
    const auto structure = std::upper_bound(
        m_structure.begin(), m_structure.end(), fileOffset,
        [](std::uint64_t offset, const FileRange& range) { return offset < range.first(); });
    if (structure != m_structure.begin() && std::prev(structure)->contains(fileOffset))
        return "structure";
    return "file";
}

} // namespace coredact
