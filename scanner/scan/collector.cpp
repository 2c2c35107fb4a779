// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/collector.h"

#include "scanner/base/characters.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>

namespace coredact {

namespace {

bool pieceBefore(const Piece& a, const Piece& b) { return a.file < b.file; }

/// By place first, so that the same place under two encodings stands side by side; "raw" and the
/// shortest way of decoding come first.
bool occurrenceBefore(const Occurrence& a, const Occurrence& b)
{
    if (std::lexicographical_compare(a.pieces.begin(), a.pieces.end(), b.pieces.begin(),
                                     b.pieces.end(), pieceBefore))
        return true;
    if (std::lexicographical_compare(b.pieces.begin(), b.pieces.end(), a.pieces.begin(),
                                     a.pieces.end(), pieceBefore))
        return false;
    const auto rank = [](const Occurrence& o) {
        return std::tuple(o.encoding != "raw", o.encoding.size(), o.encoding);
    };
    return rank(a) < rank(b);
}

std::string simplestEncoding(const std::vector<Occurrence>& occurrences)
{
    const auto rank = [](const Occurrence& o) { return std::pair(o.encoding.size(), o.encoding); };
    return std::min_element(
               occurrences.begin(), occurrences.end(),
               [&](const Occurrence& a, const Occurrence& b) { return rank(a) < rank(b); })
        ->encoding;
}

bool findingBefore(const Finding& a, const Finding& b)
{
    const auto& left = a.occurrences;
    const auto& right = b.occurrences;
    if (std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end(),
                                     occurrenceBefore))
        return true;
    if (std::lexicographical_compare(right.begin(), right.end(), left.begin(), left.end(),
                                     occurrenceBefore))
        return false;
    return std::tie(a.rule, a.title) < std::tie(b.rule, b.title);
}

/// One text may stand in memory in UTF-8 and in Latin-1: what was found in either is one value, and
/// the other one of it.
void uniteCharsets(Match& match)
{
    std::vector<DerivedValue> more;
    const auto take = [&](ValueForm form, SecretBytes& bytes) {
        if (form != ValueForm::Text || isAscii(bytes))
            return;
        bytes = inUtf8(bytes);
        if (auto latin1 = inLatin1(bytes))
            more.push_back({"in Latin-1", ValueForm::Text, std::move(*latin1)});
    };
    take(match.form, match.value);
    for (DerivedValue& derived : match.derived)
        take(derived.form, derived.bytes);
    std::move(more.begin(), more.end(), std::back_inserter(match.derived));
}

} // namespace

Collector::Collector(const Places& places, const RuleSet& rules, FindingWatcher watcher)
    : m_places(places)
    , m_rules(rules)
    , m_watcher(std::move(watcher))
{
}

void Collector::add(Match match, std::string_view encoding, std::span<const FileRange> ranges,
                    std::span<const FileRange> whole)
{
    if (ranges.empty() || !match.rule || !m_rules.enabled(*match.rule))
        return;
    uniteCharsets(match);
    Occurrence occurrence {std::string(encoding), m_places.nameAt(ranges.front().first()),
                           m_places.pieces(ranges)};
    const std::lock_guard lock(m_mutex);
    Group& group = groupOf(match);
    group.whole.insert(group.whole.end(), whole.begin(), whole.end());
    group.occurrences.push_back(std::move(occurrence));
    improve(group, match, false);
}

void Collector::leaveOut(std::string_view detector, std::uint64_t offset)
{
    const std::lock_guard lock(m_mutex);
    const auto [place, isNew] = m_leftOut.try_emplace(detector, offset);
    if (!isNew)
        place->second = std::min(place->second, offset);
}

