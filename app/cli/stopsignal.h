// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/descriptor.h"
#include "scanner/base/result.h"

#include <atomic>
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

private:
    explicit StopSignal(Descriptor signals)
        : m_signals(std::move(signals))
    {
    }

    Descriptor m_signals;
    std::atomic<bool> m_requested = false;
};

} // namespace coredact::cli
