// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/targets.h"

#include <cstddef>
#include <cstdlib>
#include <fstream>

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

/// A file for each seed, in a folder that is there.
static void writeSeeds(const std::string& folder)
{
    int number = 0;
    for (const std::vector<std::uint8_t>& seed : target().seeds()) {
        std::ofstream file(folder + "/seed" + std::to_string(++number), std::ios::binary);
        file.write(reinterpret_cast<const char*>(seed.data()),
                   static_cast<std::streamsize>(seed.size()));
        require(file.good(), "a seed cannot be written");
    }
}

} // namespace coredact::test

/// libFuzzer calls it before it reads the folders that it is given: COREDACT_SEEDS is one of them.
extern "C" int LLVMFuzzerInitialize(int*, char***)
{
    if (const char* folder = std::getenv("COREDACT_SEEDS"))
        coredact::test::writeSeeds(folder);
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto run = coredact::test::target().run;
    run({data, size});
    return 0;
}
