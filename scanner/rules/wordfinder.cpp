// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/wordfinder.h"

#include <algorithm>

namespace coredact {

namespace {

/// Bytes that a kernel is given at a time.
constexpr std::size_t stretch = 1U << 15;

/// A place that may hold more of the bytes of a text than that tells little.
constexpr double vague = 0.3;

/// Where two words of a set begin as near as this, the places so far ahead are not looked at.
constexpr std::size_t nearby = 8;
constexpr std::size_t ahead = 64;

/// What a set of its own must save, in places of a text.
constexpr double worthASet = 1e-6;

/// Words side by side, and what their first bytes may be.
struct Neighbours {
    std::vector<const FoundWord*> words;
    WordHead head {};
    double share = 1;
};

Neighbours alone(const FoundWord& word)
{
    Neighbours one {{&word}, headOf(word)};
    one.share = shareOf(one.head);
    return one;
}

Neighbours together(const Neighbours& a, const Neighbours& b)
{
    Neighbours both = a;
    both.words.insert(both.words.end(), b.words.begin(), b.words.end());
    for (std::size_t i = 0; i < wordHead; ++i)
        both.head[i] |= b.head[i];
    both.share = shareOf(both.head);
    return both;
}

/// Puts neighbours together, those first that then stand at few more places.
std::vector<Neighbours> inSets(std::vector<Neighbours> all)
{
    std::vector<double> costs; // of each with the next one
    const auto cost = [&](std::size_t i) {
        return together(all[i], all[i + 1]).share - all[i].share - all[i + 1].share;
    };
    for (std::size_t i = 0; i + 1 < all.size(); ++i)
        costs.push_back(cost(i));
    while (all.size() > 1) {
        const auto cheapest = std::min_element(costs.begin(), costs.end());
        if (all.size() <= wordSets && *cheapest > worthASet)
            break;
        const auto i = static_cast<std::size_t>(cheapest - costs.begin());
        all[i] = together(all[i], all[i + 1]);
        all.erase(all.begin() + static_cast<std::ptrdiff_t>(i) + 1);
        costs.erase(cheapest);
        if (i > 0)
            costs[i - 1] = cost(i - 1);
        if (i < costs.size())
            costs[i] = cost(i);
    }
    return all;
}

} // namespace

/// By what their heads have in common first: letters count as those of the other case.
bool WordFinder::Before::operator()(const FoundWord& a, const FoundWord& b) const
{
    const auto firstOf = [](const ByteSet& set) {
        const std::size_t first = set._Find_first();
        return first >= 'A' && first <= 'Z' ? first | 0x20 : first;
    };
    const WordHead ours = headOf(a);
    const WordHead others = headOf(b);
    const auto length = [](const WordHead& head) {
        return std::count_if(head.begin(), head.end(),
                             [](const ByteSet& set) { return shareOf(set) < vague; });
    };
    if (length(ours) != length(others))
        return length(ours) < length(others);
    for (std::size_t i = 0; i < wordHead; ++i)
        if (firstOf(ours[i]) != firstOf(others[i]))
            return firstOf(ours[i]) < firstOf(others[i]);
    if (a.head != b.head || a.places.size() != b.places.size())
        return std::pair(a.head, a.places.size()) < std::pair(b.head, b.places.size());
    for (std::size_t i = 0; i < a.places.size(); ++i)
        if (a.places[i] != b.places[i])
            return a.places[i].to_string() < b.places[i].to_string();
    return false;
}

void WordFinder::add(const Words& words)
{
    for (const FoundWord& word : words.words) {
        Reach& reach = m_words[word];
        reach.before = std::max(reach.before, words.before + word.head);
        reach.after = std::max(reach.after, words.after - word.head);
    }
}

void WordFinder::prepare()
{
    std::vector<Neighbours> all;
    for (const auto& [word, reach] : m_words)
        all.push_back(alone(word));
    all = inSets(std::move(all));
    for (std::size_t set = 0; set < all.size(); ++set) {
        for (const FoundWord* word : all[set].words)
            m_tables.add(headOf(*word), set);
        addGroups(set, all[set].words);
    }
}

void WordFinder::addGroups(std::size_t set, const std::vector<const FoundWord*>& words)
{
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i % Group::most == 0)
            m_groups[set].emplace_back();
        const Reach& reach = m_words.at(*words[i]);
        m_groups[set].back().add(*words[i], reach);
        m_reach[set].before = std::max(m_reach[set].before, reach.before);
        m_reach[set].after = std::max(m_reach[set].after, reach.after);
    }
}

