// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/detector.h"
#include "scanner/scan/places.h"
#include "scanner/scan/propagate.h"
#include "scanner/scan/scan.h"

#include <map>
#include <mutex>
#include <set>

namespace coredact {

/// Groups matches by rule and value while the scan runs, and makes the findings at its end. What
/// comes out does not depend on the order in which matches come in. `add` may be called from any
/// thread; the rest after all threads are done. Holds the secrets; stays inside the engine.
class Collector {
public:
    Collector(const Places& places, const RuleSet& rules, FindingWatcher watcher);

    /// A match and the file bytes that it stands on, in the secret's order; `whole`: those of
    /// Match::whole, may be empty.
    void add(Match match, std::string_view encoding, std::span<const FileRange> ranges,
             std::span<const FileRange> whole = {});

    /// A detector left out some of what stands at this offset. Of many places the first is kept.
    void leaveOut(std::string_view detector, std::uint64_t offset);

    /// Takes over what another collector gathered in the bytes of one compressed stream, once all
    /// of that is there. Its places are in those bytes, and are weighed against one another
    /// there; in the file each stands for the whole of `member`.
    void addStream(Collector& inside, std::span<const FileRange> member);
    /// The values of a rule's matches so far, but for those that are rated info. Not while others
    /// add.
    std::set<SecretBytes> valuesOf(std::string_view rule) const;
    /// Whether nothing was added or left out.
    bool empty() const { return m_groups.empty() && m_leftOut.empty(); }
    /// The places of all matches, and of what was left out. Not while others add.
    std::vector<FileRange> ranges() const;
    /// Where detectors first left something out, by their names. Not while others add.
    const std::map<std::string_view, std::uint64_t>& leftOut() const { return m_leftOut; }

    /// Drops occurrences that lie inside those of a rule of higher precedence, orders the rest
    /// and numbers the findings. The values come out in the same order.
    void finish(std::vector<Finding>& findings, std::vector<SecretValue>& values);

private:
    /// A finding as it grows: of a dump full of secrets there are a million. The rule's texts and
    /// the value, which is the key, are added when it is done.
    struct Group {
        const RuleInfo* rule = nullptr;
        SecretValue value; ///< without the value itself
        Severity severity = Severity::Medium;
        Confidence confidence = Confidence::Possible;
        std::string title; ///< "" for the rule's
        std::optional<Identity> identity;
        std::string proof;
        std::vector<Occurrence> occurrences;
        std::vector<Occurrence> inStreams; ///< neither cover others nor are covered
        std::vector<FileRange> whole; ///< of all matches, where more than the occurrences
        std::size_t spokesman = 0; ///< which occurrence title, identity and proof come from
        bool spokesmanInStream = false;
    };
    using Key = std::pair<std::string_view, SecretBytes>; ///< the rule's id, the value
    using OccurrenceNumber = std::pair<std::uint32_t, std::uint32_t>; ///< of a group, in it
    struct Stake;

    Group& groupOf(const Match& match);
    void improve(Group& group, const Match& match, bool inStream);
    static Finding findingOf(const Group& group, std::vector<Occurrence> occurrences);
    static void addStakes(std::vector<Stake>& stakes, std::uint32_t number, const Group& group);
    static std::vector<OccurrenceNumber> uncovered(std::vector<Stake> stakes);
    void dropCovered();

    const Places& m_places;
    const RuleSet& m_rules;
    FindingWatcher m_watcher;
    std::mutex m_mutex;
    std::map<Key, Group> m_groups;
    std::map<std::string_view, std::uint64_t> m_leftOut;
};

/// By first offset, each once.
void sortUnique(std::vector<Occurrence>& occurrences);

/// Adds copies as occurrences of their findings, except those that an occurrence of the same
/// finding covers already.
void addCopies(std::vector<Finding>& findings, std::span<const Copy> copies, const Places& places);

/// Puts findings and their values into the order of the first occurrence and numbers them.
void numberFindings(std::vector<Finding>& findings, std::vector<SecretValue>& values);

} // namespace coredact
