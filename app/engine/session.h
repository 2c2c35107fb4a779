// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/jobs.h"
#include "app/engine/openeddump.h"
#include "scanner/rules/ruleset.h"
#include "scanner/scan/scan.h"

namespace coredact::engine {

/// What an engine knows, and what it does with each request. Requests come in one thread; bytes
/// are read there, so that they are there while a scan runs. Searches have a thread of their own,
/// and one more thread does everything else in the order in which it was asked for.
class Session {
public:
    /// `ruleCache`: see RuleSetOptions::cacheFile; may be none.
    Session(Conversation& conversation, std::vector<std::string> sandboxGaps, Descriptor ruleCache);

    void handle(Incoming incoming);

private:
    using Answer = Result<protocol::Event>;
    using Descriptors = std::shared_ptr<std::vector<Descriptor>>;

    Answer open(const protocol::Open& request, std::vector<Descriptor>& given,
                const JobControl& control);
    Answer loadRules(const protocol::LoadRules& request);
    Answer scanDump(std::uint64_t id, const protocol::Scan& request, const JobControl& control);
    Answer read(const protocol::Read& request) const;
    Answer search(const protocol::Search& request, const JobControl& control) const;
    Answer makePlan(const protocol::MakePlan& request) const;
    Answer exportDump(const protocol::Export& request, std::vector<Descriptor>& given,
                      const JobControl& control);
    Answer verify(std::uint64_t id, const protocol::Verify& request, std::vector<Descriptor>& given,
                  const JobControl& control);
    Answer compare(const protocol::Compare& request, std::vector<Descriptor>& given,
                   const JobControl& control) const;

    Result<RuleSet> rules();
    /// The dump, or the reason why there is none.
    Result<std::shared_ptr<const OpenedDump>> opened() const;

    Conversation& m_conversation;
    const std::vector<std::string> m_gaps;
    const Descriptor m_ruleCache;
    Jobs m_jobs;
    mutable std::mutex m_mutex; ///< for m_dump, which all threads read
    std::shared_ptr<const OpenedDump> m_dump;
    std::optional<RuleSet> m_rules; ///< this and the scan: in the job thread only
    std::optional<ScanResult> m_scan;
    bool m_reportOnly = false; ///< of the scan
    Worker m_searcher;
    Worker m_worker; ///< last: its jobs use all of the above
};

} // namespace coredact::engine
