// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/session.h"

#include "app/engine/bytesearch.h"
#include "app/engine/redaction.h"
#include "app/engine/verification.h"
#include "scanner/redact/differences.h"
#include "scanner/rules/rulecheck.h"
#include "scanner/sandbox/sandbox.h"

#include <algorithm>

namespace coredact::engine {
namespace {

using namespace protocol;

/// What a person sees while the scan runs; the rest comes with the final list.
constexpr std::size_t mostFindingsSeen = 10000;

Error usage(std::string message) { return {ErrorCode::Usage, std::move(message), std::nullopt}; }

std::vector<SecretBytes> secretBytes(const std::vector<std::string>& texts)
{
    std::vector<SecretBytes> values;
    for (const std::string& text : texts)
        values.emplace_back(text.begin(), text.end());
    return values;
}

/// A file that is still being written has bytes that no scan saw.
void tellOfChange(const OpenedDump& dump, ScanResult& scanned)
{
    const FileIdentity& before = dump.file.identity();
    const auto now = dump.file.identityNow();
    if (now && now->size == before.size && now->modifiedSeconds == before.modifiedSeconds
        && now->modifiedNanoseconds == before.modifiedNanoseconds)
        return;
    const bool isLonger = now && dump.containers.empty() && now->size > before.size;
    scanned.incomplete.push_back({dump.plain.size(), isLonger ? now->size - before.size : 0,
                                  "the file changed while it was scanned", false});
}

} // namespace

Session::Session(Conversation& conversation, std::vector<std::string> sandboxGaps,
                 Descriptor ruleCache)
    : m_conversation(conversation)
    , m_gaps(std::move(sandboxGaps))
    , m_ruleCache(std::move(ruleCache))
    , m_jobs(conversation)
{
}

void Session::handle(Incoming incoming)
{
    const std::uint64_t id = incoming.id;
    if (const auto* asked = std::get_if<Cancel>(&incoming.request)) {
        m_jobs.cancel(asked->request);
        return;
    }
    if (const auto* asked = std::get_if<Read>(&incoming.request)) {
        m_jobs.run(
            id, [&](const JobControl&) { return read(*asked); }, JobControl());
        return;
    }
    const auto request = std::make_shared<const Request>(std::move(incoming.request));
    if (const auto* asked = std::get_if<Search>(request.get())) {
        m_jobs.start(m_searcher, id, [this, request, asked](const JobControl& control) {
            return search(*asked, control);
        });
        return;
    }
    const auto given = std::make_shared<std::vector<Descriptor>>(std::move(incoming.descriptors));
    m_jobs.start(m_worker, id, [this, id, request, given](const JobControl& control) -> Answer {
        if (const auto* asked = std::get_if<Open>(request.get()))
            return open(*asked, *given, control);
        if (const auto* asked = std::get_if<LoadRules>(request.get()))
            return loadRules(*asked);
        if (const auto* asked = std::get_if<Scan>(request.get()))
            return scanDump(id, *asked, control);
        if (const auto* asked = std::get_if<MakePlan>(request.get()))
            return makePlan(*asked);
        if (const auto* asked = std::get_if<Export>(request.get()))
            return exportDump(*asked, *given, control);
        if (const auto* asked = std::get_if<Verify>(request.get()))
            return verify(id, *asked, *given, control);
        if (const auto* asked = std::get_if<Compare>(request.get()))
            return compare(*asked, *given, control);
        return Event(SandboxChecked {sandbox::selfTest()});
    });
}

Result<std::shared_ptr<const OpenedDump>> Session::opened() const
{
    const std::scoped_lock lock(m_mutex);
    if (!m_dump)
        return usage("no dump is open");
    return m_dump;
}

Result<RuleSet> Session::rules()
{
    if (!m_rules) {
        RuleSetOptions options;
        options.cacheFile = m_ruleCache.number();
        auto loaded = RuleSet::load({}, options);
        if (!loaded)
            return loaded;
        m_rules = std::move(*loaded);
    }
    return *m_rules;
}

Session::Answer Session::open(const Open& request, std::vector<Descriptor>& given,
                              const JobControl& control)
{
    if (opened())
        return usage("a dump is open already; an engine works on one");
    if (given.size() < 2)
        return usage("a dump is opened with two descriptors");
    auto dump = takeDump(std::move(given[0]), std::move(given[1]), request.byteBudget,
                         request.minimise ? Form::Minimised : Form::Whole, control);
    if (!dump)
        return dump.error();
    if (given.size() > 2)
        dump->dump.contentType = contentTypeOf(dump->plain, given[2]);
    auto taken = std::make_shared<const OpenedDump>(std::move(*dump));
    {
        const std::scoped_lock lock(m_mutex);
        m_dump = taken;
    }
    return Event(Opened {taken->dump, taken->containers, taken->file.size(), m_gaps, taken->kept});
}

Session::Answer Session::loadRules(const LoadRules& request)
{
    std::vector<RuleFile> files;
    for (const auto& [name, text] : request.files)
        files.push_back({name, text});
    RuleSetOptions options = request.options;
    options.cacheFile = m_ruleCache.number();
    auto loaded = RuleSet::load(files, options);
    if (!loaded)
        return loaded.error();
    RulesLoaded answer {{}, loaded->problems(), loaded->digest()};
    for (const RuleFile& file : files)
        for (RuleProblem& problem : checkExamples(file, *loaded))
            answer.problems.push_back(std::move(problem));
    for (const RuleInfo* rule : loaded->rules())
        answer.rules.push_back(*rule);
    m_rules = std::move(*loaded);
    return Event(std::move(answer));
}

Session::Answer Session::scanDump(std::uint64_t id, const Scan& request, const JobControl& control)
{
    const auto dump = opened();
    if (!dump)
        return dump.error();
    const auto ruleSet = rules();
    if (!ruleSet)
        return ruleSet.error();
    ScanOptions options;
    options.threads = request.threads;
    options.given = secretBytes(request.given);
    options.sums = !request.reportOnly;
    std::size_t seen = 0;
    auto scanned = scan((*dump)->plain, (*dump)->dump, *ruleSet, options, control,
                        [&](const Finding& finding) {
                            if (seen++ < mostFindingsSeen)
                                m_conversation.tell(id, FindingSeen {finding});
                        });
    if (!scanned)
        return scanned.error();
    tellOfChange(**dump, *scanned);
    m_scan = std::move(*scanned);
    m_reportOnly = request.reportOnly;
    return Event(
        Scanned {m_scan->findings, m_scan->scannedBytes, m_scan->incomplete, ruleSet->digest()});
}

Session::Answer Session::read(const Read& request) const
{
    const auto dump = opened();
    if (!dump)
        return dump.error();
    const std::uint64_t size = (*dump)->plain.size();
    const std::uint64_t there = request.offset < size ? size - request.offset : 0;
    Bytes answer {request.offset, {}};
    answer.bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(request.size, there)));
    if (const Status status = (*dump)->plain.readAt(request.offset, answer.bytes); !status) {
        // What lies before the place that cannot be read is shown.
        const std::uint64_t good = status.error().offset.value_or(request.offset);
        if (good <= request.offset || good - request.offset >= answer.bytes.size())
            return status.error();
        answer.bytes.resize(static_cast<std::size_t>(good - request.offset));
    }
    return Event(std::move(answer));
}

