// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/storedbytes.h"

#include "scanner/base/bytes.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace coredact {

namespace {

constexpr std::size_t shortestRun = 16;
/// Bytes to both sides that say what a place is, as the name before a password does.
constexpr std::uint64_t around = 256;

/// Gathers what one stream gives, without those inside it.
class Gatherer : public StreamVisitor {
public:
    bool look(StreamTree& /*stream*/, const StreamReader::Part& part,
              const std::string& /*encoding*/) override
    {
        bytes.insert(bytes.end(), part.bytes.begin() + static_cast<std::ptrdiff_t>(part.freshBegin),
                     part.bytes.begin() + static_cast<std::ptrdiff_t>(part.freshEnd));
        return true;
    }

    SecretBytes bytes;
};

SecretBytes firstOf(Feed& feed, std::uint64_t size)
{
    SecretBytes bytes(static_cast<std::size_t>(size));
    bytes.resize(feed.read(bytes));
    return bytes;
}

bool isDeflate(StreamCodec codec)
{
    return codec == StreamCodec::Zlib || codec == StreamCodec::Gzip
        || codec == StreamCodec::Deflate;
}

} // namespace

std::vector<FileRange> storedRuns(ByteView unpacked, ByteView packed)
{
    // Of each run that long in the packed bytes one piece begins at a multiple of its size.
    constexpr std::size_t step = shortestRun / 2;
    std::unordered_map<std::string_view, std::size_t> places;
    for (std::size_t at = 0; at + step <= packed.size(); at += step)
        places.try_emplace(asText(packed.subspan(at, step)), at);
    std::vector<FileRange> runs;
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
        runs.push_back(*FileRange::make(begin, end - begin));
        counted = end;
        at = end;
    }
    return runs;
}

bool areStored(std::span<const FileRange> places, const StreamTree& stream, const FeedMaker& open,
               StreamWalk& walk)
{
    const Unpacked& result = stream.unpacked;
    if (!isDeflate(stream.start.codec) || !stream.start.wrapping.empty()
        || result.end != Unpacked::End::Cut || result.consumed > longestJudged
        || result.produced > longestJudged)
        return false;
    StreamTree alone;
    alone.start = stream.start;
    Gatherer gatherer;
    walk.take(alone, open, gatherer);
    const auto feed = open();
    const std::vector<FileRange> runs = storedRuns(gatherer.bytes, firstOf(*feed, result.consumed));
    return std::all_of(places.begin(), places.end(), [&](const FileRange& place) {
        const auto run = std::lower_bound(
            runs.begin(), runs.end(), place.first(),
            [](const FileRange& one, std::uint64_t offset) { return one.last() < offset; });
        return run != runs.end() && run->first() + around <= place.first()
            && place.last() + around <= run->last();
    });
}

} // namespace coredact
