// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/exportpreview.h"

#include "models/figures.h"
#include "models/texts.h"

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

using FindingById = std::unordered_map<std::string_view, const Finding*>;

QString nameOf(const Edit& edit, const FindingById& byId)
{
    if (const auto known = byId.find(edit.finding); known != byId.end())
        return Texts::rule(known->second->title);
    return Texts::policy(edit.reason);
}

} // namespace

ExportPreview exportPreview(const protocol::Planned& plan, std::span<const Finding> findings,
                            const Triage& triage, const PlaceMap& places)
{
    ExportPreview preview;
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
    std::map<QString, std::set<std::string_view>> findingsOfRule;
    for (const Edit& edit : plan.edits) {
        const quint64 size = edit.range.size();
        const QString name = nameOf(edit, byId);
        const PlaceKind kind = places.kindAt(edit.range.first());
        for (ExportPreview::Share* share : {&rules[name], &kinds[kind]}) {
            ++share->ranges;
            share->bytes += size;
        }
        rules[name].name = name;
        kinds[kind].name = placeKindText(kind);
        if (!edit.finding.empty())
            findingsOfRule[name].insert(edit.finding);
        preview.bytes += size;
    }
    for (auto& [name, share] : rules) {
        share.findings = static_cast<int>(findingsOfRule[name].size());
        preview.byRule.push_back(share);
    }
    std::stable_sort(preview.byRule.begin(), preview.byRule.end(),
                     [](const auto& a, const auto& b) { return a.bytes > b.bytes; });
    for (const auto& [kind, share] : kinds)
        preview.byPlace.push_back(share);
    for (const Conflict& conflict : plan.conflicts) {
        const auto known = byId.find(conflict.finding);
        const QString title = known == byId.end() ? Texts::fromUtf8(conflict.finding)
                                                  : Texts::rule(known->second->title);
        preview.conflicts.push_back(Words::tr("%1 at offset %2: %3", "title, offset, why")
                                        .arg(title, hexText(conflict.range.first()),
                                             Texts::conflict(conflict.why)));
    }
    return preview;
}

} // namespace coredact
