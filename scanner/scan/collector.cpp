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

/// A run of bytes that a finding speaks for, for the search of what covers what.
struct Stake {
    FileRange range;
    int precedence;
    Confidence confidence;
    const std::string* rule;
    std::size_t group;
    std::optional<std::size_t> occurrence; ///< the one it is a piece of; none: it only covers
    /// Of the widest range that its group holds around it: what a piece is weighed by, since two
    /// rules whose wholes hold each other's pieces would both give way otherwise.
    std::uint64_t width;
};

/// Whether `b` makes `a` superfluous, given that b's range contains a's.
bool supersedes(const Stake& b, const Stake& a)
{
    if (b.group == a.group)
        return false;
    if (b.precedence != a.precedence)
        return b.precedence > a.precedence;
    if (b.confidence != a.confidence)
        return b.confidence < a.confidence;
    if (b.width != a.width)
        return b.width > a.width;
    return *b.rule < *a.rule;
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
    const bool isNew = improve(group, match, occurrence);
    group.whole.insert(group.whole.end(), whole.begin(), whole.end());
    group.finding.occurrences.push_back(std::move(occurrence));
    if (isNew && m_watcher)
        m_watcher(group.finding);
}

void Collector::addStream(Collector& inside, std::span<const FileRange> member)
{
    inside.dropCovered();
    for (auto& [key, group] : inside.m_groups) {
        Match match;
        match.rule = group.rule;
        match.confidence = group.finding.confidence;
        match.severity = group.finding.severity;
        match.title = group.finding.title;
        match.identity = group.finding.identity;
        match.proof = group.finding.proof;
        match.form = group.value.form;
        match.value = group.value.value;
        match.derived = group.value.derived;
        const Occurrence occurrence {simplestEncoding(group.finding.occurrences),
                                     m_places.nameAt(member.front().first()),
                                     m_places.pieces(member)};
        const std::lock_guard lock(m_mutex);
        Group& own = groupOf(match);
        const bool isNew = improve(own, match, occurrence);
        own.inStreams.push_back(occurrence);
        if (isNew && m_watcher) {
            Finding finding = own.finding;
            finding.occurrences = own.inStreams;
            m_watcher(finding);
        }
    }
}

std::set<SecretBytes> Collector::valuesOf(std::string_view rule) const
{
    std::set<SecretBytes> values;
    for (const auto& [key, group] : m_groups)
        if (key.first == rule && group.finding.severity != Severity::Info)
            values.insert(key.second);
    return values;
}

Collector::Group& Collector::groupOf(const Match& match)
{
    auto [it, isNew] = m_groups.try_emplace({match.rule->id, match.value});
    Group& group = it->second;
    if (isNew) {
        group.finding.rule = match.rule->id;
        group.finding.explanation = match.rule->explanation;
        group.finding.remediation = match.rule->remediation;
        group.rule = match.rule;
        group.precedence = match.rule->precedence;
        group.value.form = match.form;
        group.value.value = match.value;
    }
    return group;
}

