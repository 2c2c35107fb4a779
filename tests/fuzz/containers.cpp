// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/io/containers.h"
#include "tests/fuzz/targets.h"
#include "tests/support/memoryfile.h"

namespace coredact::test {

namespace {

void fuzz(ByteView input)
{
    constexpr std::uint64_t Budget = 4U << 20;
    const auto source = Source::fromBytes(input);
    const Descriptor target = memoryFile();
    const auto answer = decompress(*source, target.number(), Budget, JobControl());
    if (!answer)
        require(!answer.error().message.empty(), "an error says something");
    else
        require(answer->size <= Budget, "no more bytes than the budget allows");
}

/// The same text in each container that can be written.
std::vector<std::vector<std::uint8_t>> seeds()
{
    std::vector<std::vector<std::uint8_t>> all;
    const auto plain = Source::fromBytes(asBytes("a dump, a dump, a dump in a container"));
    for (const char* codec : {"zstd", "gzip", "xz", "lz4"}) {
        const Descriptor target = memoryFile();
        const std::vector<std::string> chain {codec};
        if (compress(*plain, chain, target.number(), JobControl()))
            all.push_back(contents(target.number()));
    }
    return all;
}

} // namespace

extern const FuzzTarget containersTarget;
const FuzzTarget containersTarget {"containers", fuzz, seeds};

} // namespace coredact::test
