// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/streamfinder.h"

#include "scanner/base/securebuffer.h"
#include "scanner/scan/streammagic.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::size_t looked = 4096; ///< packed bytes that a try may take
/// Packed bytes that a stream with fixed codes must bear: such codes fit any bytes for a while,
/// and with long repeats a few of them give hundreds.
constexpr std::size_t proving = 128;

bool hasFixedCodes(ByteView bytes, StreamCodec codec)
{
    const std::size_t head = codec == StreamCodec::Gzip ? 10 : 2;
    return head < bytes.size() && (bytes[head] >> 1 & 3) == 1;
}

} // namespace

/// Two bytes of deflate's magic stand everywhere; the other formats' four to ten do not, and their
/// first block may be longer than what a window has behind it.
bool StreamFinder::unpacks(ByteView bytes, StreamCodec codec)
{
    if (codec != StreamCodec::Gzip && codec != StreamCodec::Zlib)
        return true;
    std::unique_ptr<Decompressor>& decompressor = codec == StreamCodec::Gzip ? m_gzip : m_zlib;
    if (!decompressor)
        decompressor = newDecompressor(codec);
    else
        decompressor->restart();
    std::array<std::uint8_t, 4096> out;
    std::size_t consumed = 0;
    std::size_t produced = 0;
    auto state = Decompressor::State::More;
    while (state == Decompressor::State::More && (produced < leastUnpacked || consumed < proving)) {
        const auto done = decompressor->step(
            bytes.subspan(consumed, std::min(bytes.size(), looked) - consumed), out);
        if (done.consumed == 0 && done.produced == 0)
            break;
        consumed += done.consumed;
        produced += done.produced;
        state = done.state;
    }
    wipe(out);
    if (state == Decompressor::State::End)
        return produced >= leastUnpackedWhole;
    const bool byChance = state == Decompressor::State::Damaged && consumed < proving
        && hasFixedCodes(bytes, codec);
    return produced >= leastUnpacked && !byChance;
}

const std::vector<StreamStart>& StreamFinder::find(const Window& window, std::string_view wrapping)
{
    m_found.clear();
    const std::size_t end = std::min(window.freshEnd, window.bytes.size());
    for (std::size_t at = nextStreamMagic(window.bytes, window.freshBegin, end); at < end;
         at = nextStreamMagic(window.bytes, at + 1, end)) {
        const ByteView bytes = window.bytes.subspan(at);
        const auto codec = streamHead(bytes);
        if (codec && unpacks(bytes, *codec))
            m_found.push_back({window.map->fileRanges(at, at + 1).front().first(), *codec,
                               std::string(wrapping)});
    }
    return m_found;
}

} // namespace coredact
