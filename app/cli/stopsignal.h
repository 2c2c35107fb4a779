// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/descriptor.h"
#include "scanner/base/result.h"

#include <atomic>
#include <csignal>
#include <memory>

namespace coredact::cli {

/// SIGINT and SIGTERM as something to ask for, so that work ends at a place of its own choosing
/// and leaves no file behind. Make it before any thread starts: the signals are blocked from then
/// on. Asking may be done from any thread.
class StopSignal {
public:
    static Result<std::unique_ptr<StopSignal>> make();

    bool requested();
    /// Readable once a signal has come; for poll.
    int descriptor() const { return m_signals.number(); }

    /// While it lives a signal ends the process at once, as if there were no StopSignal: for waits
    /// at which nothing can ask, such as for who reads or writes the other end of a pipe. Only in
    /// the thread that made it, and where nothing has been begun that would leave a file.
    class Ending;

private:
    explicit StopSignal(Descriptor signals)
        : m_signals(std::move(signals))
    {
    }

    Descriptor m_signals;
    std::atomic<bool> m_requested = false;
};

class StopSignal::Ending {
public:
    Ending();
    ~Ending();
    Ending(const Ending&) = delete;
    Ending& operator=(const Ending&) = delete;

private:
    sigset_t m_before; ///< what was blocked
};

} // namespace coredact::cli
