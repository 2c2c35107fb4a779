// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/watch.h"

#include "app/cli/messages.h"

#include <algorithm>

namespace coredact::cli {

using namespace std::chrono_literals;
using report::escaped;
using report::Outcome;

Watch::Watch(Watcher watcher, std::shared_ptr<WatchState> state, const WatchedWork& work,
             Surroundings& around)
    : m_watcher(std::move(watcher))
    , m_state(std::move(state))
    , m_work(work)
    , m_around(around)
{
}

void Watch::keep(const Status& saved)
{
    if (saved)
        return;
    m_worst = report::worst(m_worst, Outcome::Failed);
    m_log.write(WatchLog::Level::Failure,
                "the state cannot be kept: " + escaped(errorText(saved.error())));
}

void Watch::retry(const WatchedFile& file, const Error& error)
{
    m_worst = report::worst(m_worst, Outcome::Failed);
    keep(m_state->recordFailure(file.identity, file.path));
    const unsigned failures = m_state->failures(file.identity);
    m_log.write(WatchLog::Level::Failure,
                "failed " + escaped(file.path) + ": " + escaped(errorText(error)) + "; try "
                    + std::to_string(failures) + " of " + std::to_string(WatchState::attempts));
    if (failures < WatchState::attempts)
        m_watcher.again(file.path, failures * failures * 15s);
}

void Watch::tellUnseen()
{
    std::set<std::string> unseen;
    for (const report::SkippedFile& folder : m_watcher.unseen()) {
        unseen.insert(folder.path);
        if (m_unseen.contains(folder.path))
            continue;
        m_worst = report::worst(m_worst, Outcome::Failed);
        m_log.write(WatchLog::Level::Failure,
                    "not watched " + escaped(folder.path) + ": " + escaped(folder.reason));
    }
    for (const std::string& path : m_unseen) {
        if (!unseen.contains(path))
            m_log.write(WatchLog::Level::Note, "watched again, or gone: " + escaped(path));
    }
    m_unseen = std::move(unseen);
}

Watch::Handled Watch::handle(const WatchedFile& file)
{
    const auto done = workOn(file, m_work, m_around);
    m_around.progress.clear();
    if (!done && m_around.stop.requested())
        return Handled::Stopped;
    if (!done && done.error().code == ErrorCode::Changed) {
        m_log.write(WatchLog::Level::Note,
                    "later " + escaped(file.path) + ": it is still changing");
        m_watcher.again(file.path, 0ms);
        return Handled::Later;
    }
    if (!done) {
        retry(file, done.error());
        return Handled::Now;
    }
    m_worst = report::worst(m_worst, done->outcome);
    const bool quiet = done->outcome == Outcome::Clean;
    m_log.write(quiet ? WatchLog::Level::Note : WatchLog::Level::Warning, done->line);
    keep(m_state->recordDone(file.identity, file.path, static_cast<int>(done->outcome)));
    return m_around.stop.requested() ? Handled::Stopped : Handled::Now;
}

std::vector<std::string> Watch::waiting(const std::vector<std::string>& tried) const
{
    std::vector<std::string> paths = m_watcher.unfinished();
    std::erase_if(paths, [&](const std::string& path) {
        return std::find(tried.begin(), tried.end(), path) != tried.end();
    });
    return paths;
}

int Watch::once(std::chrono::milliseconds patience)
{
    const auto deadline = Watcher::Clock::now() + patience;
    std::vector<std::string> tried;
    std::set<std::string> changing; // which was told
    auto step = 0ms;
    for (;;) {
        for (const WatchedFile& file : m_watcher.next(step, m_around.stop.descriptor())) {
            const Handled handled = handle(file);
            if (handled == Handled::Stopped)
                return interrupted;
            if (handled == Handled::Later)
                changing.insert(file.path);
            else
                tried.push_back(file.path);
        }
        tellUnseen();
        step = 100ms;
        if (m_around.stop.requested())
            return interrupted;
        if (waiting(tried).empty() || Watcher::Clock::now() >= deadline)
            break;
    }
    for (const std::string& path : waiting(tried)) {
        m_worst = report::worst(m_worst, Outcome::Incomplete);
        if (!changing.contains(path))
            m_log.write(WatchLog::Level::Note,
                        "later " + escaped(path) + ": it is still being written");
    }
    return static_cast<int>(m_worst);
}

int Watch::forever()
{
    m_log.write(WatchLog::Level::Note, "watching");
    tellUnseen();
    bool told = false;
    while (!m_around.stop.requested()) {
        for (const WatchedFile& file : m_watcher.next(60s, m_around.stop.descriptor())) {
            if (handle(file) == Handled::Stopped)
                break;
        }
        tellUnseen();
        if (!told && !m_watcher.seesEverything()) {
            m_log.write(WatchLog::Level::Warning,
                        "more folders than fs.inotify.max_user_watches: the rest is polled");
            told = true;
        }
    }
    m_log.write(WatchLog::Level::Note, "ended by a signal");
    return 0;
}

} // namespace coredact::cli
