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
constexpr std::size_t mostKeys = 256;

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

Limbs limbsOf(const BigNumber& number, std::size_t words)
{
    Limbs limbs;
    readLittleEndian(number.littleEndian(words * wordBytes), limbs);
    return limbs;
}

std::size_t wordsOf(const BigNumber& number) { return (number.bits() + 63) / 64; }

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

RsaLeftovers::Prime::Prime(const BigNumber& number)
    : limbs(limbsOf(number, wordsOf(number)))
    , inverse(inverseMod64(limbs[0]))
{
}

RsaLeftovers::RsaLeftovers(std::vector<RsaNumbers> keys)
{
    for (RsaNumbers& key : keys) {
        const std::size_t words = wordsOf(key.p);
        if (words < fewestWords || words > arrayWords || wordsOf(key.q) != words)
            continue;
        if (m_keys.size() == mostKeys) {
            leaveOut();
            return;
        }
        addKey(std::move(key), words);
    }
}

void RsaLeftovers::addKey(RsaNumbers numbers, std::size_t words)
{
    auto group = std::find_if(m_groups.begin(), m_groups.end(),
                              [&](const Group& one) { return one.words == words; });
    if (group == m_groups.end())
        group = m_groups.insert(m_groups.end(), Group {words, {}, {}});
    group->greatest = std::max({group->greatest, numbers.p, numbers.q});
    group->keys.push_back(m_keys.size());
    const auto number = static_cast<std::size_t>(group - m_groups.begin());
    Prime p(numbers.p);
    Prime q(numbers.q);
    m_keys.push_back({std::move(numbers), std::move(p), std::move(q), number});
}

/// Of one of the key's primes, and not the modulus.
bool RsaLeftovers::isMultiple(const Key& key, const Limbs& number)
{
    if (!seemsFactor(key.p.limbs, key.p.inverse, number)
        && !seemsFactor(key.q.limbs, key.q.inverse, number))
        return false;
    const BigNumber whole = BigNumber::fromLimbs(number);
    return !whole.isZero() && ((whole % key.numbers.p).isZero() || (whole % key.numbers.q).isZero())
        && !(whole == key.numbers.n);
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
        for (std::size_t group = 0; group < m_groups.size(); ++group) {
            lookForResidues(window, run, group, found);
            lookForMultiples(window, run, m_groups[group], found);
        }
    }
}

/// A number modulo a prime stands alone, in the front of the last array, or in the upper half of
/// the product that was reduced to it, of which the lower half is zero then; or it is among powers.
void RsaLeftovers::lookForResidues(const Window& window, const Run& run, std::size_t group,
                                   Found& found) const
{
    const std::size_t words = m_groups[group].words;
    if (words == arrayWords) {
        for (const std::size_t key : keysOfPowers(window, run, m_groups[group]))
            tell(window, run.begin, run.words, key, found);
        return;
    }
    const auto tryAt = [&](std::size_t at) {
        if (mayBeBareKey(window.bytes.subspan(at, words * wordBytes))
            && numberAt(window, at, words) < m_groups[group].greatest)
            tell(window, at, words, m_keys.size() + group, found);
    };
    const std::size_t end = run.begin + run.words * wordBytes;
    if (run.words == words
        || (run.words % arrayWords == words && zerosBehind(window.bytes, end, arrayWords - words)))
        tryAt(end - words * wordBytes);
    else if (run.words > words && zerosBefore(window.bytes, run.begin, words))
        tryAt(run.begin);
}

void RsaLeftovers::lookForMultiples(const Window& window, const Run& run, const Group& group,
                                    Found& found) const
{
    const std::size_t words = 2 * group.words;
    if (run.words < words)
        return;
    const std::size_t room = run.words - words;
    Limbs number;
    const auto tryAt = [&](std::size_t word) {
        const std::size_t at = run.begin + word * wordBytes;
        if (!seemsRandom(window, at, words))
            return;
        readLittleEndian(window.bytes.subspan(at, words * wordBytes), number);
        for (const std::size_t key : group.keys)
            if (isMultiple(m_keys[key], number))
                tell(window, at, words, key, found);
    };
    // Arrays follow one another; what stands before or behind the first or the last is none.
    for (std::size_t word = 0; word <= room; word += arrayWords) {
        tryAt(word);
        if (room % arrayWords != 0)
            tryAt(room - word);
    }
}

/// Keys that x, x² and x³ are powers modulo a prime of, each with R, one behind the other.
std::set<std::size_t> RsaLeftovers::keysOfPowers(const Window& window, const Run& run,
                                                 const Group& group) const
{
    std::set<std::size_t> keys;
    if (run.words < 3 * arrayWords)
        return keys;
    const std::size_t room = run.words - 3 * arrayWords;
    const auto tryAt = [&](std::size_t word) {
        if (!seemsRandom(window, run.begin + word * wordBytes, arrayWords))
            return;
        const auto entry = [&](std::size_t i) {
            return numberAt(window, run.begin + (word + i * arrayWords) * wordBytes, arrayWords);
        };
        const BigNumber middle = entry(1);
        const Limbs multiple = limbsOf(middle * middle - entry(0) * entry(2), 2 * arrayWords);
        for (const std::size_t key : group.keys)
            if (isMultiple(m_keys[key], multiple))
                keys.insert(key);
    };
    for (std::size_t word = 0; word <= room; word += arrayWords) {
        tryAt(word);
        if (room % arrayWords != 0)
            tryAt(room - word);
    }
    return keys;
}

void RsaLeftovers::tell(const Window& window, std::size_t at, std::size_t words, std::size_t whose,
                        Found& found)
{
    for (const FileRange& range : window.map->fileRanges(at, at + words * wordBytes))
        found.emplace(range, whose);
}

std::vector<HeldKey> RsaLeftovers::keys(const Found& found) const
{
    std::vector<HeldKey> keys;
    for (std::size_t i = 0; i < m_keys.size(); ++i) {
        std::vector<FileRange> places;
        for (const auto& [range, whose] : found)
            if (whose == i || whose == m_keys.size() + m_keys[i].group)
                addTo(places, range);
        if (!places.empty())
            keys.push_back({rsaPrivateKey(m_keys[i].numbers, Confidence::Verified,
                                          "p·q equals n among numbers in memory"),
                            std::move(places)});
    }
    return keys;
}

} // namespace coredact
