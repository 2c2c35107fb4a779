// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/rsaleftovers.h"

#include "scanner/base/memoryword.h"
#include "scanner/rules/keys/barekeys.h"
#include "scanner/rules/keys/foreignnumbers.h"
#include "scanner/rules/keys/limbs.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::size_t wordBytes = 8;
/// Of the array that each number has to begin with.
constexpr std::size_t arrayWords = 32;
constexpr std::size_t fewestWords = 16; ///< of a prime of RSA-2048
/// What is on a stack is no longer; and a window holds so much behind any place.
constexpr std::size_t mostWords = 1500;
static_assert((mostWords + arrayWords) * wordBytes <= walkReach);
constexpr std::size_t mostKeys = 16;

std::uint64_t wordAt(ByteView bytes, std::size_t at)
{
    return littleWord<std::uint64_t>(bytes.data() + at);
}

/// No pointer, no size: of random words one in 65536 is not.
bool isLarge(ByteView bytes, std::size_t at)
{
    return at + wordBytes <= bytes.size() && wordAt(bytes, at) >> 48 != 0;
}

/// Not so text, which is worth no arithmetic.
bool seemsRandom(const Window& window, std::size_t at, std::size_t words)
{
    return balancedBytes(window.bytes.data() + at, std::min<std::size_t>(words, 8));
}

bool areZeros(ByteView bytes)
{
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

/// Of a page of zeros so much is in the window that ends with it.
bool zerosBefore(ByteView bytes, std::size_t at, std::size_t words)
{
    return at >= words * wordBytes && areZeros(bytes.first(at).last(words * wordBytes));
}

/// A page of zeros ends a window.
bool zerosBehind(ByteView bytes, std::size_t at, std::size_t words)
{
    return areZeros(bytes.subspan(at, std::min(bytes.size() - at, words * wordBytes)));
}

BigNumber numberAt(const Window& window, std::size_t at, std::size_t words)
{
    return BigNumber::fromLittleEndian(window.bytes.subspan(at, words * wordBytes));
}

bool isMultiple(const RsaNumbers& key, const BigNumber& number)
{
    return !number.isZero() && ((number % key.p).isZero() || (number % key.q).isZero())
        && !(number == key.n);
}

/// Those before begin no later.
void addTo(std::vector<FileRange>& places, const FileRange& range)
{
    if (places.empty() || !places.back().overlaps(range))
        places.push_back(range);
    else if (range.last() > places.back().last())
        places.back() = *FileRange::between(places.back().first(), range.last());
}

} // namespace

bool RsaLeftovers::mayBeIn(const Dump& dump)
{
    return dump.order == ByteOrder::Little && dump.wordSize != 4
        && std::any_of(dump.segments.begin(), dump.segments.end(),
                       [](const Segment& segment) { return isInGoHeap(segment.memory.first()); });
}

RsaLeftovers::RsaLeftovers(std::vector<RsaNumbers> keys)
{
    for (RsaNumbers& key : keys) {
        const std::size_t words = (key.p.bits() + 63) / 64;
        if (m_keys.size() < mostKeys && words >= fewestWords && words <= arrayWords
            && (key.q.bits() + 63) / 64 == words)
            m_keys.push_back({std::move(key), words});
    }
}

void RsaLeftovers::look(const Window& window, Found& found) const
{
    if (!window.address || !isInGoHeap(*window.address))
        return;
    const ByteView bytes = window.bytes;
    std::size_t at = alignedFresh(window, wordBytes);
    // What began before belongs to another window.
    if (at >= wordBytes && isLarge(bytes, at - wordBytes))
        while (isLarge(bytes, at))
            at += wordBytes;
    while (at < window.freshEnd) {
        Run run {at, 0};
        while (isLarge(bytes, at)) {
            at += wordBytes;
            ++run.words;
        }
        at += wordBytes;
        if (run.words < fewestWords || run.words > mostWords)
            continue;
        for (std::size_t key = 0; key < m_keys.size(); ++key) {
            lookForResidues(window, run, key, found);
            lookForMultiples(window, run, key, found);
        }
    }
}

/// A number modulo a prime stands alone, in the front of the last array, or in the upper half of
/// the product that was reduced to it, of which the lower half is zero then; or it is among powers.
void RsaLeftovers::lookForResidues(const Window& window, const Run& run, std::size_t key,
                                   Found& found) const
{
    const std::size_t words = m_keys[key].words;
    if (words == arrayWords) {
        if (hasPowers(window, run, m_keys[key]))
            tell(window, run.begin, run.words, key, found);
        return;
    }
    const auto tryAt = [&](std::size_t at) {
        const RsaNumbers& numbers = m_keys[key].numbers;
        if (mayBeBareKey(window.bytes.subspan(at, words * wordBytes))
            && numberAt(window, at, words) < std::max(numbers.p, numbers.q))
            tell(window, at, words, key, found);
    };
    const std::size_t end = run.begin + run.words * wordBytes;
    if (run.words == words
        || (run.words % arrayWords == words && zerosBehind(window.bytes, end, arrayWords - words)))
        tryAt(end - words * wordBytes);
    else if (run.words > words && zerosBefore(window.bytes, run.begin, words))
        tryAt(run.begin);
}

void RsaLeftovers::lookForMultiples(const Window& window, const Run& run, std::size_t key,
                                    Found& found) const
{
    const std::size_t words = 2 * m_keys[key].words;
    if (run.words < words)
        return;
    const std::size_t room = run.words - words;
    const auto tryAt = [&](std::size_t word) {
        const std::size_t at = run.begin + word * wordBytes;
        if (seemsRandom(window, at, words)
            && isMultiple(m_keys[key].numbers, numberAt(window, at, words)))
            tell(window, at, words, key, found);
    };
    // Arrays follow one another; what stands before or behind the first or the last is none.
    for (std::size_t word = 0; word <= room; word += arrayWords) {
        tryAt(word);
        if (room % arrayWords != 0)
            tryAt(room - word);
    }
}

/// Of x, x² and x³, each with R, which stand one behind the other.
bool RsaLeftovers::hasPowers(const Window& window, const Run& run, const Key& key) const
{
    if (run.words < 3 * arrayWords)
        return false;
    const std::size_t room = run.words - 3 * arrayWords;
    const auto powersAt = [&](std::size_t word) {
        if (!seemsRandom(window, run.begin + word * wordBytes, arrayWords))
            return false;
        const auto entry = [&](std::size_t i) {
            return numberAt(window, run.begin + (word + i * arrayWords) * wordBytes, arrayWords);
        };
        const BigNumber middle = entry(1);
        return isMultiple(key.numbers, middle * middle - entry(0) * entry(2));
    };
    for (std::size_t word = 0; word <= room; word += arrayWords)
        if (powersAt(word) || (room % arrayWords != 0 && powersAt(room - word)))
            return true;
    return false;
}

void RsaLeftovers::tell(const Window& window, std::size_t at, std::size_t words, std::size_t key,
                        Found& found) const
{
    for (const FileRange& range : window.map->fileRanges(at, at + words * wordBytes))
        found.emplace(range, key);
}

std::vector<HeldKey> RsaLeftovers::keys(const Found& found) const
{
    std::vector<HeldKey> keys;
    for (std::size_t i = 0; i < m_keys.size(); ++i) {
        std::vector<FileRange> places;
        for (const auto& [range, key] : found)
            if (key == i)
                addTo(places, range);
        if (!places.empty())
            keys.push_back({rsaPrivateKey(m_keys[i].numbers, Confidence::Verified,
                                          "p·q equals n among numbers in memory"),
                            std::move(places)});
    }
    return keys;
}

} // namespace coredact
