// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/regex/words.h"

#include "scanner/rules/regex/probe.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <span>
#include <string_view>

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

/// A word that grows, and whether it still does.
struct Growing {
    Word places {};
    double share = 1; ///< of all places that it begins at
    bool open = true;

    /// Words of other shares are others: most are told apart by that.
    bool sameAs(const Growing& other) const
    {
        return open == other.open && share == other.share && places == other.places;
    }
};
using GrowingWords = std::vector<Growing>;

void addTo(GrowingWords& words, const Growing& one)
{
    if (std::none_of(words.begin(), words.end(),
                     [&](const Growing& other) { return other.sameAs(one); }))
        words.push_back(one);
}

void join(GrowingWords& words, const GrowingWords& others)
{
    for (const Growing& one : others)
        addTo(words, one);
}

GrowingWords grown(const GrowingWords& words, const RegexNode& node);

GrowingWords grownByByte(const GrowingWords& words, const ByteSet& bytes)
{
    GrowingWords longer;
    const double share = shareOf(bytes);
    for (Growing word : words) {
        if (word.open) {
            word.places.push_back(bytes);
            word.share *= share;
            word.open = word.places.size() < longestWord && word.share > rareEnough;
        }
        addTo(longer, word);
    }
    return longer;
}

bool tells(const ByteSet& set)
{
    const std::uint64_t upper = limbsOf(set)[1]; // of the bytes from 0x40 on
    const std::uint64_t eitherCase = (upper | upper >> 0x20) & 0x07fffffe;
    return std::popcount(eitherCase) <= manyLetters && shareOf(set) <= broad;
}

GrowingWords ended(GrowingWords words)
{
    for (Growing& word : words)
        word.open = false;
    return words;
}

/// What would make many words of one and tell little.
bool isVague(const RegexNode& node)
{
    const RegexNode& part = node.parts.front();
    return node.most - node.least > 1 && part.kind == RegexNode::Kind::Bytes && !tells(part.bytes);
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
    return longer.size() <= mostWords ? longer : ended(words);
}

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

/// Whether each byte of the start tells something: the starts of many words are looked for at once,
/// byte by byte, so that one vague place would open it for all.
bool isClear(const FoundWord& word)
{
    const WordHead head = headOf(word);
    return std::all_of(head.begin(), head.begin() + wordStart, tells);
}

/// With the place from which on the bytes tell most.
FoundWord withHead(const Word& word)
{
    FoundWord best {word};
    double bestShare = 2;
    for (std::size_t head = 0; head == 0 || head + wordStart <= word.size(); ++head) {
        if (head > 0 && !isClear({word, head}))
            continue;
        const double share = shareOf(headOf({word, head}));
        if (share < bestShare) {
            bestShare = isClear({word, head}) ? share : 1;
            best.head = head;
        }
    }
    return best;
}

/// How often a text holds one of the heads: at most as often as all of them together, and as what
/// all of them have in common.
double shareOfHeads(const std::vector<FoundWord>& words)
{
    std::vector<WordHead> heads;
    WordHead common {};
    double sum = 0;
    for (const FoundWord& word : words) {
        const WordHead head = headOf(word);
        if (std::find(heads.begin(), heads.end(), head) != heads.end())
            continue;
        heads.push_back(head);
        sum += shareOf(head);
        for (std::size_t i = 0; i < wordHead; ++i)
            common[i] |= head[i];
    }
    return std::min(sum, shareOf(common));
}

} // namespace

/// Asked some hundred thousand times while rules are loaded.
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
    std::optional<Words> best;
    double leastCost = 1;
    for (std::size_t begin = 0; begin < parts.size(); ++begin) {
        const std::size_t before = widest(parts.first(begin));
        if (before == unbounded)
            break;
        GrowingWords grownWords {{}};
        for (const RegexNode& part : parts.subspan(begin))
            grownWords = grown(grownWords, part);
        Words words {{}, before, widest(parts.subspan(begin))};
        double whole = 0;
        for (const Growing& word : grownWords) {
            words.words.push_back(withHead(word.places));
            whole += word.share;
        }
        const double heads = shareOfHeads(words.words);
        const double cost = heads + wordCost * whole;
        const bool clear = std::all_of(words.words.begin(), words.words.end(), isClear);
        if (!clear || heads >= tooOften || cost >= leastCost)
            continue;
        leastCost = cost;
        best = std::move(words);
    }
    return best;
}

} // namespace coredact
