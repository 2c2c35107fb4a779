// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/needles.h"

#include "scanner/base/memoryword.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::size_t step = 8;
constexpr std::size_t shortest = 2 * step;

std::uint64_t wordAt(const std::uint8_t* at) { return nativeWord<std::uint64_t>(at); }

} // namespace

void NeedleSearch::add(const SecretBytes& needle, std::size_t index)
{
    if (needle.size() < shortest || needle.size() > overlap)
        return;
    for (std::size_t offset = 0; offset < step; ++offset)
        m_words.emplace(wordAt(needle.data() + offset), Place {m_needles.size(), offset});
    m_needles.push_back({needle, index});
}

void NeedleSearch::build()
{
    m_filter.reserve(m_words.size(), 15);
    m_lowBits = {};
    for (const auto& [word, place] : m_words) {
        m_filter.add(word);
        m_lowBits.add(word);
    }
}

void NeedleSearch::look(ByteView bytes, std::size_t fresh,
                        const std::function<void(std::size_t index, std::size_t begin)>& take) const
{
    const std::uint8_t* data = bytes.data();
    // A string that begins with the last fresh byte has its word up to seven bytes later.
    const std::size_t end
        = std::min(fresh + step - 1, bytes.size() - std::min(bytes.size(), step - 1));
    const WordFilter::Look filter = m_filter.look();
    // Most words fall at the first look, which is the cheaper one.
    for (std::size_t at = m_lowBits.next(data, 0, end); at < end;
         at = m_lowBits.next(data, at + step, end)) {
        const std::uint64_t word = wordAt(data + at);
        if (!filter.mayHold(word))
            continue;
        const auto [from, to] = m_words.equal_range(word);
        for (auto it = from; it != to; ++it) {
            const SecretBytes& needle = m_needles[it->second.needle].bytes;
            const std::size_t offset = it->second.offset;
            if (offset > at || at - offset >= fresh)
                continue;
            const std::size_t begin = at - offset;
            if (needle.size() <= bytes.size() - begin
                && std::equal(needle.begin(), needle.end(), data + begin))
                take(m_needles[it->second.needle].index, begin);
        }
    }
}

} // namespace coredact
