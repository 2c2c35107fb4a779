// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/targets.h"

#include <cstddef>

namespace coredact::test {

/// The target that this program is for.
static const FuzzTarget& target()
{
    for (const FuzzTarget& one : fuzzTargets())
        if (one.name == COREDACT_FUZZ_TARGET)
            return one;
    require("there is no target of this name");
    return fuzzTargets().front();
}

} // namespace coredact::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto run = coredact::test::target().run;
    run({data, size});
    return 0;
}
