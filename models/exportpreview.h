// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/findingsmodel.h"
#include "scanner/client/packs.h"
#include "scanner/client/protocol.h"

#include <QString>

#include <string>
#include <unordered_map>
#include <vector>

namespace coredact {

/// What a person wants of a copy.
struct CopyWish {
    Form form = Form::Whole;
    PlanPolicy policy;
    PackPolicy packs {{}};
};

/// What an export would change and leave, in figures for people.
struct ExportPreview {
    struct Share {
        QString name; ///< a rule's title, a policy, a kind of place
        int findings = 0;
        int ranges = 0; ///< runs of bytes that are overwritten
        quint64 bytes = 0;
        /// Of a kind of place: its regions, most bytes first, at most twenty; else empty.
        std::vector<Share> parts;
    };
    struct Kept {
        QString title;
        QString reason;
        int places = 0;
    };

    std::vector<Share> byRule; ///< most bytes first
    std::vector<Share> byPlace; ///< in the order of PlaceKind
    std::vector<Kept> kept; ///< in the order of the findings
    std::vector<Share> memory; ///< of a minimised copy: all that it holds, most bytes first
    std::vector<ClassShare> classes; ///< of a custom copy
    bool ownThreads = false; ///< see keepsThreadsInOwnData
    QString warning; ///< about pseudonyms; "" for none
    std::vector<QString> stays; ///< what the policy leaves, and why, in sentences
    std::vector<QString> conflicts;
    int redacted = 0; ///< findings
    int promised = 0; ///< of those, of which no copy remains: all but words and what is kept
                      ///< with its class
    int undecided = 0; ///< of those, without a verdict
    quint64 bytes = 0; ///< that change
};

/// `wish`: what the plan was asked for with. `memory`: what the minimised form keeps.
ExportPreview exportPreview(const protocol::Planned& plan, std::span<const Finding> findings,
                            const Triage& triage, const CopyWish& wish,
                            std::span<const KeptRange> memory, const PlaceMap& places);

/// What was decided over one dump, for the findings of another form of the same file.
Triage carriedOver(const Triage& triage, std::span<const Finding> from,
                   std::span<const Finding> to);

/// Why bytes change, in words: the title of the finding's rule, or the policy. Edits of a
/// certificate name no finding; then the rule is looked for.
class EditReasons {
public:
    explicit EditReasons(std::span<const Finding> findings); ///< need not outlive it
    QString of(const Edit& edit) const;

private:
    std::unordered_map<std::string, QString> m_byFinding;
    std::unordered_map<std::string, QString> m_byRule;
};

} // namespace coredact
