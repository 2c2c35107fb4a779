// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/folderevents.h"

#include <cerrno>
#include <cstring>

#include <sys/inotify.h>

namespace coredact::cli {

namespace {

constexpr std::uint32_t wanted = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE
    | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK;

} // namespace

Result<FolderEvents> FolderEvents::make()
{
    Descriptor inotify(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    if (!inotify)
        return systemError("cannot watch folders", errno);
    return FolderEvents(std::move(inotify));
}

bool FolderEvents::watch(const std::string& folder)
{
    const int watch = inotify_add_watch(m_inotify.number(), folder.c_str(), wanted);
    if (watch >= 0)
        m_folders[watch] = folder;
    else if (errno == ENOSPC || errno == ENOMEM)
        m_complete = false;
    return watch >= 0;
}

FolderEvents::Happened FolderEvents::take()
{
    Happened happened;
    alignas(inotify_event) char buffer[65536];
    for (;;) {
        const ssize_t size = read(m_inotify.number(), buffer, sizeof buffer);
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0)
            return happened;
        for (ssize_t at = 0; at < size;) {
            inotify_event event {};
            std::memcpy(&event, buffer + at, sizeof event);
            const char* name = buffer + at + sizeof event;
            at += static_cast<ssize_t>(sizeof event + event.len);
            if (event.mask & IN_IGNORED)
                m_folders.erase(event.wd);
            // A file that is linked into place is created and never closed.
            const bool ofFile = (event.mask & (IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE)) != 0
                && (event.mask & IN_ISDIR) == 0;
            const auto folder = m_folders.find(event.wd);
            if (ofFile && event.len > 0 && folder != m_folders.end())
                happened.files.push_back(folder->second + "/" + name);
            else if (event.mask & (IN_Q_OVERFLOW | IN_ISDIR | IN_DELETE_SELF | IN_MOVE_SELF))
                happened.foldersChanged = true;
        }
    }
}

} // namespace coredact::cli
