// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/targets.h"

#include "scanner/io/containers.h"
#include "tests/support/memoryfile.h"
#include "tests/support/promises.h"

#include <cstdio>
#include <cstdlib>

namespace coredact::test {

namespace {

void require(const std::string& broken)
{
    if (broken.empty())
        return;
    std::fprintf(stderr, "broken promise: %s\n", broken.c_str());
    std::abort();
}

Source sparseFile(ByteView front, ByteView input)
{
    constexpr std::string_view Mark = "HOLE";
    constexpr unsigned LargestPower = 40;
    const Descriptor file = memoryFile();
    std::uint64_t size = front.size() + input.size();
    const std::size_t end = input.size();
    if (end > Mark.size() && asText(input).substr(end - 1 - Mark.size(), Mark.size()) == Mark
        && input.back() <= LargestPower)
        size += std::uint64_t {1} << input.back();
    writeAt(file.number(), 0, front);
    writeAt(file.number(), front.size(), input);
    if (ftruncate(file.number(), static_cast<off_t>(size)) != 0)
        std::abort();
    return sourceOf(file.number());
}

} // namespace

void fuzzDump(ByteView input)
{
    require(brokenPromise(sparseFile({}, input)));
}

void fuzzElfCore(ByteView input)
{
    if (input.empty())
        return;
    // The first bit chooses the class, the second one the byte order.
    const bool big = (input[0] & 2) != 0;
    std::vector<std::uint8_t> front {0x7f, 'E', 'L', 'F'};
    front.push_back(static_cast<std::uint8_t>(1 + (input[0] & 1)));
    front.push_back(big ? 2 : 1);
    front.resize(16, 0);
    front.push_back(big ? 0 : 4);
    front.push_back(big ? 4 : 0);
    require(brokenPromise(sparseFile(front, input.subspan(1))));
}

void fuzzMinidump(ByteView input)
{
    if (input.empty())
        return;
    const std::string_view magic = (input[0] & 1) != 0 ? "PMDM" : "MDMP";
    require(brokenPromise(sparseFile(asBytes(magic), input.subspan(1))));
}

void fuzzContainers(ByteView input)
{
    constexpr std::uint64_t Budget = 4U << 20;
    const auto source = Source::fromBytes(input);
    const Descriptor target = memoryFile();
    const auto answer = decompress(*source, target.number(), Budget, JobControl());
    if (!answer)
        require(answer.error().message.empty() ? "an error says nothing" : "");
    else
        require(answer->size > Budget ? "more bytes than the budget allows" : "");
}

} // namespace coredact::test
