// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string_view>

namespace coredact {

/// What a long function tells the outside while it runs.
struct Progress {
    std::string_view stage; ///< "scan", "walk", "propagate", "export", ...
    std::uint64_t done = 0; ///< bytes
    std::uint64_t total = 0; ///< bytes; 0 where it is not known
};

/// Lets the outside stop a long function and watch it. Any thread may cancel; the watcher is
/// called from the threads that do the work, one at a time, and must be quick.
/// A function asks `cancelled()` at least every few megabytes and answers ErrorCode::Cancelled.
class JobControl {
public:
    using Watcher = std::function<void(const Progress&)>;

    JobControl() = default;
    explicit JobControl(Watcher watcher)
        : m_watcher(std::move(watcher))
    {
    }
    JobControl(const JobControl&) = delete;
    JobControl& operator=(const JobControl&) = delete;

    void cancel() { m_cancelled.store(true, std::memory_order_relaxed); }
    bool cancelled() const { return m_cancelled.load(std::memory_order_relaxed); }
    void report(const Progress& progress) const
    {
        if (m_watcher)
            m_watcher(progress);
    }

private:
    std::atomic<bool> m_cancelled = false;
    Watcher m_watcher;
};

} // namespace coredact
