// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace coredact::cli {

/// One line for each event, on standard output. Where that is the journal of systemd, each line
/// begins with its priority, as sd-daemon(3) has it.
class WatchLog {
public:
    enum class Level { Failure = 3, Warning = 4, Note = 6 };

    WatchLog();
    /// `line` is escaped by the caller and has no line end.
    void write(Level level, const std::string& line);

private:
    bool m_journal = false;
};

} // namespace coredact::cli
