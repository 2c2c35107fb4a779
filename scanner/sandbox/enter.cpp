// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/sandbox/filter.h"
#include "scanner/sandbox/landlock.h"
#include "scanner/sandbox/limit.h"
#include "scanner/sandbox/sandbox.h"

#include <cerrno>

#include <sys/prctl.h>
#include <sys/sysinfo.h>

namespace coredact::sandbox {
namespace {

/// Memory that is written to: past it an allocation fails, and the job ends with a message,
/// before the system begins to end processes. Not where a sanitizer maps its shadow.
rlim_t memoryLimit()
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return RLIM_INFINITY;
#else
    struct sysinfo system = {};
    if (sysinfo(&system) != 0)
        return RLIM_INFINITY;
    return static_cast<rlim_t>(system.totalram) * system.mem_unit / 4 * 3;
#endif
}

bool limitResources()
{
    bool done = limit(RLIMIT_CORE, 1); // as leaveNoCore says
    done = limit(RLIMIT_NOFILE, 64) && done;
    done = limit(RLIMIT_DATA, memoryLimit()) && done;
    return done;
}

} // namespace

std::vector<std::string> enter()
{
    std::vector<std::string> gaps;
    if (!limitResources())
        gaps.emplace_back("the limits of the engine's resources could not be set");
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        gaps.emplace_back("the engine's memory is not kept from core dumps and debuggers");
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        gaps.emplace_back("the engine could gain privileges by running programs");
    if (const Status done = denyAllPaths(); !done)
        gaps.push_back(done.error().message);
    if (const Status done = loadEngineFilter(); !done)
        gaps.push_back(done.error().message);
    return gaps;
}

} // namespace coredact::sandbox
