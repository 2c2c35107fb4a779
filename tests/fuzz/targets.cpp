// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/targets.h"

#include "tests/support/memoryfile.h"
#include "tests/support/sampledumps.h"

#include <array>
#include <cstdio>
#include <cstdlib>

namespace coredact::test {

#define FUZZ(name) extern const FuzzTarget name##Target;
#include "tests/fuzz/targets.def"
#undef FUZZ

std::span<const FuzzTarget> fuzzTargets()
{
    static const std::array known {
#define FUZZ(name) name##Target,
#include "tests/fuzz/targets.def"
#undef FUZZ
    };
    return known;
}

void require(std::string_view broken)
{
    if (broken.empty())
        return;
    std::fprintf(stderr, "broken promise: %s\n", std::string(broken).c_str());
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

std::vector<std::vector<std::uint8_t>> goodBytes(std::string_view format)
{
    std::vector<std::vector<std::uint8_t>> all;
    for (GoodFile& good : goodFiles())
        if (!good.bytes.empty() && (format.empty() || good.format == format))
            all.push_back(std::move(good.bytes));
    return all;
}

} // namespace coredact::test
