// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/findingsmodel.h"
#include "scanner/client/protocol.h"

#include <QString>

#include <vector>

namespace coredact {

/// What an export would change and leave, in figures for people.
struct ExportPreview {
    struct Share {
        QString name; ///< a rule's title, a policy, a kind of place
        int findings = 0;
        int ranges = 0; ///< runs of bytes that are overwritten
        quint64 bytes = 0;
    };
    struct Kept {
        QString title;
        QString reason;
        int places = 0;
    };

    std::vector<Share> byRule; ///< most bytes first
    std::vector<Share> byPlace; ///< in the order of PlaceKind
    std::vector<Kept> kept; ///< in the order of the findings
    std::vector<QString> conflicts;
    int redacted = 0; ///< findings
    int undecided = 0; ///< of those, without a verdict
    quint64 bytes = 0; ///< that change
};

ExportPreview exportPreview(const protocol::Planned& plan, std::span<const Finding> findings,
                            const Triage& triage, const PlaceMap& places);

} // namespace coredact
