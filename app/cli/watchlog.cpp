// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/watchlog.h"

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <sys/stat.h>
#include <unistd.h>

namespace coredact::cli {

WatchLog::WatchLog()
{
    const char* stream = std::getenv("JOURNAL_STREAM"); // "device:inode" of the journal's socket
    struct stat output {};
    m_journal = stream && fstat(STDOUT_FILENO, &output) == 0
        && stream == std::to_string(output.st_dev) + ":" + std::to_string(output.st_ino);
}

void WatchLog::write(Level level, const std::string& line)
{
    if (m_journal)
        std::printf("<%d>", static_cast<int>(level));
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
}

} // namespace coredact::cli
