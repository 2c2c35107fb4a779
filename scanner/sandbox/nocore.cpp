// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/sandbox/limit.h"
#include "scanner/sandbox/sandbox.h"

#include <algorithm>

#include <sys/prctl.h>

namespace coredact::sandbox {

bool limit(decltype(RLIMIT_CORE) what, rlim_t most)
{
    rlimit now = {};
    if (getrlimit(what, &now) != 0)
        return false;
    const rlim_t lowered = std::min(most, now.rlim_max);
    const rlimit wanted = {lowered, lowered};
    return setrlimit(what, &wanted) == 0;
}

std::vector<std::string> leaveNoCore()
{
    // 1 and not 0: a core_pattern that pipes ignores 0, and the kernel treats 1 as "never".
    const bool limited = limit(RLIMIT_CORE, 1);
#if defined(__SANITIZE_ADDRESS__)
    // Looking for lost memory at the end needs ptrace among the program's own threads.
    const bool closed = true;
#else
    const bool closed = prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
#endif
    if (limited && closed)
        return {};
    return {"this program's memory is not kept from core dumps and debuggers"};
}

} // namespace coredact::sandbox
