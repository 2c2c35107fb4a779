// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/storedbytes.h"

#include "scanner/base/bytes.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace coredact {

namespace {

constexpr std::uint64_t longest = std::uint64_t {1} << 20;
constexpr std::size_t shortestRun = 16;

/// Gathers what one stream gives, without those inside it.
class Gatherer : public StreamVisitor {
public:
    bool look(StreamTree& /*stream*/, const StreamReader::Part& part,
              const std::string& /*encoding*/) override
    {
        bytes.insert(bytes.end(), part.bytes.begin() + static_cast<std::ptrdiff_t>(part.freshBegin),
                     part.bytes.begin() + static_cast<std::ptrdiff_t>(part.freshEnd));
        return bytes.size() <= longest;
    }

    SecretBytes bytes;
};

SecretBytes firstOf(Feed& feed, std::uint64_t size)
{
    SecretBytes bytes(static_cast<std::size_t>(size));
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const std::size_t read = feed.read(MutableByteView(bytes).subspan(filled));
        if (read == 0)
            break;
        filled += read;
    }
    bytes.resize(filled);
    return bytes;
}

bool isDeflate(StreamCodec codec)
{
    return codec == StreamCodec::Zlib || codec == StreamCodec::Gzip
        || codec == StreamCodec::Deflate;
}

} // namespace

std::size_t storedBytes(ByteView unpacked, ByteView packed)
{
    // Of each run that long in the packed bytes one piece begins at a multiple of its size.
    constexpr std::size_t step = shortestRun / 2;
    std::unordered_map<std::string_view, std::size_t> places;
    for (std::size_t at = 0; at + step <= packed.size(); at += step)
        places.try_emplace(asText(packed.subspan(at, step)), at);
    std::size_t stored = 0;
    std::size_t counted = 0; // up to here
    for (std::size_t at = 0; at + step <= unpacked.size();) {
        const auto found = places.find(asText(unpacked.subspan(at, step)));
        if (found == places.end()) {
            ++at;
            continue;
        }
        std::size_t begin = at;
        std::size_t from = found->second;
        while (begin > counted && from > 0 && unpacked[begin - 1] == packed[from - 1]) {
            --begin;
            --from;
        }
        std::size_t end = at + step;
        from = found->second + step;
        while (end < unpacked.size() && from < packed.size() && unpacked[end] == packed[from]) {
            ++end;
            ++from;
        }
        if (end - begin < shortestRun) {
            ++at;
            continue;
        }
        stored += end - begin;
        counted = end;
        at = end;
    }
    return stored;
}

bool isStoredByChance(const StreamTree& stream, const FeedMaker& open, StreamWalk& walk)
{
    const Unpacked& result = stream.unpacked;
    if (!isDeflate(stream.start.codec) || !stream.start.wrapping.empty()
        || result.end != Unpacked::End::Cut || result.consumed > longest
        || result.produced > longest)
        return false;
    StreamTree alone;
    alone.start = stream.start;
    Gatherer gatherer;
    walk.take(alone, open, gatherer);
    const auto feed = open();
    const SecretBytes packed = firstOf(*feed, result.consumed);
    return storedBytes(gatherer.bytes, packed) * 2 >= gatherer.bytes.size();
}

} // namespace coredact
