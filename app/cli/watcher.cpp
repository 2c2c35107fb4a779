// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/watcher.h"

#include "app/cli/filesunder.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

namespace coredact::cli {

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

enum class Writer { None, Some, Unknown };

/// Whether anybody has the file open for writing. The kernel gives a read lease only where nobody
/// has, to the owner of the file or the superuser, on most local file systems.
Writer writerOf(const std::string& path)
{
    const Descriptor file(
        open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!file)
        return Writer::Unknown;
    if (fcntl(file.number(), F_SETLEASE, F_RDLCK) == 0) {
        fcntl(file.number(), F_SETLEASE, F_UNLCK);
        return Writer::None;
    }
    return errno == EAGAIN ? Writer::Some : Writer::Unknown;
}

/// How long ago the file changed by the clock of its time stamps; zero where that is not known
/// or lies in the future.
std::chrono::milliseconds ageOf(const FileIdentity& identity)
{
    timespec now {};
    clock_gettime(CLOCK_REALTIME, &now);
    const std::int64_t changed = std::max(identity.modifiedSeconds, identity.changedSeconds);
    // The fraction of the second is left out on both sides: a second is taken off instead.
    const std::int64_t seconds = static_cast<std::int64_t>(now.tv_sec) - changed - 1;
    return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, 1'000'000'000));
}

bool isOurs(const std::string& path)
{
    const std::string name = fs::path(path).filename().string();
    return name.ends_with(".coredact.json") || name.starts_with(".coredact-");
}

std::vector<std::string> foldersUnder(const std::vector<std::string>& tops)
{
    std::vector<std::string> folders = tops;
    for (std::size_t i = 0; i < folders.size(); ++i) {
        std::error_code error;
        fs::directory_iterator at(folders[i], error);
        for (; !error && at != fs::directory_iterator(); at.increment(error)) {
            std::error_code unknown;
            if (fs::is_directory(at->symlink_status(unknown)))
                folders.push_back(at->path().string());
        }
    }
    return folders;
}

/// What goes while a folder is looked through is nobody's concern.
bool hasGone(const std::string& path)
{
    struct stat status { };
    return lstat(path.c_str(), &status) != 0 && errno == ENOENT;
}

} // namespace

std::optional<FileIdentity> identityOf(const std::string& path)
{
    struct stat status {};
    if (lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode))
        return std::nullopt;
    return FileIdentity {status.st_dev,           status.st_ino,
                         static_cast<std::uint64_t>(status.st_size),
                         status.st_mtim.tv_sec,   status.st_mtim.tv_nsec,
                         status.st_ctim.tv_sec,   status.st_ctim.tv_nsec};
}

Result<Watcher> Watcher::start(WatcherOptions options, Done done)
{
    for (const std::string& folder : options.folders) {
        std::error_code error;
        if (!fs::is_directory(folder, error))
            return Error {ErrorCode::Usage, folder + " is not a folder that can be watched",
                          std::nullopt};
    }
    // A lease that somebody breaks while we hold it sends SIGIO, which would end the program.
    std::signal(SIGIO, SIG_IGN);
    auto events = FolderEvents::make();
    if (!events)
        return events.error();
    Watcher watcher(std::move(options), std::move(done), std::move(*events));
    watcher.look();
    return watcher;
}

Watcher::Watcher(WatcherOptions options, Done done, FolderEvents events)
    : m_options(std::move(options))
    , m_done(std::move(done))
    , m_events(std::move(events))
{
}

void Watcher::look()
{
    // The watches first: a file that comes while we look is told by one of the two.
    for (const std::string& folder : foldersUnder(m_options.folders))
        m_events.watch(folder);
    FoundFiles found = filesUnder(m_options.folders);
    for (const std::string& path : found.files)
        consider(path);
    std::erase_if(found.skipped, [&](const report::SkippedFile& each) {
        return !each.failed || (hasGone(each.path) && !isWatched(each.path));
    });
    m_unseen = std::move(found.skipped);
    m_nextLook = Clock::now() + m_options.poll;
}

