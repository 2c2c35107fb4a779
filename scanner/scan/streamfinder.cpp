// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/streamfinder.h"

#include "scanner/base/securebuffer.h"
#include "scanner/scan/base64view.h"
#include "scanner/scan/streammagic.h"

#include <algorithm>
#include <cstring>

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
    if (codec != StreamCodec::Gzip && codec != StreamCodec::Zlib && codec != StreamCodec::Deflate)
        return true;
    std::unique_ptr<Decompressor>& decompressor = codec == StreamCodec::Gzip ? m_gzip
        : codec == StreamCodec::Zlib                                         ? m_zlib
                                                                             : m_bare;
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

void StreamFinder::add(const Window& window, std::size_t at, StreamCodec codec,
                       std::string_view wrapping)
{
    m_found.push_back(
        {window.map->fileRanges(at, at + 1).front().first(), codec, std::string(wrapping)});
}

/// Bare deflate is looked for where a text of base64 begins, as SAML and JWS have it.
void StreamFinder::findBare(const Window& window, std::string_view wrapping)
{
    const std::size_t end = std::min(window.freshEnd, window.bytes.size());
    for (std::size_t at = window.freshBegin; at < end; ++at) {
        if (at > 0 && window.bytes[at - 1] != base64Separator) {
            const auto* const from = window.bytes.data() + at;
            const void* const next = std::memchr(from, base64Separator, end - at);
            if (!next)
                return;
            at += static_cast<std::size_t>(static_cast<const std::uint8_t*>(next) - from);
            continue;
        }
        const ByteView bytes = window.bytes.subspan(at);
        if (mayBeBareDeflate(bytes) && unpacks(bytes, StreamCodec::Deflate))
            add(window, at, StreamCodec::Deflate, wrapping);
    }
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
            add(window, at, *codec, wrapping);
    }
    if (wrapping.ends_with("base64")) {
        findBare(window, wrapping);
        std::sort(m_found.begin(), m_found.end());
    }
    return m_found;
}

} // namespace coredact