void Collector::addStream(Collector& inside, std::span<const FileRange> member)
{
    for (const auto& [detector, offset] : inside.m_leftOut)
        leaveOut(detector, member.front().first());
    inside.dropCovered();
    for (auto& [key, group] : inside.m_groups) {
        Match match;
        match.rule = group.rule;
        match.confidence = group.confidence;
        match.severity = group.severity;
        match.title = group.title;
        match.identity = group.identity;
        match.proof = group.proof;
        match.form = group.value.form;
        match.value = key.second;
        match.derived = group.value.derived;
        Occurrence occurrence {simplestEncoding(group.occurrences),
                               m_places.nameAt(member.front().first()), m_places.pieces(member)};
        const std::lock_guard lock(m_mutex);
        Group& own = groupOf(match);
        own.inStreams.push_back(std::move(occurrence));
        improve(own, match, true);
    }
}

std::set<SecretBytes> Collector::valuesOf(std::string_view rule) const
{
    std::set<SecretBytes> values;
    for (const auto& [key, group] : m_groups)
        if (key.first == rule && group.severity != Severity::Info)
            values.insert(key.second);
    return values;
}

std::vector<FileRange> Collector::ranges() const
{
    std::vector<FileRange> ranges;
    for (const auto& [key, group] : m_groups) {
        for (const auto* const occurrences : {&group.occurrences, &group.inStreams})
            for (const Occurrence& occurrence : *occurrences)
                for (const Piece& piece : occurrence.pieces)
                    ranges.push_back(piece.file);
        ranges.insert(ranges.end(), group.whole.begin(), group.whole.end());
    }
    for (const auto& [detector, offset] : m_leftOut)
        ranges.push_back(*FileRange::make(offset, 1));
    return ranges;
}

Collector::Group& Collector::groupOf(const Match& match)
{
    auto [it, isNew] = m_groups.try_emplace(Key(match.rule->id, match.value));
    if (isNew) {
        it->second.rule = match.rule;
        it->second.value.form = match.form;
    }
    return it->second;
}

/// Takes in what a match says besides its last occurrence in either list. The surest match speaks
/// for the group; between equals the one that lies first in the file.
void Collector::improve(Group& group, const Match& match, bool inStream)
{
    const bool first = group.occurrences.size() + group.inStreams.size() == 1;
    const std::vector<Occurrence>& list = inStream ? group.inStreams : group.occurrences;
    const std::vector<Occurrence>& spokesmans
        = group.spokesmanInStream ? group.inStreams : group.occurrences;
    const bool better = first || match.confidence < group.confidence
        || (match.confidence == group.confidence
            && occurrenceBefore(list.back(), spokesmans[group.spokesman]));
    // Which of the equals had the say must not depend on the order: severity takes the highest,
    // derived values are united.
    const Severity severity = match.severity.value_or(match.rule->severity);
    group.severity = first ? severity : std::min(group.severity, severity);
    if (better) {
        group.spokesman = list.size() - 1;
        group.spokesmanInStream = inStream;
        group.confidence = match.confidence;
        group.title = match.title;
        group.identity = match.identity;
        group.proof = match.proof;
    }
    if (group.value.publicKey.empty())
        group.value.publicKey = match.publicKey;
    for (const DerivedValue& value : match.derived) {
        const auto same = [&](const DerivedValue& other) { return other.bytes == value.bytes; };
        if (std::none_of(group.value.derived.begin(), group.value.derived.end(), same))
            group.value.derived.push_back(value);
    }
    if (first && m_watcher)
        m_watcher(findingOf(group, list));
}

namespace {

/// The size of the one of the ranges, sorted and disjoint, that holds `piece`; its own without one.
std::uint64_t widthAround(const FileRange& piece, std::span<const FileRange> ranges)
{
    const auto next = std::upper_bound(
        ranges.begin(), ranges.end(), piece.first(),
        [](std::uint64_t offset, const FileRange& range) { return offset < range.first(); });
    const bool held = next != ranges.begin() && std::prev(next)->contains(piece);
    return held ? std::prev(next)->size() : piece.size();
}

} // namespace

void sortUnique(std::vector<Occurrence>& occurrences)
{
    std::sort(occurrences.begin(), occurrences.end(), occurrenceBefore);
    const auto same = [](const Occurrence& a, const Occurrence& b) { return a.pieces == b.pieces; };
    occurrences.erase(std::unique(occurrences.begin(), occurrences.end(), same), occurrences.end());
}

