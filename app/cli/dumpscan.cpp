// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/dumpscan.h"

#include "app/cli/messages.h"

#include <set>

namespace coredact::cli {

Result<OpenedDump> openForWork(const std::string& path, Surroundings& around, Form form)
{
    OpenedDump dump;
    dump.path = path;
    auto file = openDump(path);
    if (!file)
        return file.error();
    dump.file = std::move(*file);
    auto client = Client::start();
    if (!client)
        return client.error();
    dump.client = std::move(*client);
    around.progress.begin(path);
    auto opened = openIn(*dump.client, dump.file, around.progress.handler(), around.stopper(), form);
    if (!opened)
        return opened.error();
    dump.opened = std::move(*opened);
    for (const std::string& gap : dump.opened.sandboxGaps)
        warnOnce(around, "the engine is less protected on this system: " + gap);
    return dump;
}

report::ScannedDump scannedDump(const OpenedDump& dump)
{
    report::ScannedDump scanned;
    scanned.path = dump.path;
    scanned.dump = dump.opened.dump;
    scanned.containers = dump.opened.containers;
    return scanned;
}

namespace {

/// A misspelt pack would leave in place what somebody wants redacted.
Status checkPacks(const std::vector<std::string>& wanted, const std::vector<RuleInfo>& rules)
{
    std::set<std::string> known;
    for (const RuleInfo& rule : rules)
        known.insert(rule.pack);
    std::string names;
    for (const std::string& pack : known)
        names += (names.empty() ? "" : ", ") + pack;
    for (const std::string& pack : wanted)
        if (!known.contains(pack))
            return Error {ErrorCode::Usage,
                          "--pack: no rule in use is in a pack " + pack + "; packs are " + names,
                          std::nullopt};
    return {};
}

} // namespace

Result<protocol::RulesLoaded> loadRules(Client& client, const ChosenRules& rules,
                                        Surroundings& around)
{
    protocol::LoadRules request;
    request.options = rules.options;
    for (const RuleFile& file : rules.files)
        request.files.emplace_back(file.name, file.text);
    auto loaded = answerAs<protocol::RulesLoaded>(
        client.call(request, {}, around.progress.handler(), around.stopper()));
    if (!loaded)
        return loaded;
    if (const Status known = checkPacks(rules.packsUsed, loaded->rules); !known)
        return known.error();
    return loaded;
}

Result<Scan> scanOpened(OpenedDump& dump, const ScanSettings& settings, Surroundings& around)
{
    auto rules = loadRules(*dump.client, settings.rules, around);
    if (!rules)
        return rules.error();
    protocol::Scan request {settings.threads, settings.given.texts(), settings.reportOnly};
    auto scanned = answerAs<protocol::Scanned>(
        dump.client->call(request, {}, around.progress.handler(), around.stopper()));
    for (std::string& text : request.given)
        wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
    if (!scanned)
        return scanned.error();

    Scan scan;
    scan.rules = std::move(rules->rules);
    scan.problems = std::move(rules->problems);
    scan.rulesDigest = scanned->rulesDigest;
    scan.findings = std::move(scanned->findings);
    scan.dump = scannedDump(dump);
    scan.dump.findings = scan.findings;
    scan.dump.scannedBytes = scanned->scannedBytes;
    scan.dump.incomplete = std::move(scanned->incomplete);
    leaveShownPacks(scan.dump.triage, scan.findings, scan.rules, settings.rules.packs);
    applyThresholds(scan.dump, settings.minimumSeverity, settings.minimumConfidence);
    return scan;
}

void applyThresholds(report::ScannedDump& dump, Severity severity, Confidence confidence)
{
    // Both lists begin with the gravest.
    dump.belowThreshold += std::erase_if(dump.findings, [&](const Finding& finding) {
        return finding.severity > severity || finding.confidence > confidence;
    });
}

} // namespace coredact::cli
