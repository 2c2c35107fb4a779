// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/result.h"
#include "scanner/redact/verify.h"

#include <string>
#include <vector>

namespace coredact::sandbox {

/// Gives up everything that an engine does not need: no core dump (limit 1, not dumpable), no new
/// privileges, Landlock without any path, seccomp without open, socket, exec and executable
/// mappings. Call once, before any byte of a dump is read and before threads start. What the
/// kernel cannot do is in the answer, in words, and the rest is done.
std::vector<std::string> enter();

/// For the front ends: no core dump of this process (limit 1, not dumpable), since its memory may
/// hold what a person revealed. Call it first; what failed is in the answer, in words.
std::vector<std::string> leaveNoCore();

/// For the front ends: opens what of the descriptors 0 to 2 a caller left closed to nothing, so that
/// no dump and no copy gets such a number, and with it what is meant for people. Call it before
/// anything is opened.
void openStandardFiles();

/// Denies all sockets but AF_UNIX, ptrace and the like to this process; for the window.
std::vector<std::string> denyNetwork();

/// Tries open, socket, exec, and an executable mapping in the calling process; passed means that
/// the kernel refused.
std::vector<Check> selfTest();

} // namespace coredact::sandbox