/// The surest match speaks for the group; between equals the one that lies first in the file.
/// Answers whether it is the group's first.
bool Collector::improve(Group& group, const Match& match, const Occurrence& occurrence)
{
    Finding& finding = group.finding;
    const bool first = finding.occurrences.empty() && group.inStreams.empty();
    const bool better = first || match.confidence < finding.confidence
        || (match.confidence == finding.confidence
            && occurrenceBefore(occurrence, group.spokesman));
    // Which of the equals had the say must not depend on the order: severity takes the highest,
    // derived values are united.
    const Severity severity = match.severity.value_or(match.rule->severity);
    finding.severity = first ? severity : std::min(finding.severity, severity);
    if (better) {
        group.spokesman = occurrence;
        finding.confidence = match.confidence;
        finding.title = match.title.empty() ? match.rule->title : match.title;
        finding.identity = match.identity;
        finding.proof = match.proof;
    }
    if (group.value.publicKey.empty())
        group.value.publicKey = match.publicKey;
    for (const DerivedValue& value : match.derived) {
        const auto same = [&](const DerivedValue& other) { return other.bytes == value.bytes; };
        if (std::none_of(group.value.derived.begin(), group.value.derived.end(), same))
            group.value.derived.push_back(value);
    }
    return first;
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

std::vector<Stake> stakesOf(std::size_t number, const Finding& finding, int precedence,
                            std::span<const FileRange> whole)
{
    std::vector<Stake> stakes;
    const auto add = [&](const FileRange& range, std::optional<std::size_t> occurrence) {
        stakes.push_back({range, precedence, finding.confidence, &finding.rule, number, occurrence,
                          occurrence ? widthAround(range, whole) : range.size()});
    };
    for (const FileRange& range : whole)
        add(range, {});
    for (std::size_t i = 0; i < finding.occurrences.size(); ++i)
        for (const Piece& piece : finding.occurrences[i].pieces) {
            add(piece.file, {});
            add(piece.file, i);
        }
    return stakes;
}

/// For each occurrence that has a piece which no surer finding covers: its group and number.
std::set<std::pair<std::size_t, std::size_t>> uncovered(std::vector<Stake> stakes)
{
    // By first byte, longer ones first, those that cover before those of the same range that may
    // be covered: whatever covers a stake stands before it. The live ones are few, since secrets
    // rarely nest more than a handful deep.
    std::sort(stakes.begin(), stakes.end(), [](const Stake& a, const Stake& b) {
        return std::tuple(a.range.first(), ~a.range.last(), a.occurrence.has_value(), a.group)
            < std::tuple(b.range.first(), ~b.range.last(), b.occurrence.has_value(), b.group);
    });
    std::set<std::pair<std::size_t, std::size_t>> uncovered;
    std::vector<const Stake*> live;
    for (const Stake& stake : stakes) {
        std::erase_if(
            live, [&](const Stake* other) { return other->range.last() < stake.range.first(); });
        if (!stake.occurrence)
            live.push_back(&stake);
        else if (std::none_of(live.begin(), live.end(), [&](const Stake* other) {
                     return other->range.contains(stake.range) && supersedes(*other, stake);
                 }))
            uncovered.emplace(stake.group, *stake.occurrence);
    }
    return uncovered;
}

} // namespace

void sortUnique(std::vector<Occurrence>& occurrences)
{
    std::sort(occurrences.begin(), occurrences.end(), occurrenceBefore);
    const auto same = [](const Occurrence& a, const Occurrence& b) { return a.pieces == b.pieces; };
    occurrences.erase(std::unique(occurrences.begin(), occurrences.end(), same), occurrences.end());
}

void Collector::dropCovered()
{
    std::vector<Group*> groups;
    std::vector<Stake> stakes;
    for (auto& [key, group] : m_groups) {
        sortUnique(group.finding.occurrences);
        const auto own = stakesOf(groups.size(), group.finding, group.precedence,
                                  normalised(std::move(group.whole)));
        stakes.insert(stakes.end(), own.begin(), own.end());
        groups.push_back(&group);
    }
    const auto kept = uncovered(std::move(stakes));
    for (std::size_t g = 0; g < groups.size(); ++g) {
        std::vector<Occurrence> left;
        auto& occurrences = groups[g]->finding.occurrences;
        for (std::size_t o = 0; o < occurrences.size(); ++o)
            if (kept.contains({g, o}))
                left.push_back(std::move(occurrences[o]));
        occurrences = std::move(left);
        auto& inStreams = groups[g]->inStreams;
        std::move(inStreams.begin(), inStreams.end(), std::back_inserter(occurrences));
        inStreams.clear();
        sortUnique(occurrences);
    }
    std::erase_if(m_groups,
                  [](const auto& item) { return item.second.finding.occurrences.empty(); });
}

void Collector::finish(std::vector<Finding>& findings, std::vector<SecretValue>& values)
{
    dropCovered();
    for (auto& [key, group] : m_groups) {
        std::sort(group.value.derived.begin(), group.value.derived.end(),
                  [](const DerivedValue& a, const DerivedValue& b) {
                      return std::tie(a.name, a.bytes) < std::tie(b.name, b.bytes);
                  });
        findings.push_back(std::move(group.finding));
        values.push_back(std::move(group.value));
    }
    m_groups.clear();
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
