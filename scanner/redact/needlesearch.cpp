// SPDX-License-Identifier: GPL-3.0-or-later
// What looks for needles, and what gathers the words that they may begin with.
#include "scanner/redact/needlekeys.h"
#include "scanner/redact/needles.h"

#include <array>
#include <cctype>
#include <cstring>

namespace coredact {

using namespace needlekeys;

namespace {

/// The key of what stands there; eight bytes must be readable.
std::uint64_t keyAt(const std::uint8_t* bytes)
{
    constexpr std::uint64_t mask = (std::uint64_t {1} << 8 * wordKey) - 1;
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word & mask;
}

/// Where pieces are looked for: the first place from `begin` on.
std::size_t firstPiece(std::size_t begin)
{
    return (begin + probeStep - 1) / probeStep * probeStep;
}

using Bytes16 [[gnu::vector_size(16)]] = std::uint8_t;

Bytes16 blockAt(const std::uint8_t* bytes)
{
    Bytes16 block;
    std::memcpy(&block, bytes, sizeof block);
    return block;
}

bool anyOf(Bytes16 block)
{
    using Words2 [[gnu::vector_size(16)]] = std::uint64_t;
    const auto words = reinterpret_cast<Words2>(block);
    return (words[0] | words[1]) != 0;
}

/// Whether neither the character before nor the one behind, each of `unit` bytes, is a letter or a
/// digit.
bool standsAlone(ByteView bytes, std::size_t begin, std::size_t end, std::size_t unit)
{
    const auto isCharacter = [&](ByteView one) {
        std::size_t zeros = 0;
        std::uint8_t character = 0;
        for (const std::uint8_t byte : one) {
            zeros += byte == 0 ? 1 : 0;
            character |= byte;
        }
        return zeros == unit - 1 && std::isalnum(character) != 0;
    };
    return !(begin >= unit && isCharacter(bytes.subspan(begin - unit, unit)))
        && !(bytes.size() - end >= unit && isCharacter(bytes.subspan(end, unit)));
}

} // namespace

void WordGatherer::candidates(const std::uint8_t* bytes, std::size_t begin, std::size_t end,
                              std::vector<std::uint32_t>& positions) const
{
    std::array<std::uint64_t, 64> words;
    std::size_t count = 0;
    for (std::size_t at = firstPiece(begin); at < end + probeStep - 1; at += probeStep) {
        words[count++] = keyAt(bytes + at);
        if (count == words.size())
            m_words.addTogether(words);
        count %= words.size();
    }
    m_words.addTogether(std::span(words).first(count));
    positions.clear();
}

std::optional<Seeker::Match> WordGatherer::at(ByteView bytes, std::size_t position) const
{
    const std::uint64_t word = keyOf(bytes.subspan(position), wordKey);
    m_words.addTogether({&word, 1});
    return std::nullopt;
}

void Needles::candidates(const std::uint8_t* bytes, std::size_t begin, std::size_t end,
                         std::vector<std::uint32_t>& positions) const
{
    positions.clear();
    findPieces(bytes, begin, end, positions);
    if (m_wordKeys.empty())
        return;
    findWords(bytes, begin, end, positions);
    std::sort(positions.begin(), positions.end());
    positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
}

void Needles::findPieces(const std::uint8_t* bytes, std::size_t begin, std::size_t end,
                         std::vector<std::uint32_t>& positions) const
{
    // Hits are written always and counted by arithmetic: no branch has to be guessed.
    std::array<std::uint32_t, 1024> hits;
    const std::size_t last = end + probeStep - 1;
    for (std::size_t from = firstPiece(begin); from < last; from += hits.size() * probeStep) {
        std::size_t count = 0;
        for (std::size_t at = from; at < std::min(last, from + hits.size() * probeStep);
             at += probeStep) {
            hits[count] = static_cast<std::uint32_t>(at);
            count += m_pieces.mayHold(keyAt(bytes + at)) ? 1 : 0;
        }
        for (std::size_t i = 0; i < count; ++i)
            for (std::size_t back = probeStep; back > 0; --back)
                if (hits[i] + 1 >= begin + back && hits[i] + 1 - back < end)
                    positions.push_back(static_cast<std::uint32_t>(hits[i] + 1 - back));
    }
}

/// A word counts as a whole only, so that every position must be asked: few words one after the
/// other by their first and last byte, sixteen positions at a time.
void Needles::findWords(const std::uint8_t* bytes, std::size_t begin, std::size_t end,
                        std::vector<std::uint32_t>& positions) const
{
    constexpr std::size_t few = 16;
    constexpr std::size_t block = sizeof(Bytes16);
    if (m_wordKeys.size() > few) {
        for (std::size_t at = begin; at < end; ++at)
            if (m_wordSet.mayHold(keyAt(bytes + at)))
                positions.push_back(static_cast<std::uint32_t>(at));
        return;
    }
    for (const std::uint64_t key : m_wordKeys) {
        const Bytes16 first = Bytes16 {} + static_cast<std::uint8_t>(key);
        const Bytes16 last = Bytes16 {} + static_cast<std::uint8_t>(key >> 8 * (wordKey - 1));
        for (std::size_t from = begin; from < end; from += block) {
            if (from + block <= end
                && !anyOf((blockAt(bytes + from) == first)
                          & (blockAt(bytes + from + wordKey - 1) == last)))
                continue;
            for (std::size_t at = from; at < std::min(end, from + block); ++at)
                if (keyAt(bytes + at) == key)
                    positions.push_back(static_cast<std::uint32_t>(at));
        }
    }
}

std::optional<Needles::Match> Needles::at(ByteView bytes, std::size_t position) const
{
    const ByteView here = bytes.subspan(position);
    if (here.size() >= windowSize)
        if (const auto match = lookUp(keyOf(here, windowSize), bytes, position))
            return match;
    if (!m_wordKeys.empty() && here.size() >= wordKey)
        return lookUp(keyOf(here, wordKey), bytes, position);
    return std::nullopt;
}

std::optional<Needles::Match> Needles::lookUp(std::uint64_t key, ByteView bytes,
                                              std::size_t position) const
{
    if (!m_keys.mayHold(key))
        return std::nullopt;
    auto needle = std::lower_bound(
        m_needles.begin(), m_needles.end(), key,
        [](const Needle& one, std::uint64_t wanted) { return one.key < wanted; });
    for (; needle != m_needles.end() && needle->key == key; ++needle) {
        const std::size_t size = needle->size;
        if (size > bytes.size() - position
            || std::memcmp(m_bytes.data() + needle->offset, bytes.data() + position, size) != 0)
            continue;
        if (needle->beside == 0 || standsAlone(bytes, position, position + size, needle->beside))
            return Match {size, needle->value, needle->encoding, needle->beside};
    }
    return std::nullopt;
}

} // namespace coredact
