// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/descriptor.h"
#include "scanner/io/source.h"

#include <map>
#include <string>
#include <vector>

namespace coredact::cli {

/// What a watch did already, in a JSON file (coredact-watch/1, mode 0600) that survives a
/// restart. A file is known by its device, inode, size and times, and by the purpose of the work:
/// the same file under new rules is new work. Entries of files that are gone are forgotten.
/// Holds places of files and outcomes, nothing of their content. One thread.
class WatchState {
public:
    /// How often a file is tried that cannot be scanned.
    static constexpr unsigned attempts = 3;

    /// Reads the state at `path`, or begins a new one; its folder is made where it is missing.
    /// Refuses a state that another watch uses now. A file that is no state is an error.
    static Result<WatchState> open(const std::string& path, std::string purpose);

    /// Done, or tried often enough.
    bool done(const FileIdentity& file) const;
    unsigned failures(const FileIdentity& file) const;

    /// Both write the file at once, whole or not at all.
    Status recordDone(const FileIdentity& file, const std::string& path, int outcome);
    Status recordFailure(const FileIdentity& file, const std::string& path);

private:
    struct Work {
        std::string path;
        std::string purpose;
        int outcome = 0;
        unsigned failures = 0; ///< 0: done
    };
    struct Order {
        bool operator()(const FileIdentity& one, const FileIdentity& other) const;
    };

    WatchState(std::string path, std::string purpose, Descriptor lock);
    Status read(const std::string& text);
    void forgetGone();
    Status save();
    std::string text() const;
    const Work* find(const FileIdentity& file) const;

    std::string m_path;
    std::string m_purpose;
    Descriptor m_lock;
    std::map<FileIdentity, Work, Order> m_work;
    std::size_t m_forgetAt = 1024; ///< entries at which the gone ones are looked for
};

/// Where the state of a watch over these folders lies by default: $STATE_DIRECTORY (systemd),
/// $XDG_STATE_HOME/coredact or ~/.local/state/coredact. "" where no variable is set.
std::string defaultStatePath(const std::vector<std::string>& folders);

} // namespace coredact::cli
