// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/regex/words.h"

#include "scanner/rules/regex/probe.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <span>
#include <string_view>
#include <unordered_map>

namespace coredact {

namespace {

/// More words than that are cut shorter instead.
constexpr std::size_t mostWords = 64;
/// A word that so small a part of all places begins with is told from others well enough.
constexpr double rareEnough = 1e-9;
/// Expressions with words whose heads stand at more places are better looked for otherwise.
constexpr double tooOften = 1.0 / 2000;
/// A look at what stands behind a head costs as much as finding it, what is done about a whole
/// word more.
constexpr double wordCost = 30;
/// Bytes that so large a part of a text is made of tell little, and so many letters, of whatever
/// case.
constexpr double broad = 0.25;
constexpr int manyLetters = 7;

/// How often a text in memory holds each byte: program text, messages, tables of names.
constexpr std::array<double, 256> shares = [] {
    std::array<double, 256> share {};
    for (std::size_t byte = 0; byte < 0x80; ++byte)
        share[byte] = byte < 0x20 ? 0.002 : 0.004;
    constexpr std::string_view common = "etaoinsrhldcumfpgwybvkxjqz";
    for (std::size_t i = 0; i < common.size(); ++i) {
        const auto letter = static_cast<unsigned char>(common[i]);
        const double small = i < 13 ? 0.045 : i < 21 ? 0.016 : 0.004;
        share[letter] = small;
        share[letter - 0x20U] = small / 5;
    }
    for (std::size_t digit = '0'; digit <= '9'; ++digit)
        share[digit] = 0.012;
    for (const char sign : std::string_view("_./-\n"))
        share[static_cast<unsigned char>(sign)] = 0.015;
    share[' '] = 0.12;
    return share;
}();

constexpr double sumOfShares = std::accumulate(shares.begin(), shares.end(), 0.0);

bool tells(const ByteSet& set)
{
    const std::uint64_t upper = limbsOf(set)[1]; // of the bytes from 0x40 on
    const std::uint64_t eitherCase = (upper | upper >> 0x20) & 0x07fffffe;
    return std::popcount(eitherCase) <= manyLetters && shareOf(set) <= broad;
}

/// The sets of bytes that an expression is made of, each once and with what is asked of it again
/// and again.
class Sets {
public:
    using Id = std::uint16_t;

    /// `set`: of an expression that stays in place.
    Id idOf(const ByteSet& set)
    {
        const auto [known, isNew] = m_ids.try_emplace(&set, Id {0});
        if (isNew)
            known->second = added(set);
        return known->second;
    }
    Id anything()
    {
        static const ByteSet all = ByteSet().set();
        return idOf(all);
    }
    const ByteSet& set(Id id) const { return m_sets[id].set; }
    double share(Id id) const { return m_sets[id].share; }
    bool tells(Id id) const { return m_sets[id].tells; }

private:
    struct Known {
        ByteSet set;
        double share;
        bool tells;
    };

    Id added(const ByteSet& set)
    {
        std::size_t id = 0;
        while (id < m_sets.size() && m_sets[id].set != set)
            ++id;
        if (id == m_sets.size())
            m_sets.push_back({set, shareOf(set), coredact::tells(set)});
        return static_cast<Id>(id);
    }

    std::vector<Known> m_sets;
    std::unordered_map<const ByteSet*, Id> m_ids;
};

/// A word that grows, and whether it still does.
struct Growing {
    std::array<Sets::Id, longestWord> places {};
    std::size_t size = 0;
    double share = 1; ///< of all places that it begins at
    bool open = true;

    /// Words of other shares are others: most are told apart by that.
    bool operator==(const Growing& other) const
    {
        return open == other.open && share == other.share && size == other.size
            && places == other.places;
    }
};
using GrowingWords = std::vector<Growing>;
using Head = std::array<Sets::Id, wordHead>;

void addTo(GrowingWords& words, const Growing& one)
{
    if (std::find(words.begin(), words.end(), one) == words.end())
        words.push_back(one);
}

void join(GrowingWords& words, const GrowingWords& others)
{
    for (const Growing& one : others)
        addTo(words, one);
}

GrowingWords ended(GrowingWords words)
{
    for (Growing& word : words)
        word.open = false;
    return words;
}

/// Grows words along an expression.
class Grower {
public:
    explicit Grower(Sets& sets)
        : m_sets(sets)
    {
    }

    /// Each open word with what may come next. Where that makes too many, they end here.
    GrowingWords grown(const GrowingWords& words, const RegexNode& node)
    {
        GrowingWords longer;
        switch (node.kind) {
        case RegexNode::Kind::Bytes:
            longer = grownByByte(words, node.bytes);
            break;
        case RegexNode::Kind::Sequence:
            longer = words;
            for (const RegexNode& part : node.parts)
                longer = grown(longer, part);
            break;
        case RegexNode::Kind::Choice:
            for (const RegexNode& part : node.parts)
                join(longer, grown(words, part));
            break;
        case RegexNode::Kind::Repeat:
            longer = grownByRepeat(words, node);
            break;
        case RegexNode::Kind::Edge:
            return words;
        }
        return longer.size() <= mostWords ? longer : ended(std::move(longer));
    }

private:
    GrowingWords grownByByte(const GrowingWords& words, const ByteSet& bytes)
    {
        GrowingWords longer;
        longer.reserve(words.size());
        const Sets::Id id = m_sets.idOf(bytes);
        for (Growing word : words) {
            if (word.open) {
                word.places[word.size++] = id;
                word.share *= m_sets.share(id);
                word.open = word.size < longestWord && word.share > rareEnough;
            }
            addTo(longer, word);
        }
        return longer;
    }

