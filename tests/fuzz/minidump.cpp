// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/targets.h"
#include "tests/support/promises.h"

namespace coredact::test {

namespace {

constexpr std::size_t magicSize = 4; ///< which is put in front

void fuzz(ByteView input)
{
    if (input.empty())
        return;
    const std::string_view magic = (input[0] & 1) != 0 ? "PMDM" : "MDMP";
    require(brokenPromise(sparseFile(asBytes(magic), input.subspan(1))));
}

std::vector<std::vector<std::uint8_t>> seeds()
{
    std::vector<std::vector<std::uint8_t>> all = goodBytes("minidump");
    for (auto& bytes : all) {
        const std::uint8_t choice = bytes[0] == 'P' ? 1 : 0;
        bytes.erase(bytes.begin(), bytes.begin() + magicSize - 1);
        bytes[0] = choice;
    }
    return all;
}

} // namespace

extern const FuzzTarget minidumpTarget;
const FuzzTarget minidumpTarget {"minidump", fuzz, seeds};

} // namespace coredact::test
