// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/result.h"

namespace coredact::sandbox {

/// Forbids every path, every TCP port and, where the kernel knows how, abstract sockets and
/// signals to outside: an empty Landlock rule set. Descriptors that are open already keep
/// working. Needs no_new_privs. For the calling thread and those that it starts.
Status denyAllPaths();

} // namespace coredact::sandbox