    /// What would make many words of one and tell little.
    bool isVague(const RegexNode& node)
    {
        const RegexNode& part = node.parts.front();
        return node.most - node.least > 1 && part.kind == RegexNode::Kind::Bytes
            && !m_sets.tells(m_sets.idOf(part.bytes));
    }

    GrowingWords grownByRepeat(const GrowingWords& words, const RegexNode& node)
    {
        if (isVague(node))
            return ended(words);
        GrowingWords now = words;
        // A closed word stays as it is, so more rounds than places change nothing.
        for (std::size_t i = 0; i < std::min(node.least, longestWord); ++i)
            now = grown(now, node.parts.front());
        GrowingWords all = now;
        const std::size_t more = std::min(node.most - node.least, longestWord);
        for (std::size_t i = 0; i < more && all.size() <= mostWords; ++i) {
            now = grown(now, node.parts.front());
            join(all, now);
        }
        return all;
    }

    Sets& m_sets;
};

std::size_t widest(std::span<const RegexNode> parts)
{
    std::size_t width = 0;
    for (const RegexNode& part : parts) {
        const std::size_t most = widthOf(part).most;
        if (most == unbounded)
            return unbounded;
        width += most;
    }
    return width;
}

/// Finds where the bytes of words tell most.
class Heads {
public:
    explicit Heads(Sets& sets)
        : m_sets(sets)
    {
    }

    /// From one place of a word on; behind its end, anything.
    Head headAt(const Growing& word, std::size_t at)
    {
        Head head {};
        for (std::size_t i = 0; i < wordHead; ++i)
            head[i] = at + i < word.size ? word.places[at + i] : m_sets.anything();
        return head;
    }

    /// Whether each byte of the start tells something: the starts of many words are looked for at
    /// once, byte by byte, so that one vague place would open it for all.
    bool isClear(const Head& head) const
    {
        return std::all_of(head.begin(), head.begin() + wordStart,
                           [&](Sets::Id id) { return m_sets.tells(id); });
    }

    /// The place from which on the bytes tell most.
    std::size_t bestOf(const Growing& word)
    {
        std::size_t best = 0;
        double bestShare = 2;
        for (std::size_t at = 0; at == 0 || at + wordStart <= word.size; ++at) {
            const Head head = headAt(word, at);
            const bool clear = isClear(head);
            if (at > 0 && !clear)
                continue;
            const double share = shareOfHead(head);
            if (share < bestShare) {
                bestShare = clear ? share : 1;
                best = at;
            }
        }
        return best;
    }

    /// How often a text holds one of the heads: at most as often as all of them together, and as
    /// what all of them have in common.
    double shareOfAll(const std::vector<Head>& all) const
    {
        std::vector<Head> heads;
        WordHead common {};
        double sum = 0;
        for (const Head& head : all) {
            if (std::find(heads.begin(), heads.end(), head) != heads.end())
                continue;
            heads.push_back(head);
            sum += shareOfHead(head);
            for (std::size_t i = 0; i < wordHead; ++i)
                common[i] |= m_sets.set(head[i]);
        }
        return std::min(sum, shareOf(common));
    }

private:
    double shareOfHead(const Head& head) const
    {
        double share = 1;
        for (const Sets::Id id : head)
            share *= m_sets.share(id);
        return share;
    }

    Sets& m_sets;
};

FoundWord foundWord(const Growing& word, std::size_t head, const Sets& sets)
{
    FoundWord found {{}, head};
    for (std::size_t i = 0; i < word.size; ++i)
        found.places.push_back(sets.set(word.places[i]));
    return found;
}

} // namespace

double shareOf(const ByteSet& set)
{
    const bool most = set.count() > set.size() / 2;
    double share = 0;
    forEachByte(most ? ~set : set, [&](std::size_t byte) { share += shares[byte]; });
    return std::clamp(most ? sumOfShares - share : share, 0.0, 1.0);
}

double shareOf(std::span<const ByteSet> places)
{
    double share = 1;
    for (const ByteSet& set : places)
        share *= shareOf(set);
    return share;
}

WordHead headOf(const FoundWord& word)
{
    WordHead head;
    for (std::size_t i = 0; i < wordHead; ++i)
        head[i] = word.head + i < word.places.size() ? word.places[word.head + i] : ByteSet().set();
    return head;
}

std::optional<Words> wordsOf(const RegexNode& regex)
{
    const std::vector<RegexNode> all = partsOf(regex);
    const std::span<const RegexNode> parts(all);
    Sets sets;
    Grower grower(sets);
    Heads heads(sets);
    std::optional<Words> best;
    double leastCost = 1;
    for (std::size_t begin = 0; begin < parts.size(); ++begin) {
        const std::size_t before = widest(parts.first(begin));
        if (before == unbounded)
            break;
        GrowingWords words {{}};
        for (const RegexNode& part : parts.subspan(begin))
            words = grower.grown(words, part);
        std::vector<std::size_t> begins;
        std::vector<Head> starts;
        double whole = 0;
        for (const Growing& word : words) {
            begins.push_back(heads.bestOf(word));
            starts.push_back(heads.headAt(word, begins.back()));
            whole += word.share;
        }
        const double often = heads.shareOfAll(starts);
        const double cost = often + wordCost * whole;
        const bool clear = std::all_of(starts.begin(), starts.end(),
                                       [&](const Head& head) { return heads.isClear(head); });
        if (!clear || often >= tooOften || cost >= leastCost)
            continue;
        leastCost = cost;
        best = Words {{}, before, widest(parts.subspan(begin))};
        for (std::size_t i = 0; i < words.size(); ++i)
            best->words.push_back(foundWord(words[i], begins[i], sets));
    }
    return best;
}

} // namespace coredact
