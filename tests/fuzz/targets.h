// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"

namespace coredact::test {

/// What libFuzzer calls with bytes of its own making, and what the replay calls with the kept
/// files. A broken promise ends the process.
/// Where the input ends with "HOLE" and a byte, the file is followed by a hole of 2^byte bytes,
/// so that a short input can describe a huge file.
void fuzzDump(ByteView input);
void fuzzElfCore(ByteView input); ///< with the start of an ELF core put in front
void fuzzMinidump(ByteView input); ///< with the magic of a minidump put in front
void fuzzContainers(ByteView input);

} // namespace coredact::test
