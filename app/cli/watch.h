// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/watchedwork.h"
#include "app/cli/watchlog.h"
#include "app/cli/watchstate.h"

#include <memory>
#include <set>
#include <string>

namespace coredact::cli {

/// A watch while it runs: takes finished files, does the work, keeps the state, writes the log.
/// What cannot be scanned is tried again, a bounded number of times.
class Watch {
public:
    Watch(Watcher watcher, std::shared_ptr<WatchState> state, const WatchedWork& work,
          Surroundings& around);

    /// Works on what is finished now and what becomes so within `patience`; the worst exit code.
    /// What is left for later makes it that of an incomplete scan.
    int once(std::chrono::milliseconds patience);
    /// Until a signal asks to end; exit code 0.
    int forever();

private:
    enum class Handled {
        Now, ///< whether it went well or not
        Later, ///< it changes
        Stopped, ///< a signal asked to end
    };
    Handled handle(const WatchedFile& file);
    void retry(const WatchedFile& file, const Error& error);
    void keep(const Status& saved);
    /// Says which folders cannot be looked through, each once for as long as it is so.
    void tellUnseen();
    /// Files that were not worked on in this run.
    std::vector<std::string> waiting(const std::vector<std::string>& tried) const;

    Watcher m_watcher;
    std::shared_ptr<WatchState> m_state;
    const WatchedWork& m_work;
    Surroundings& m_around;
    WatchLog m_log;
    report::Outcome m_worst = report::Outcome::Clean;
    std::set<std::string> m_unseen; ///< what was told
};

} // namespace coredact::cli
