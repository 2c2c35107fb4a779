// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/regex/probe.h"

#include <algorithm>
#include <span>

namespace coredact {

namespace {

/// A byte that is one of so few tells something; an automaton waits for such bytes.
constexpr std::size_t few = 4;
/// Bits that a probe's telling bytes must have together.
constexpr std::size_t leastTold = 12;
/// After so many bytes a probe ends: what they leave in doubt is cheaper to confirm.
constexpr std::size_t longest = 24;
constexpr std::size_t longestUntold = 64;
/// A probe that tells less is helped by the bytes before it.
constexpr std::size_t muchTold = 32;
constexpr std::size_t helpers = 8;

void flatten(const RegexNode& node, std::vector<RegexNode>& parts)
{
    if (node.kind != RegexNode::Kind::Sequence)
        parts.push_back(node);
    else
        for (const RegexNode& part : node.parts)
            flatten(part, parts);
}

/// A sign that texts hold few of.
bool isRare(std::size_t byte)
{
    constexpr std::string_view rare = "!#$%&+:?@[\\]^`{|}~";
    return rare.find(static_cast<char>(byte)) != std::string_view::npos;
}

std::size_t toldBy(const RegexNode& node);

/// Bits told by the most telling bytes that stand side by side.
std::size_t toldSideBySide(std::span<const RegexNode> parts)
{
    std::size_t best = 0;
    std::size_t here = 0;
    for (const RegexNode& part : parts) {
        const std::size_t told = toldBy(part);
        here = told > 0 ? here + told : 0;
        best = std::max(best, here);
    }
    return best;
}

std::size_t toldBy(const RegexNode& node)
{
    switch (node.kind) {
    case RegexNode::Kind::Bytes: {
        const std::size_t count = node.bytes.count();
        if (count == 1)
            return isRare(node.bytes._Find_first()) ? 12 : 8;
        return count > few ? 0 : count > 2 ? 6 : 7;
    }
    case RegexNode::Kind::Sequence:
        return toldSideBySide(node.parts);
    case RegexNode::Kind::Choice: {
        std::size_t least = unbounded;
        for (const RegexNode& part : node.parts)
            least = std::min(least, toldBy(part));
        return least;
    }
    case RegexNode::Kind::Repeat:
        return std::min<std::size_t>(node.least, longest) * toldBy(node.parts.front());
    case RegexNode::Kind::Edge:
        break;
    }
    return 0;
}

/// Cuts a node off after `budget` bytes of its shortest match; false where something was cut, so
/// that nothing may follow.
bool take(const RegexNode& node, std::size_t& budget, RegexNode& out)
{
    switch (node.kind) {
    case RegexNode::Kind::Bytes:
        if (budget == 0)
            return false;
        --budget;
        out = node;
        return true;
    case RegexNode::Kind::Edge:
        return true;
    case RegexNode::Kind::Sequence:
        for (const RegexNode& part : node.parts) {
            RegexNode taken;
            const bool whole = take(part, budget, taken);
            out.parts.push_back(std::move(taken));
            if (!whole)
                return false;
        }
        return true;
    case RegexNode::Kind::Choice: {
        out.kind = RegexNode::Kind::Choice;
        bool whole = true;
        std::size_t left = budget;
        for (const RegexNode& part : node.parts) {
            std::size_t own = budget;
            RegexNode taken;
            whole = take(part, own, taken) && whole;
            out.parts.push_back(std::move(taken));
            left = std::min(left, own);
        }
        budget = left;
        return whole;
    }
    case RegexNode::Kind::Repeat:
        break;
    }
    const std::size_t each = std::max<std::size_t>(widthOf(node.parts.front()).least, 1);
    const bool whole = node.least <= budget / each;
    out = node;
    if (!whole)
        out.least = out.most = budget / each;
    budget -= out.least * each;
    return whole;
}

/// Leaves out what the end of a match may do without.
void trimEnd(RegexNode& node)
{
    if (node.kind == RegexNode::Kind::Repeat) {
        node.most = node.least;
    } else if (node.kind == RegexNode::Kind::Choice) {
        for (RegexNode& part : node.parts)
            trimEnd(part);
    } else if (node.kind == RegexNode::Kind::Sequence) {
        while (!node.parts.empty()) {
            trimEnd(node.parts.back());
            if (widthOf(node.parts.back()).most > 0)
                break;
            node.parts.pop_back();
        }
    }
}

/// Leaves out what alternatives may do without before the first bytes that tell something: an
/// automaton would have to follow every word of a text to the place where those might come.
void trimBegin(RegexNode& node)
{
    if (node.kind == RegexNode::Kind::Choice) {
        for (RegexNode& part : node.parts)
            trimBegin(part);
    } else if (node.kind == RegexNode::Kind::Sequence && toldBy(node) >= leastTold) {
        while (toldBy(node.parts.front()) == 0)
            node.parts.erase(node.parts.begin());
        trimBegin(node.parts.front());
    }
}

/// The last bytes of a repetition, as many as surely stand there.
std::optional<RegexNode> endOf(const RegexNode& node)
{
    if (node.kind != RegexNode::Kind::Repeat || node.least == 0
        || node.parts.front().kind != RegexNode::Kind::Bytes)
        return std::nullopt;
    RegexNode end = node;
    end.least = end.most = std::min(node.least, helpers);
    return end;
}

/// A stretch of parts, by their places.
struct Stretch {
    std::size_t begin = 0;
    std::size_t told = 0; ///< bits
    std::size_t run = 0; ///< bytes at least
};

/// The stretch of parts with only bytes of the set that tells most; else the one that is longest.
std::optional<Stretch> bestStretch(std::span<const RegexNode> parts, const ByteSet& set)
{
    Stretch telling;
    Stretch widest;
    for (std::size_t at = 0; at < parts.size(); ++at) {
        Stretch here {at, 0, 0};
        bool told = true;
        for (std::size_t i = at; i < parts.size() && isOnly(parts[i], set); ++i) {
            const std::size_t more = toldBy(parts[i]);
            told = told && more > 0;
            here.told += told ? more : 0;
            here.run += widthOf(parts[i]).least;
        }
        if (here.told > telling.told)
            telling = here;
        if (here.run > widest.run)
            widest = here;
    }
    if (telling.told >= leastTold)
        return telling;
    if (widest.run > 0)
        return widest;
    return std::nullopt;
}

} // namespace

bool isOnly(const RegexNode& node, const ByteSet& set)
{
    if (node.kind == RegexNode::Kind::Bytes)
        return (node.bytes & ~set).none();
    return std::all_of(node.parts.begin(), node.parts.end(),
                       [&](const RegexNode& part) { return isOnly(part, set); });
}

std::vector<RegexNode> partsOf(const RegexNode& regex)
{
    std::vector<RegexNode> parts;
    flatten(regex, parts);
    return parts;
}

std::optional<Probe> probeOf(const RegexNode& regex, const ByteSet& set)
{
    const std::vector<RegexNode> parts = partsOf(regex);
    const auto stretch = bestStretch(parts, set);
    if (!stretch)
        return std::nullopt;
    const std::size_t begin = stretch->begin;
    Probe probe;
    probe.run = stretch->run;
    probe.told = stretch->told >= leastTold ? stretch->told : 0;
    for (std::size_t i = begin; i > 0 && isOnly(parts[i - 1], set); --i)
        probe.run += widthOf(parts[i - 1]).least;
    if (stretch->told < muchTold && begin > 0 && isOnly(parts[begin - 1], set))
        if (auto before = endOf(parts[begin - 1]))
            probe.node.parts.push_back(std::move(*before));
    const bool helped = !probe.node.parts.empty();
    std::size_t budget = probe.told > 0 ? longest : longestUntold;
    for (std::size_t i = begin; i < parts.size() && isOnly(parts[i], set); ++i) {
        RegexNode taken;
        const bool whole = take(parts[i], budget, taken);
        probe.node.parts.push_back(std::move(taken));
        if (!whole)
            break;
    }
    trimEnd(probe.node);
    if (!helped && probe.told > 0)
        trimBegin(probe.node);
    return probe;
}

} // namespace coredact
