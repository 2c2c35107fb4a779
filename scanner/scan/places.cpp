// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/places.h"

#include <algorithm>
#include <map>

namespace coredact {

namespace {

/// Gives every byte to the first listed segment that claims it.
class Claims {
public:
    template <typename Take>
    void claim(const FileRange& wanted, const Take& take)
    {
        std::uint64_t next = wanted.first();
        auto it = m_taken.upper_bound(next);
        if (it != m_taken.begin() && std::prev(it)->second >= next)
            next = std::prev(it)->second + 1;
        while (next <= wanted.last()) {
            it = m_taken.lower_bound(next);
            const std::uint64_t end
                = it == m_taken.end() ? wanted.last() : std::min(wanted.last(), it->first - 1);
            if (next <= end)
                take(*FileRange::between(next, end));
            if (it == m_taken.end() || it->second >= wanted.last())
                break;
            next = it->second + 1;
        }
        insert(wanted);
    }

private:
    void insert(const FileRange& range)
    {
        std::uint64_t first = range.first();
        std::uint64_t last = range.last();
        auto it = m_taken.upper_bound(first);
        if (it != m_taken.begin() && std::prev(it)->second >= first)
            --it;
        while (it != m_taken.end() && it->first <= last) {
            first = std::min(first, it->first);
            last = std::max(last, it->second);
            it = m_taken.erase(it);
        }
        m_taken[first] = last;
    }

    std::map<std::uint64_t, std::uint64_t> m_taken; ///< first -> last
};

} // namespace

Places::Places(const Dump& dump)
{
    Claims claims;
    for (const Segment& segment : dump.segments) {
        claims.claim(segment.file, [&](const FileRange& part) {
            m_owners.push_back(
                {part, segment.memory.first() + (part.first() - segment.file.first()), &segment});
        });
    }
    std::sort(m_owners.begin(), m_owners.end(),
              [](const Owner& a, const Owner& b) { return a.file < b.file; });
    for (const Field& field : dump.fields)
        m_fields.push_back(&field);
    std::stable_sort(m_fields.begin(), m_fields.end(),
                     [](const Field* a, const Field* b) { return a->file < b->file; });
}

const Places::Owner* Places::ownerAt(std::uint64_t fileOffset) const
{
    auto it = std::upper_bound(
        m_owners.begin(), m_owners.end(), fileOffset,
        [](std::uint64_t offset, const Owner& owner) { return offset < owner.file.first(); });
    if (it == m_owners.begin() || !std::prev(it)->file.contains(fileOffset))
        return nullptr;
    return &*std::prev(it);
}

std::vector<Piece> Places::pieces(std::span<const FileRange> ranges) const
{
    std::vector<Piece> answer;
    for (const FileRange& range : ranges) {
        std::uint64_t next = range.first();
        for (;;) {
            const Owner* owner = ownerAt(next);
            std::uint64_t end = range.last();
            std::optional<std::uint64_t> address;
            if (owner) {
                end = std::min(end, owner->file.last());
                address = owner->address + (next - owner->file.first());
            } else {
                const auto after = std::upper_bound(
                    m_owners.begin(), m_owners.end(), next,
                    [](std::uint64_t offset, const Owner& o) { return offset < o.file.first(); });
                if (after != m_owners.end())
                    end = std::min(end, after->file.first() - 1);
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
    if (const Owner* owner = ownerAt(fileOffset)) {
        if (!owner->segment->name.empty())
            return owner->segment->name;
        return std::string(toText(owner->segment->kind));
    }
    return "file";
}

} // namespace coredact
