// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/ciphers/islands.h"

#include <algorithm>
#include <cstring>

namespace coredact {

namespace {

/// How many samples from a run's end on places are looked at.
constexpr std::size_t edge = 6;
static_assert(edge < Islands::samplesBefore);
/// A structure of 272 bytes that ends with a run begins this many samples before.
constexpr std::size_t longest = 4;
/// Where a structure fills a run, how many samples more the run may have on one side.
constexpr std::size_t slack = 2;

} // namespace

/// Calls take(first, end) for each run of random samples.
template <typename Take> void Islands::forRuns(Take take) const
{
    const std::uint8_t* random = m_samples.random.data();
    const std::size_t size = m_samples.random.size();
    const auto find = [&](std::size_t from, int wanted) {
        const void* found = from < size ? std::memchr(random + from, wanted, size - from) : nullptr;
        return found ? static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - random)
                     : size;
    };
    for (std::size_t first = find(0, 1); first < size;) {
        const std::size_t end = find(first, 0);
        take(first, end);
        first = find(end, 1);
    }
}

/// Whether the 64 bytes from a sample on or those up to its end look random: one of them lies in a
/// structure of 128 that holds the sample.
bool Islands::isMixed(std::size_t sample) const
{
    constexpr std::size_t size = 2 * sampleBytes;
    const ByteView bytes = m_window.bytes;
    const std::size_t at = place(sample);
    return (bytes.size() - at >= size && areMixed(bytes.subspan(at, size)))
        || (at >= sampleBytes && areMixed(bytes.subspan(at - sampleBytes, size)));
}

/// Adds the fresh ones of the places for which this is the first sample.
void Islands::addPlaces(std::vector<Span>& places, std::size_t sample) const
{
    const std::size_t at = place(sample);
    const std::size_t end = std::min(at + 1, m_window.freshEnd);
    const std::size_t begin = std::max(at - std::min(at, sampleStride - 1), m_window.freshBegin);
    if (begin >= end)
        return;
    if (!places.empty() && places.back().end >= begin)
        places.back().end = end;
    else
        places.push_back({begin, end});
}

std::vector<Span> Islands::edges() const
{
    std::vector<Span> places;
    forRuns([&](std::size_t first, std::size_t end) {
        for (std::size_t i = first; i < end; ++i) {
            if (i == first + edge && end - i > edge + longest)
                i = end - edge - longest;
            if (isMixed(i))
                addPlaces(places, i);
        }
    });
    return places;
}

std::vector<Span> Islands::filledBy(std::size_t size) const
{
    // So many samples lie inside wherever it begins.
    const std::size_t inside = (size - (sampleStride - 1) - sampleBytes) / sampleStride + 1;
    std::vector<Span> places;
    forRuns([&](std::size_t first, std::size_t end) {
        for (std::size_t i = first; i + inside <= end; ++i) {
            if (i == first + slack && end - i > inside + slack)
                i = end - inside - slack;
            addPlaces(places, i);
        }
    });
    return places;
}

} // namespace coredact
