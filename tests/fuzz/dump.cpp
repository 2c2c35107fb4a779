// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/targets.h"
#include "tests/support/promises.h"

namespace coredact::test {

namespace {

void fuzz(ByteView input) { require(brokenPromise(sparseFile({}, input))); }

std::vector<std::vector<std::uint8_t>> seeds() { return goodBytes({}); }

} // namespace

extern const FuzzTarget dumpTarget;
const FuzzTarget dumpTarget {"dump", fuzz, seeds};

} // namespace coredact::test
