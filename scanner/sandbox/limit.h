// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/resource.h>

namespace coredact::sandbox {

/// Lowers a limit for good; a hard limit that is lower already stays.
bool limit(decltype(RLIMIT_CORE) what, rlim_t most);

} // namespace coredact::sandbox