/// A run of bytes that a group speaks for, for the search of what covers what.
struct Collector::Stake {
    static constexpr auto onlyCovers = static_cast<std::uint32_t>(-1);
    FileRange range;
    const RuleInfo* rule;
    /// Of the widest range that its group holds around it: what a piece is weighed by, since two
    /// rules whose wholes hold each other's pieces would both give way otherwise.
    std::uint64_t width;
    std::uint32_t group; ///< its number
    std::uint32_t occurrence; ///< the one it is a piece of, or onlyCovers
    Confidence confidence;

    bool canBeCovered() const { return occurrence != onlyCovers; }
    /// Given that its range contains the other's.
    bool makesSuperfluous(const Stake& other) const
    {
        if (group == other.group)
            return false;
        if (rule->precedence != other.rule->precedence)
            return rule->precedence > other.rule->precedence;
        if (confidence != other.confidence)
            return confidence < other.confidence;
        if (width != other.width)
            return width > other.width;
        return rule->id < other.rule->id;
    }
};

/// Its `whole` is sorted and disjoint.
void Collector::addStakes(std::vector<Stake>& stakes, std::uint32_t number, const Group& group)
{
    const auto add = [&](const FileRange& range, std::uint64_t width, std::uint32_t occurrence) {
        stakes.push_back({range, group.rule, width, number, occurrence, group.confidence});
    };
    for (const FileRange& range : group.whole)
        add(range, range.size(), Stake::onlyCovers);
    for (std::size_t i = 0; i < group.occurrences.size(); ++i)
        for (const Piece& piece : group.occurrences[i].pieces) {
            add(piece.file, piece.file.size(), Stake::onlyCovers);
            add(piece.file, widthAround(piece.file, group.whole), static_cast<std::uint32_t>(i));
        }
}

/// Each occurrence that has a piece which no surer finding covers, sorted.
std::vector<Collector::OccurrenceNumber> Collector::uncovered(std::vector<Stake> stakes)
{
    // By first byte, longer ones first, those that cover before those of the same range that may
    // be covered: whatever covers a stake stands before it. The live ones are few, since secrets
    // rarely nest more than a handful deep.
    std::sort(stakes.begin(), stakes.end(), [](const Stake& a, const Stake& b) {
        return std::tuple(a.range.first(), ~a.range.last(), a.canBeCovered(), a.group)
            < std::tuple(b.range.first(), ~b.range.last(), b.canBeCovered(), b.group);
    });
    std::vector<OccurrenceNumber> uncovered;
    std::vector<const Stake*> live;
    for (const Stake& stake : stakes) {
        std::erase_if(
            live, [&](const Stake* other) { return other->range.last() < stake.range.first(); });
        if (!stake.canBeCovered())
            live.push_back(&stake);
        else if (std::none_of(live.begin(), live.end(), [&](const Stake* other) {
                     return other->range.contains(stake.range) && other->makesSuperfluous(stake);
                 }))
            uncovered.emplace_back(stake.group, stake.occurrence);
    }
    std::sort(uncovered.begin(), uncovered.end());
    return uncovered;
}

void Collector::dropCovered()
{
    std::size_t most = 0;
    for (auto& [key, group] : m_groups) {
        sortUnique(group.occurrences);
        group.whole = normalised(std::move(group.whole));
        most += group.whole.size();
        for (const Occurrence& occurrence : group.occurrences)
            most += 2 * occurrence.pieces.size();
    }
    std::vector<Stake> stakes;
    stakes.reserve(most);
    std::uint32_t number = 0;
    for (const auto& [key, group] : m_groups)
        addStakes(stakes, number++, group);
    const auto kept = uncovered(std::move(stakes));
    number = 0;
    for (auto& [key, group] : m_groups) {
        std::vector<Occurrence> left;
        for (std::uint32_t i = 0; i < group.occurrences.size(); ++i)
            if (std::binary_search(kept.begin(), kept.end(), OccurrenceNumber(number, i)))
                left.push_back(std::move(group.occurrences[i]));
        std::move(group.inStreams.begin(), group.inStreams.end(), std::back_inserter(left));
        group.inStreams.clear();
        sortUnique(left);
        group.occurrences = std::move(left);
        ++number;
    }
    std::erase_if(m_groups, [](const auto& item) { return item.second.occurrences.empty(); });
}

