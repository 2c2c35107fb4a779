// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/folderevents.h"
#include "scanner/io/source.h"
#include "scanner/report/report.h"

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace coredact::cli {

struct WatchedFile {
    std::string path;
    FileIdentity identity;
};

struct WatcherOptions {
    std::vector<std::string> folders;
    std::vector<std::string> excluded; ///< folders below them that are not looked into
    /// How long a file must stay as it is. Five times as long where the system cannot tell
    /// whether somebody still has it open for writing.
    std::chrono::milliseconds quiet {2000};
    /// How often all folders are looked through, for what no event told: changes on other
    /// machines of a network file system, and folders past the system's limit of watches.
    std::chrono::milliseconds poll {30000};
};

/// Tells which files of some folders are finished. A file counts as finished when nobody has it
/// open for writing and it has stayed the same for a while: so dumps that are renamed into place
/// come at once, and those that are being written come after their writer has closed them.
/// Reports (*.coredact.json) and hidden temporary files are never told. One thread.
class Watcher {
public:
    using Clock = std::chrono::steady_clock;
    /// Says of a file whether it needs no work (any more).
    using Done = std::function<bool(const FileIdentity&)>;

    static Result<Watcher> start(WatcherOptions options, Done done);

    /// Waits up to `patience` for finished files and gives them, in the order of their paths;
    /// each once for each change of the file. Returns early, with none, when `stopDescriptor`
    /// becomes readable, and when there are more or fewer folders unseen.
    std::vector<WatchedFile> next(std::chrono::milliseconds patience, int stopDescriptor);

    /// Tells the file again, not before `pause` has passed.
    void again(const std::string& path, std::chrono::milliseconds pause);

    /// Files that are not finished yet.
    std::vector<std::string> unfinished() const;
    /// Folders that could not be looked through the last time, and why: what comes there is not
    /// told.
    const std::vector<report::SkippedFile>& unseen() const { return m_unseen; }
    /// False once the system's limit of watches was reached: only polling sees the rest.
    bool seesEverything() const { return m_events.complete(); }

private:
    struct Candidate {
        FileIdentity identity;
        Clock::time_point since; ///< it has been as it is
        Clock::time_point notBefore;
        bool told = false; ///< as it is; kept until it changes or goes
    };

    Watcher(WatcherOptions options, Done done, FolderEvents events);
    void look();
    /// Whether it is one of those that were given, not one below them.
    bool isWatched(const std::string& folder) const;
    void consider(const std::string& path);
    std::vector<WatchedFile> finished();
    bool isFinished(const std::string& path, const Candidate& candidate) const;
    std::chrono::milliseconds untilNextCheck(Clock::time_point deadline) const;

    WatcherOptions m_options;
    Done m_done;
    FolderEvents m_events;
    std::map<std::string, Candidate> m_candidates;
    std::vector<report::SkippedFile> m_unseen;
    Clock::time_point m_nextLook;
};

/// What tells a file from another and from itself after a change; nothing for what is no regular
/// file. Links are not followed.
std::optional<FileIdentity> identityOf(const std::string& path);

} // namespace coredact::cli
