// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/watchedwork.h"

#include "app/cli/messages.h"
#include "app/cli/reportfile.h"
#include "scanner/client/copyname.h"
#include "scanner/client/exporthistory.h"
#include "scanner/io/digest.h"
#include "scanner/report/words.h"

#include <algorithm>
#include <array>
#include <filesystem>

namespace coredact::cli {

namespace {

using report::countText;
using report::escaped;
using report::Outcome;

std::string foundText(const report::ScannedDump& dump)
{
    const std::uint64_t count = report::countedFindings(dump);
    return count == 0
        ? "no secret found by the rules in use"
        : countText(count, "secret", "secrets") + " (" + report::severityCounts(dump) + ")";
}

/// How many findings are not left in place.
std::uint64_t redacted(const Scan& scan)
{
    return static_cast<std::uint64_t>(
        std::count_if(scan.findings.begin(), scan.findings.end(), [&](const Finding& finding) {
            return scan.dump.triage.decisionFor(finding.id).verdict != Verdict::Keep;
        }));
}

Result<WorkDone> redactNow(OpenedDump& opened, const Scan& scan, const WatchedWork& work,
                           Surroundings& around)
{
    HandOver options;
    options.target = work.redactTo + "/" + copyName(scan.dump.dump.format, scan.dump.containers);
    options.triage = scan.dump.triage;
    options.packs = work.settings.rules.packs;
    options.policy = work.policy;
    options.historyFolder = ExportHistory::standardFolder();
    options.signer = work.signer;
    options.threads = work.settings.threads;
    options.ruleFiles = work.settings.rules.files;
    options.ruleOptions = work.settings.rules.options;
    const auto handed = handOver(*opened.client, opened.file, scan.findings, options,
                                 around.progress.handler(), around.stopper());
    if (!handed)
        return handed.error();
    if (handed->earlierPolicies != 0)
        warn(around, escaped(opened.path) + ": " + earlierExportWarning(handed->earlierPolicies));
    if (!handed->published)
        return WorkDone {Outcome::Unverified,
                         "NOT REDACTED " + escaped(opened.path)
                             + ": the copy did not pass its verification"};
    const bool complete = report::outcomeOf(scan.dump) != Outcome::Incomplete;
    return WorkDone {complete ? Outcome::Clean : Outcome::Incomplete,
                     "redacted " + escaped(opened.path) + ": "
                         + countText(redacted(scan), "secret", "secrets") + " in "
                         + countText(handed->exported.report.bytesChanged, "byte", "bytes")
                         + "; copy " + escaped(handed->target)};
}

Status writeJson(const Scan& scan, const std::string& path, const WatchedWork& work)
{
    report::Report report;
    report.rulesDigest = scan.rulesDigest;
    report.rules = scan.rules;
    report.dumps = {scan.dump};
    return writeReport(reportPath(path, work.reportTo), report::toJson(report), {path});
}

} // namespace

std::string reportPath(const std::string& path, const std::string& folder)
{
    if (folder.empty())
        return path + ".coredact.json";
    return folder + "/" + std::filesystem::path(path).filename().string() + "."
        + sha256(asBytes(path)).substr(0, 8) + ".coredact.json";
}

bool looksLikeDump(const std::string& path, const std::string& format)
{
    static constexpr std::array extensions {".core", ".dmp",  ".mdmp", ".dump", ".raw",  ".mem",
                                            ".vmem", ".lime", ".img",  ".bin",  ".hprof"};
    if (format != "raw")
        return true;
    // A container's own extension stands behind the dump's: "image.raw.zst".
    std::filesystem::path name = std::filesystem::path(path).filename();
    for (const char* container : {".zst", ".xz", ".lz4", ".gz", ".bz2"}) {
        if (name.extension() == container)
            name = name.stem();
    }
    return std::find(extensions.begin(), extensions.end(), name.extension()) != extensions.end();
}

/// What is packed may hold a dump, and is not passed over as if it held none.
static WorkDone leftAlone(const WatchedFile& file, const Dump& dump)
{
    const std::string name = "left alone " + escaped(file.path) + ": ";
    for (const Diagnostic& diagnostic : dump.diagnostics)
        if (diagnostic.incomplete && dump.size > 0)
            return {Outcome::Incomplete, name + diagnostic.message};
    return {Outcome::Clean, name + "not a dump"};
}

Result<WorkDone> workOn(const WatchedFile& file, const WatchedWork& work, Surroundings& around)
{
    auto opened = openForWork(file.path, around);
    if (!opened)
        return opened.error();
    if (!work.all && !looksLikeDump(file.path, opened->opened.dump.format))
        return leftAlone(file, opened->opened.dump);
    auto scan = scanOpened(*opened, work.settings, around);
    if (!scan)
        return scan.error();
    if (identityOf(file.path) != std::optional(file.identity))
        return Error {ErrorCode::Changed, "the file changed while it was scanned", std::nullopt};
    WorkDone done {report::outcomeOf(scan->dump),
                   "scanned " + escaped(file.path) + ": " + foundText(scan->dump)};
    if (!work.redactTo.empty()) {
        auto redacted = redactNow(*opened, *scan, work, around);
        if (!redacted)
            return redacted.error();
        done = std::move(*redacted);
    }
    if (const Status written = writeJson(*scan, file.path, work); !written)
        return written.error();
    done.line += "; " + report::coverageLine(scan->dump) + "; report "
        + escaped(reportPath(file.path, work.reportTo));
    return done;
}

} // namespace coredact::cli