bool Watcher::isWatched(const std::string& folder) const
{
    return std::find(m_options.folders.begin(), m_options.folders.end(), folder)
        != m_options.folders.end();
}

void Watcher::consider(const std::string& path)
{
    const bool outside = std::any_of(
        m_options.excluded.begin(), m_options.excluded.end(),
        [&](const std::string& folder) { return path.starts_with(folder + "/"); });
    const auto identity = identityOf(path);
    if (outside || isOurs(path) || !identity || m_done(*identity)) {
        m_candidates.erase(path);
        return;
    }
    const auto [candidate, isNew] = m_candidates.try_emplace(path);
    if (isNew || candidate->second.identity != *identity) {
        candidate->second.identity = *identity;
        candidate->second.since = Clock::now();
        candidate->second.told = false;
    }
}

bool Watcher::isFinished(const std::string& path, const Candidate& candidate) const
{
    const Clock::time_point now = Clock::now();
    if (candidate.told || now < candidate.notBefore)
        return false;
    const auto still = std::max(std::chrono::duration_cast<std::chrono::milliseconds>(
                                    now - candidate.since),
                                ageOf(candidate.identity));
    if (still < m_options.quiet)
        return false;
    switch (writerOf(path)) {
    case Writer::None:
        return true;
    case Writer::Some:
        return false;
    case Writer::Unknown:
        return still >= 5 * m_options.quiet;
    }
    return false;
}

std::vector<WatchedFile> Watcher::finished()
{
    std::vector<std::string> paths;
    for (const auto& [path, candidate] : m_candidates)
        paths.push_back(path);
    std::vector<WatchedFile> files;
    for (const std::string& path : paths) {
        consider(path); // it may have changed or gone
        const auto candidate = m_candidates.find(path);
        if (candidate == m_candidates.end() || !isFinished(path, candidate->second))
            continue;
        candidate->second.told = true;
        files.push_back({path, candidate->second.identity});
    }
    return files;
}

std::chrono::milliseconds Watcher::untilNextCheck(Clock::time_point deadline) const
{
    Clock::time_point wake = std::min(deadline, m_nextLook);
    const bool waiting = std::any_of(m_candidates.begin(), m_candidates.end(),
                                     [](const auto& each) { return !each.second.told; });
    if (waiting)
        wake = std::min<Clock::time_point>(wake, Clock::now() + std::max(m_options.quiet / 4, 20ms));
    return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(wake - Clock::now()),
                    std::chrono::milliseconds(0));
}

std::vector<WatchedFile> Watcher::next(std::chrono::milliseconds patience, int stopDescriptor)
{
    const Clock::time_point deadline = Clock::now() + patience;
    for (;;) {
        const FolderEvents::Happened happened = m_events.take();
        for (const std::string& path : happened.files)
            consider(path);
        const std::size_t unseen = m_unseen.size();
        if (happened.foldersChanged || Clock::now() >= m_nextLook)
            look();
        std::vector<WatchedFile> files = finished();
        if (!files.empty() || m_unseen.size() != unseen || Clock::now() >= deadline)
            return files;
        pollfd waiting[] {{m_events.descriptor(), POLLIN, 0}, {stopDescriptor, POLLIN, 0}};
        const auto pause = untilNextCheck(deadline);
        if (poll(waiting, 2, static_cast<int>(std::min<std::int64_t>(pause.count() + 1, 60'000)))
                > 0
            && (waiting[1].revents & POLLIN) != 0)
            return {};
    }
}

void Watcher::again(const std::string& path, std::chrono::milliseconds pause)
{
    consider(path);
    if (const auto candidate = m_candidates.find(path); candidate != m_candidates.end()) {
        candidate->second.told = false;
        candidate->second.notBefore = Clock::now() + pause;
    }
}

std::vector<std::string> Watcher::unfinished() const
{
    std::vector<std::string> paths;
    for (const auto& [path, candidate] : m_candidates) {
        if (!candidate.told)
            paths.push_back(path);
    }
    return paths;
}

} // namespace coredact::cli