Finding Collector::findingOf(const Group& group, std::vector<Occurrence> occurrences)
{
    Finding finding;
    finding.rule = group.rule->id;
    finding.title = group.title.empty() ? group.rule->title : group.title;
    finding.severity = group.severity;
    finding.confidence = group.confidence;
    finding.identity = group.identity;
    finding.proof = group.proof;
    finding.explanation = group.rule->explanation;
    finding.remediation = group.rule->remediation;
    finding.occurrences = std::move(occurrences);
    return finding;
}

void Collector::finish(std::vector<Finding>& findings, std::vector<SecretValue>& values)
{
    dropCovered();
    findings.reserve(findings.size() + m_groups.size());
    values.reserve(values.size() + m_groups.size());
    while (!m_groups.empty()) {
        auto done = m_groups.extract(m_groups.begin());
        Group& group = done.mapped();
        std::sort(group.value.derived.begin(), group.value.derived.end(),
                  [](const DerivedValue& a, const DerivedValue& b) {
                      return std::tie(a.name, a.bytes) < std::tie(b.name, b.bytes);
                  });
        findings.push_back(findingOf(group, std::move(group.occurrences)));
        group.value.value = std::move(done.key().second);
        values.push_back(std::move(group.value));
    }
    numberFindings(findings, values);
}

void numberFindings(std::vector<Finding>& findings, std::vector<SecretValue>& values)
{
    std::vector<std::size_t> order(findings.size());
    std::iota(order.begin(), order.end(), std::size_t {0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return findingBefore(findings[a], findings[b]);
    });
    std::vector<Finding> sortedFindings;
    std::vector<SecretValue> sortedValues;
    sortedFindings.reserve(findings.size());
    sortedValues.reserve(values.size());
    for (const std::size_t index : order) {
        sortedFindings.push_back(std::move(findings[index]));
        sortedFindings.back().id = "f" + std::to_string(sortedFindings.size());
        sortedValues.push_back(std::move(values[index]));
    }
    findings = std::move(sortedFindings);
    values = std::move(sortedValues);
}

void addCopies(std::vector<Finding>& findings, std::span<const Copy> copies, const Places& places)
{
    std::vector<std::vector<FileRange>> known(findings.size());
    for (std::size_t i = 0; i < findings.size(); ++i) {
        for (const Occurrence& occurrence : findings[i].occurrences)
            for (const Piece& piece : occurrence.pieces)
                known[i].push_back(piece.file);
        known[i] = normalised(std::move(known[i]));
    }
    const auto isKnown = [](const std::vector<FileRange>& ranges, const FileRange& wanted) {
        const auto it = std::upper_bound(
            ranges.begin(), ranges.end(), wanted.first(),
            [](std::uint64_t offset, const FileRange& range) { return offset < range.first(); });
        return it != ranges.begin() && std::prev(it)->contains(wanted);
    };
    for (const Copy& copy : copies) {
        if (copy.secret >= findings.size() || copy.pieces.empty())
            continue;
        const auto& ranges = known[copy.secret];
        if (std::all_of(copy.pieces.begin(), copy.pieces.end(),
                        [&](const FileRange& piece) { return isKnown(ranges, piece); }))
            continue;
        findings[copy.secret].occurrences.push_back({copy.encoding,
                                                     places.nameAt(copy.pieces.front().first()),
                                                     places.pieces(copy.pieces)});
    }
    for (Finding& finding : findings)
        sortUnique(finding.occurrences);
}

} // namespace coredact
