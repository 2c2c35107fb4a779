// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/verifystreams.h"

#include "scanner/base/securebuffer.h"
#include "scanner/redact/unpacking.h"
#include "scanner/redact/verifyvalues.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace coredact {

namespace {

constexpr std::size_t inSize = 1U << 15;
constexpr std::size_t outSize = 1U << 18;
constexpr std::size_t readable = 16; ///< bytes that may be looked at after the last one
constexpr std::uint64_t mostOfOne = 64U << 20;
constexpr std::uint64_t mostOfAll = std::uint64_t(8) << 30; ///< given or taken, whichever is more
/// Taken without anything given: zstd reads the zeros of a hole as empty blocks.
constexpr std::uint64_t mostBarren = 8U << 20;
constexpr std::size_t leastWhole = 32; ///< unpacked bytes of a complete stream
/// Of one that is cut: packed bytes, and unpacked ones.
constexpr std::size_t leastTaken = 256;
constexpr std::size_t leastGiven = 1024;

} // namespace

StreamSearch::StreamSearch(const Source& copy, const Needles& needles,
                           const std::vector<FileRange>& kept)
    : m_copy(copy)
    , m_needles(needles)
    , m_kept(kept)
{
}

void StreamSearch::setPieces(const Coverage& coverage)
{
    m_pieces.clear();
    for (const Extent& extent : coverage.extents)
        m_pieces.insert(m_pieces.end(), extent.pieces.begin(), extent.pieces.end());
    std::sort(m_pieces.begin(), m_pieces.end());
}

std::uint64_t StreamSearch::pieceEnd(std::uint64_t offset) const
{
    const auto piece = std::lower_bound(
        m_pieces.begin(), m_pieces.end(), offset,
        [](const FileRange& one, std::uint64_t wanted) { return one.last() < wanted; });
    return piece != m_pieces.end() && piece->first() <= offset ? piece->last() + 1 : offset;
}

Status StreamSearch::look(const std::uint8_t* bytes, std::size_t begin, std::size_t end,
                          std::uint64_t offset, std::vector<LeftInStream>& left) const
{
    std::vector<std::size_t> positions;
    unpacking::findMagics(bytes, begin, end, positions);
    for (const std::size_t position : positions)
        if (const Status looked = lookInto(offset + position, left); !looked)
            return looked;
    return {};
}

Status StreamSearch::lookInto(std::uint64_t begin, std::vector<LeftInStream>& left) const
{
    const std::uint64_t end = pieceEnd(begin);
    if (end == begin || liesInside(m_kept, *FileRange::make(begin, 1)))
        return {};
    if (m_cost > mostOfAll) {
        m_all = false;
        return {};
    }
    SecretBytes in(static_cast<std::size_t>(std::min<std::uint64_t>(512, end - begin)));
    if (const Status done = m_copy.readAt(begin, in); !done)
        return done;
    auto [name, codec] = unpacking::open(in);
    if (!codec)
        return {};
    SecretBytes out(outSize + readable);
    std::vector<std::uint32_t> candidates;
    std::uint64_t read = in.size();
    std::uint64_t taken = 0;
    std::uint64_t given = 0;
    std::uint64_t barren = 0;
    std::size_t inBegin = 0;
    std::size_t filled = 0;
    std::size_t searched = 0;
    bool proved = false;
    for (bool goOn = true; goOn;) {
        if (inBegin == in.size() && begin + read < end) {
            in.resize(
                static_cast<std::size_t>(std::min<std::uint64_t>(inSize, end - begin - read)));
            if (const Status done = m_copy.readAt(begin + read, in); !done)
                return done;
            read += in.size();
            inBegin = 0;
        }
        const auto room = static_cast<std::size_t>(
            std::min<std::uint64_t>(outSize - filled, mostOfOne - given));
        const auto step = codec->step(ByteView(in).subspan(inBegin),
                                      MutableByteView(out).subspan(filled, room));
        inBegin += step.taken;
        taken += step.taken;
        given += step.given;
        barren = step.given == 0 ? barren + step.taken : 0;
        filled += step.given;
        goOn = !step.ended && !step.failed && (step.taken != 0 || step.given != 0)
            && given < mostOfOne && barren <= mostBarren;
        proved = proved
            || (step.ended ? given >= leastWhole : taken >= leastTaken && given >= leastGiven);
        if (goOn && filled < outSize)
            continue;
        if (!proved) {
            m_cost += taken;
            return {};
        }
        // What begins before the last bytes is complete, or the stream is over.
        const std::size_t stop = goOn ? filled - Needles::longest : filled;
        std::memset(out.data() + filled, 0, readable);
        m_needles.candidates(out.data(), searched, stop, candidates);
        for (const std::uint32_t at : candidates) {
            const auto before = at > 0 ? std::optional(out[at - 1]) : std::nullopt;
            const auto match = m_needles.at(ByteView(out).subspan(at, filled - at), before);
            if (!match)
                continue;
            left.push_back({begin, name, *match});
            return {};
        }
        const std::size_t spent = stop - std::min<std::size_t>(stop, 1);
        std::memmove(out.data(), out.data() + spent, filled - spent);
        filled -= spent;
        searched = stop - spent;
    }
    m_cost += std::max(given, taken);
    ++m_streams;
    if (given >= mostOfOne)
        m_all = false;
    return {};
}

} // namespace coredact
