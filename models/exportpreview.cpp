// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/exportpreview.h"

#include "models/figures.h"
#include "models/texts.h"
#include "scanner/triage/storedverdict.h"

#include <QCoreApplication>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace coredact {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(ExportPreview)
};

constexpr std::size_t mostParts = 20;

using FindingById = std::unordered_map<std::string_view, const Finding*>;

/// The region by its name, or where it begins.
QString regionName(const PlaceMap& places, std::uint64_t fileOffset)
{
    const auto address = places.addressOf(fileOffset);
    if (!address)
        return {};
    const Region* region = places.regionAt(*address);
    if (!region)
        return hexText(*address & ~std::uint64_t {0xfff});
    if (region->name.empty())
        return hexText(region->memory.first());
    return Texts::fromDump(fileName(region->name));
}

void addTo(ExportPreview::Share& share, const QString& name, quint64 size)
{
    share.name = name;
    ++share.ranges;
    share.bytes += size;
}

std::vector<ExportPreview::Share> largestFirst(const std::map<QString, ExportPreview::Share>& named)
{
    std::vector<ExportPreview::Share> shares;
    for (const auto& [name, share] : named)
        shares.push_back(share);
    std::stable_sort(shares.begin(), shares.end(),
                     [](const auto& a, const auto& b) { return a.bytes > b.bytes; });
    return shares;
}

/// What a debugger and its user need, and what the person chose to leave.
std::vector<QString> stayingBy(const CopyWish& wish)
{
    const PlanPolicy& policy = wish.policy;
    const std::vector<ClassChoice> choices = policy.classes.value_or(std::vector<ClassChoice>());
    const bool breaks = std::any_of(choices.begin(), choices.end(), [](const ClassChoice& choice) {
        return choice.use == ClassUse::Fill && !costOfFilling(choice.kind).empty();
    });
    std::vector<QString> stays;
    if (!breaks)
        stays.push_back(Words::tr("stacks, general registers, threads and modules with their "
                                  "paths, so that a debugger shows the same backtraces"));
    if (useOf(choices, DumpClass::Arguments) == ClassUse::Scan)
        stays.push_back(
            policy.values
                ? Words::tr("names of arguments and environment variables, without their values")
                : Words::tr("arguments and environment variables with their values, as you "
                            "chose, where they are no found secret"));
    if (!policy.vectorRegisters)
        stays.push_back(Words::tr("floating-point and vector registers, as you chose; they often "
                                  "hold keys"));
    if (!policy.randomSeed)
        stays.push_back(Words::tr("the random seed of the process, as you chose"));
    if (!policy.unknown && wish.form == Form::Whole)
        stays.push_back(Words::tr("what Coredact does not know (notes, streams, bytes between the "
                                  "parts): scanned, but not filled"));
    for (const auto& [pack, use] : wish.packs.uses) {
        if (use == PackUse::Show)
            stays.push_back(Words::tr("what the rules for %1 find, as you chose, unless you "
                                      "redact it",
                                      "pack")
                                .arg(Texts::pack(pack)));
        if (use == PackUse::Off)
            stays.push_back(Words::tr("what only the rules for %1 would find: they are off, as "
                                      "you chose",
                                      "pack")
                                .arg(Texts::pack(pack)));
    }
    return stays;
}

std::vector<ExportPreview::Share> sharesOf(std::span<const KeptRange> memory)
{
    std::map<QString, ExportPreview::Share> shares;
    for (const KeptRange& kept : memory) {
        const QString name = Texts::kept(kept.what);
        addTo(shares[name], name, kept.range.size());
    }
    return largestFirst(shares);
}

} // namespace

EditReasons::EditReasons(std::span<const Finding> findings)
{
    for (const Finding& finding : findings) {
        const QString title = Texts::rule(finding.title);
        m_byFinding.emplace(finding.id, title);
        m_byRule.emplace(finding.rule, title);
    }
}

QString EditReasons::of(const Edit& edit) const
{
    if (const auto known = m_byFinding.find(edit.finding); known != m_byFinding.end())
        return known->second;
    if (const auto known = m_byRule.find(edit.reason); known != m_byRule.end())
        return known->second;
    return Texts::policy(edit.reason);
}

