// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/descriptor.h"
#include "scanner/base/result.h"

#include <map>
#include <string>
#include <vector>

namespace coredact::cli {

/// What inotify says of some folders and all folders below them. One thread.
class FolderEvents {
public:
    static Result<FolderEvents> make();

    /// Watches a folder, not those below it. Watching it again, also under a new name, is
    /// harmless. False when the system's limit is reached or the folder cannot be watched.
    bool watch(const std::string& folder);
    bool complete() const { return m_complete; }
    /// Readable when there is something to take.
    int descriptor() const { return m_inotify.number(); }

    struct Happened {
        std::vector<std::string> files; ///< new, closed after writing, or renamed to this name
        bool foldersChanged = false; ///< or events were lost: look through everything
    };
    Happened take();

private:
    explicit FolderEvents(Descriptor inotify)
        : m_inotify(std::move(inotify))
    {
    }

    Descriptor m_inotify;
    std::map<int, std::string> m_folders; ///< by watch
    bool m_complete = true;
};

} // namespace coredact::cli
