// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/verifystreams.h"

#include "scanner/base/securebuffer.h"
#include "scanner/redact/unpackedsearch.h"
#include "scanner/redact/verifybytes.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::size_t headSize = 512; ///< most of what looks like a stream is none
constexpr std::size_t inSize = 1U << 15;
constexpr std::size_t readable = 17; ///< bytes that may be looked at after the last one

class BytesOfFile : public PackedBytes {
public:
    BytesOfFile(const Source& file, std::uint64_t begin, std::uint64_t end)
        : m_file(file)
        , m_at(begin)
        , m_end(end)
    {
    }
    Result<ByteView> next() override
    {
        const std::size_t most = m_bytes.empty() ? headSize : inSize;
        m_bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(most, m_end - m_at)));
        if (const Status done = m_file.readAt(m_at, m_bytes); !done)
            return done.error();
        m_at += m_bytes.size();
        return ByteView(m_bytes);
    }

private:
    const Source& m_file;
    std::uint64_t m_at;
    std::uint64_t m_end;
    SecretBytes m_bytes;
};

} // namespace

StreamSearch::StreamSearch(const Source& copy, const Seeker& seeker,
                           const std::vector<FileRange>& kept, std::uint64_t most)
    : m_copy(copy)
    , m_seeker(seeker)
    , m_kept(kept)
    , m_most(most)
{
}

void StreamSearch::setPieces(const Coverage& coverage)
{
    m_pieces.clear();
    for (const Extent& extent : coverage.extents)
        m_pieces.insert(m_pieces.end(), extent.pieces.begin(), extent.pieces.end());
    std::sort(m_pieces.begin(), m_pieces.end());
}

/// Nothing where no piece holds it, or one that is kept.
const FileRange* StreamSearch::pieceAt(std::uint64_t offset) const
{
    const auto piece = std::lower_bound(
        m_pieces.begin(), m_pieces.end(), offset,
        [](const FileRange& one, std::uint64_t wanted) { return one.last() < wanted; });
    const bool isLooked = piece != m_pieces.end() && piece->first() <= offset
        && !liesInside(m_kept, *FileRange::make(offset, 1));
    return isLooked ? &*piece : nullptr;
}

Status StreamSearch::look(const std::uint8_t* bytes, std::size_t begin, std::size_t end,
                          std::uint64_t offset, std::vector<LeftInStream>& left) const
{
    std::vector<std::size_t> positions;
    unpacking::findMagics(bytes, begin, end, positions);
    for (const std::size_t position : positions) {
        const bool inText = unpacking::isTextMagic(bytes[position]);
        if (inText && !mayBeginPackedText(ByteView(bytes, end + readable), position))
            continue;
        if (const Status looked = lookInto(offset + position, inText, left); !looked)
            return looked;
    }
    return {};
}

Status StreamSearch::lookInto(std::uint64_t begin, bool inText,
                              std::vector<LeftInStream>& left) const
{
    const FileRange* const piece = pieceAt(begin);
    // What stands before a text tells that it begins there.
    if (!piece || (inText && piece->first() == begin))
        return {};
    if (m_cost > m_most) {
        m_all = false;
        return {};
    }
    BytesOfFile packed(m_copy, begin, piece->last() + 1);
    Base64Bytes text(packed);
    UnpackedSearch search(m_seeker, inText ? 1 : 0);
    const auto seen = search.look(inText ? static_cast<PackedBytes&>(text) : packed);
    if (!seen)
        return seen.error();
    m_cost += seen->cost;
    if (!seen->isStream)
        return {};
    ++m_streams;
    if (!seen->all)
        m_all = false;
    if (seen->left)
        left.push_back({begin, (inText ? "base64+" : "") + seen->name, *seen->left});
    return {};
}

} // namespace coredact