WordFinder::Group::Group()
{
    // Nothing is asked of a place before or behind a word.
    for (Place& place : places)
        place.fill(~std::uint64_t {0});
}

void WordFinder::Group::add(const FoundWord& word, const Reach& of)
{
    const std::uint64_t bit = std::uint64_t {1} << reach.size();
    reach.push_back(of);
    for (std::size_t i = 0; i < word.places.size(); ++i)
        for (std::size_t byte = 0; byte < 128; ++byte)
            if (!word.places[i][byte] && !word.places[i][byte + 128])
                places[head - word.head + i][byte] &= ~bit;
}

WordFinder::Reach WordFinder::Group::at(ByteView bytes, std::size_t place) const
{
    std::uint64_t left
        = reach.size() == most ? ~std::uint64_t {0} : (std::uint64_t {1} << reach.size()) - 1;
    const std::size_t begin = head - std::min(head, place);
    const std::size_t end = std::min(places.size(), bytes.size() - place + head);
    // The head first: most fail there.
    for (std::size_t i = head; i < end && left != 0; ++i)
        left &= places[i][bytes[place + i - head] & 0x7f];
    for (std::size_t i = begin; i < head && left != 0; ++i)
        left &= places[i][bytes[place + i - head] & 0x7f];
    Reach all;
    for (; left != 0; left &= left - 1) {
        const Reach& one = reach[static_cast<std::size_t>(__builtin_ctzll(left))];
        all.before = std::max(all.before, one.before);
        all.after = std::max(all.after, one.after);
    }
    return all;
}

WordFinder::Reach WordFinder::reachAt(ByteView bytes, std::size_t place, std::size_t set) const
{
    Reach all;
    for (const Group& group : m_groups[set]) {
        const Reach one = group.at(bytes, place);
        all.before = std::max(all.before, one.before);
        all.after = std::max(all.after, one.after);
    }
    return all;
}

void WordFinder::look(ByteView bytes, const Zone& zone, std::size_t place, unsigned sets,
                      EachLately& lately, const Hear& hear) const
{
    Reach all;
    for (; sets != 0; sets &= sets - 1) {
        const auto set = static_cast<std::size_t>(__builtin_ctz(sets));
        Lately& last = lately[set];
        if (place < last.heardUntil)
            continue;
        Reach one = reachAt(bytes, place, set);
        if (one.after == 0)
            continue;
        if (place < last.nearUntil) {
            // Words beside words: the next places are as good as heard of.
            one = {m_reach[set].before, ahead + std::min(m_reach[set].after, unbounded - ahead)};
            last.heardUntil = place + ahead;
        }
        last.nearUntil = place + nearby;
        all.before = std::max(all.before, one.before);
        all.after = std::max(all.after, one.after);
    }
    if (all.after > 0)
        hear({place - std::min(place - zone.begin, all.before),
              place + std::min(zone.end - place, all.after)});
}

void WordFinder::find(ByteView bytes, const std::vector<Zone>& zones, const Hear& hear) const
{
    std::vector<WordPlace> places;
    for (const Zone& zone : zones) {
        EachLately lately {};
        for (std::size_t at = zone.begin; at < zone.end; at += stretch) {
            // Near the end of everything there is nothing to read behind a place.
            const std::size_t end = std::min(
                {at + stretch, zone.end, bytes.size() - std::min(bytes.size(), wordHead - 1)});
            places.clear();
            if (at < end)
                m_kernel(m_tables, bytes.data() + at, end - at, places);
            for (const WordPlace& one : places)
                look(bytes, zone, at + one.place, one.sets, lately, hear);
            for (std::size_t last = std::max(at, end); last < std::min(at + stretch, zone.end);
                 ++last)
                look(bytes, zone, last, ~0U, lately, hear);
        }
    }
}

} // namespace coredact