ExportPreview exportPreview(const protocol::Planned& plan, std::span<const Finding> findings,
                            const Triage& triage, const CopyWish& wish,
                            std::span<const KeptRange> memory, const PlaceMap& places)
{
    ExportPreview preview;
    preview.stays = stayingBy(wish);
    preview.memory = sharesOf(memory);
    preview.classes = plan.shares;
    preview.warning = Texts::withoutToken(plan.figures);
    if (plan.figures.lengthsShown != 0)
        preview.stays.push_back(Texts::lengths(wish.policy.roundUp, plan.figures));
    preview.promised = static_cast<int>(secretsToGo(findings, triage, plan.conflicts));
    for (const ClassShare& share : plan.shares)
        if (share.use == ClassUse::Keep)
            preview.stays.push_back(
                share.places == 0
                    ? Words::tr("%1, as you chose: no known secret is there, but others may be")
                          .arg(Texts::dumpClass(share.kind))
                    : Words::tr("%1, as you chose, with %n places of known secrets", nullptr,
                                static_cast<int>(share.places))
                          .arg(Texts::dumpClass(share.kind)));
    const EditReasons reasons(findings);
    FindingById byId;
    for (const Finding& finding : findings) {
        byId[finding.id] = &finding;
        const Decision decision = triage.decisionFor(finding.id);
        if (decision.verdict == Verdict::Keep) {
            preview.kept.push_back({Texts::rule(finding.title), Texts::reason(decision.reason),
                                    static_cast<int>(finding.occurrences.size())});
            continue;
        }
        ++preview.redacted;
        preview.undecided += decision.verdict == Verdict::Pending ? 1 : 0;
    }

    std::map<QString, ExportPreview::Share> rules;
    std::map<PlaceKind, ExportPreview::Share> kinds;
    std::map<PlaceKind, std::map<QString, ExportPreview::Share>> regions;
    std::map<QString, std::set<std::string_view>> findingsOfRule;
    for (const Edit& edit : plan.edits) {
        const quint64 size = edit.range.size();
        const QString name = reasons.of(edit);
        const PlaceKind kind = places.kindAt(edit.range.first());
        addTo(rules[name], name, size);
        addTo(kinds[kind], placeKindText(kind), size);
        if (const QString region = regionName(places, edit.range.first()); !region.isEmpty())
            addTo(regions[kind][region], region, size);
        if (!edit.finding.empty())
            findingsOfRule[name].insert(edit.finding);
        preview.bytes += size;
    }
    for (auto& [name, share] : rules)
        share.findings = static_cast<int>(findingsOfRule[name].size());
    preview.byRule = largestFirst(rules);
    for (auto& [kind, share] : kinds) {
        share.parts = largestFirst(regions[kind]);
        share.parts.resize(std::min(share.parts.size(), mostParts));
        preview.byPlace.push_back(share);
    }
    const auto titleOf = [&byId](std::string_view id) {
        const auto known = byId.find(std::string(id));
        return known == byId.end() ? Texts::fromUtf8(id) : Texts::rule(known->second->title);
    };
    for (const Conflict& conflict : plan.conflicts) {
        preview.conflicts.push_back(Words::tr("%1 at offset %2: %3", "title, offset, why")
                                        .arg(titleOf(conflict.finding),
                                             hexText(conflict.range.first()),
                                             Texts::conflict(conflict.why, titleOf)));
    }
    return preview;
}

Triage carriedOver(const Triage& triage, std::span<const Finding> from, std::span<const Finding> to)
{
    // By each of its places: the first one may not be in the other form.
    std::vector<StoredVerdict> stored;
    for (const Finding& finding : from) {
        const auto known = triage.decisions.find(finding.id);
        if (known == triage.decisions.end())
            continue;
        for (const Occurrence& occurrence : finding.occurrences) {
            if (!occurrence.pieces.empty())
                stored.push_back(
                    {finding.id, finding.rule, occurrence.pieces.front().file, known->second});
        }
    }
    return adopt(stored, to).triage;
}

} // namespace coredact
