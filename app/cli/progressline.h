// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/client/client.h"

#include <chrono>
#include <mutex>
#include <string>

namespace coredact::cli {

enum class ProgressMode { OnTerminal, Always, Never };

/// One line of progress on standard error: what, how much, how fast, how long still. On a
/// terminal it is written over itself, elsewhere it is a new line every few seconds. Any thread.
class ProgressLine {
public:
    explicit ProgressLine(ProgressMode mode);
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    /// What the next updates are about: the name of a file; escaped here.
    void begin(const std::string& subject);
    void update(std::string_view stage, std::uint64_t done, std::uint64_t total);
    /// Takes the line off the terminal, so that something else may be printed.
    void clear();

    /// Shows the progress events of requests; valid as long as this line.
    Client::Handler handler();

private:
    using Clock = std::chrono::steady_clock;

    std::mutex m_mutex;
    const bool m_shown;
    const bool m_terminal;
    std::string m_subject;
    std::string m_stage;
    Clock::time_point m_stageBegan;
    Clock::time_point m_lastShown;
    bool m_onScreen = false;
};

/// "scan  45 %  1.2 GiB/s  0:12 left"; what is not known is left out.
std::string progressText(std::string_view stage, std::uint64_t done, std::uint64_t total,
                         double seconds);

} // namespace coredact::cli
