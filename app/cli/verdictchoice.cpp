// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/verdictchoice.h"

#include "app/cli/messages.h"
#include "scanner/triage/verdictfile.h"

namespace coredact::cli {

namespace {

Status keep(Triage& triage, const std::string& id, const Scan& scan)
{
    bool named = false;
    for (const Finding& finding : scan.findings) {
        if (finding.id != id && finding.rule != id)
            continue;
        Decision& decision = triage.decisions[finding.id];
        if (decision.verdict != Verdict::Keep)
            decision = {Verdict::Keep, Reason::AcceptedRisk, "--keep " + id};
        named = true;
    }
    if (!named)
        return Error {ErrorCode::Usage, "--keep " + id + ": no finding or rule of that id was found",
                      std::nullopt};
    return {};
}

} // namespace

Result<Triage> triageOf(const VerdictChoice& choice, const Scan& scan, const PackPolicy& packs,
                        Surroundings& around)
{
    Triage triage;
    if (!choice.file.empty()) {
        const auto stored = readVerdicts(choice.file, scan.dump.dump.size);
        if (!stored)
            return stored.error();
        AdoptedVerdicts adopted = adopt(*stored, scan.findings);
        triage = std::move(adopted.triage);
        for (const StoredVerdict& verdict : adopted.unmatched)
            warn(around, choice.file + ": the verdict on " + verdict.finding + " " + verdict.rule
                     + " fits no finding of this scan and is not used");
    }
    for (const std::string& id : choice.keep) {
        if (const Status kept = keep(triage, id, scan); !kept)
            return kept.error();
    }
    leaveShownPacks(triage, scan.findings, scan.rules, packs);
    return triage;
}

} // namespace coredact::cli
