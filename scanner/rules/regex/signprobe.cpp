// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/regex/signprobe.h"

#include "scanner/rules/regex/probe.h"

#include <algorithm>
#include <span>

namespace coredact {

namespace {

constexpr std::size_t places = 24; ///< looked at on each side

enum class Way { Forwards, Backwards };

/// Follows an expression from one place on and notes which bytes each place may hold.
class Walk {
public:
    explicit Walk(Way way)
        : m_way(way)
        , m_sets(places)
    {
    }

    /// For each place whether the part that comes next may begin there.
    using Begins = std::vector<bool>;

    Begins follow(const RegexNode& node, const Begins& begins)
    {
        switch (node.kind) {
        case RegexNode::Kind::Bytes:
            return followBytes(node.bytes, begins);
        case RegexNode::Kind::Sequence:
            return followAll(node.parts, begins);
        case RegexNode::Kind::Choice: {
            Begins all(places + 1);
            for (const RegexNode& part : node.parts)
                join(all, follow(part, begins));
            return all;
        }
        case RegexNode::Kind::Repeat:
            return followRepeat(node, begins);
        case RegexNode::Kind::Edge:
            break;
        }
        return begins;
    }

    Begins followAll(std::span<const RegexNode> parts, Begins begins)
    {
        for (std::size_t i = 0; i < parts.size(); ++i)
            begins
                = follow(m_way == Way::Forwards ? parts[i] : parts[parts.size() - 1 - i], begins);
        return begins;
    }

    /// The sets of the places that every match has.
    std::vector<ByteSet> sets(const Begins& ends)
    {
        const auto first = std::find(ends.begin(), ends.end(), true);
        m_sets.resize(std::min(places, static_cast<std::size_t>(first - ends.begin())));
        return std::move(m_sets);
    }

private:
    Begins followBytes(const ByteSet& bytes, const Begins& begins)
    {
        Begins ends(places + 1);
        for (std::size_t i = 0; i < places; ++i)
            if (begins[i]) {
                m_sets[i] |= bytes;
                ends[i + 1] = true;
            }
        return ends;
    }

    Begins followRepeat(const RegexNode& node, Begins begins)
    {
        Begins ends(places + 1);
        // After so many times nothing new comes: each adds a byte, or none does.
        const std::size_t most = std::min(node.most, std::min(node.least, places) + places + 1);
        for (std::size_t i = 0; i <= most; ++i) {
            if (i >= std::min(node.least, places + 1))
                join(ends, begins);
            if (i < most)
                begins = follow(node.parts.front(), begins);
        }
        return ends;
    }

    static void join(Begins& into, const Begins& others)
    {
        for (std::size_t i = 0; i < into.size(); ++i)
            into[i] = into[i] || others[i];
    }

    Way m_way;
    std::vector<ByteSet> m_sets;
};

std::vector<ByteSet> around(std::span<const RegexNode> parts, Way way)
{
    Walk walk(way);
    Walk::Begins begins(places + 1);
    begins[0] = true;
    return walk.sets(walk.followAll(parts, begins));
}

bool isSign(const RegexNode& node)
{
    if (node.kind != RegexNode::Kind::Bytes || node.bytes.count() != 1)
        return false;
    const auto byte = static_cast<unsigned>(node.bytes._Find_first());
    const unsigned lower = byte | 0x20U;
    return byte > ' ' && byte < 0x7f && !(lower >= 'a' && lower <= 'z')
        && !(byte >= '0' && byte <= '9') && byte != '_';
}

bool isLongRun(std::span<const ByteSet> sets, const ByteSet& tokens, std::size_t least)
{
    return sets.size() >= least
        && std::all_of(sets.begin(), sets.begin() + static_cast<std::ptrdiff_t>(least),
                       [&](const ByteSet& set) { return (set & ~tokens).none(); });
}

} // namespace

std::optional<SignProbe> signProbeOf(const RegexNode& regex, const ByteSet& tokens,
                                     std::size_t least)
{
    const std::vector<RegexNode> all = partsOf(regex);
    const std::span<const RegexNode> parts(all);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (!isSign(parts[i]))
            continue;
        SignProbe probe {static_cast<std::uint8_t>(parts[i].bytes._Find_first()),
                         around(parts.first(i), Way::Backwards),
                         around(parts.subspan(i + 1), Way::Forwards)};
        if (isLongRun(probe.before, tokens, least) || isLongRun(probe.after, tokens, least))
            return probe;
    }
    return std::nullopt;
}

} // namespace coredact