Session::Answer Session::search(const Search& request, const JobControl& control) const
{
    const auto dump = opened();
    if (!dump)
        return dump.error();
    auto found = find((*dump)->plain, request, control);
    if (!found)
        return found.error();
    return Event(SearchHit {*found});
}

Session::Answer Session::makePlan(const MakePlan& request) const
{
    const auto dump = opened();
    if (!dump)
        return dump.error();
    if (!m_scan)
        return usage("a plan needs a scan");
    const auto plan = planFor(**dump, *m_scan, request.triage, request.policy);
    if (!plan)
        return plan.error();
    return Event(Planned {plan->edits(), plan->conflicts(), plan->digest(), plan->shares(), plan->figures()});
}

Session::Answer Session::exportDump(const Export& request, std::vector<Descriptor>& given,
                                    const JobControl& control)
{
    const auto dump = opened();
    if (!dump)
        return dump.error();
    if (!m_scan)
        return usage("an export needs a scan");
    if (m_reportOnly)
        return usage("the dump was scanned for a report only");
    if (given.size() != 3)
        return usage("an export needs three descriptors");
    auto exported
        = exportRedacted(**dump, *m_scan, request,
                         {given[0].number(), given[1].number(), given[2].number()}, control);
    if (!exported)
        return exported.error();
    exported->limits.insert(exported->limits.end(), m_gaps.begin(), m_gaps.end());
    return Event(std::move(*exported));
}

Session::Answer Session::verify(std::uint64_t id, const Verify& request,
                                std::vector<Descriptor>& given, const JobControl& control)
{
    if (opened())
        return usage("verification is for a fresh engine");
    const auto ruleSet = rules();
    if (!ruleSet)
        return ruleSet.error();
    const auto tell = [&](const Check& check) { m_conversation.tell(id, CheckMade {check}); };
    auto verified = verifyWritten(request, given, *ruleSet, tell, control);
    if (!verified)
        return verified.error();
    verified->limits = m_gaps;
    return Event(std::move(*verified));
}

Session::Answer Session::compare(const Compare& request, std::vector<Descriptor>& given,
                                 const JobControl& control) const
{
    const auto dump = opened();
    if (!dump)
        return dump.error();
    if (given.size() != 2)
        return usage("a comparison needs two descriptors");
    const auto other = takeDump(std::move(given[0]), std::move(given[1]), request.byteBudget,
                                Form::Whole, control);
    if (!other)
        return other.error();
    auto found = differencesBetween((*dump)->plain, other->plain, control);
    if (!found)
        return found.error();
    return Event(Compared {std::move(found->ranges), found->complete});
}

} // namespace coredact::engine
