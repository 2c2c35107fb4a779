// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/jobcontrol.h"
#include "scanner/rules/ruleset.h"
#include "scanner/scan/collector.h"
#include "scanner/scan/streams.h"
#include "scanner/scan/windows.h"

#include <atomic>
#include <exception>
#include <mutex>

namespace coredact {

/// What all threads of a scan share.
struct SharedScan {
    const Source& source;
    const RuleSet& rules;
    const JobControl& control;
    const WorkList& work;
    const DataRuns& data;
    const WindowShape& shape;
    Collector& collector;
    Streams& streams;
    std::atomic<std::uint64_t> next = 0;
    std::atomic<std::uint64_t> done = 0;
    std::mutex mutex {};
    std::vector<Unreadable> unreadable {}; ///< under the mutex
    std::exception_ptr failure {}; ///< under the mutex
};

/// Looks at every item of the work list with `threads` threads, the calling one included: each
/// window and its views go through all detectors and the text rules. Returns when all is done or
/// the job is cancelled. Throws what a thread threw (std::bad_alloc).
void lookAtAll(SharedScan& shared, unsigned threads);

} // namespace coredact
