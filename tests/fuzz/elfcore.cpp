// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/targets.h"
#include "tests/support/promises.h"

namespace coredact::test {

namespace {

constexpr std::size_t identSize = 18; ///< e_ident and e_type, which are put in front

/// The start of an ELF core and the input; its first byte chooses class and byte order.
void fuzz(ByteView input)
{
    if (input.empty())
        return;
    const bool big = (input[0] & 2) != 0;
    std::vector<std::uint8_t> front {0x7f, 'E', 'L', 'F'};
    front.push_back(static_cast<std::uint8_t>(1 + (input[0] & 1)));
    front.push_back(big ? 2 : 1);
    front.resize(identSize - 2, 0);
    front.push_back(big ? 0 : 4);
    front.push_back(big ? 4 : 0);
    require(brokenPromise(sparseFile(front, input.subspan(1))));
}

std::vector<std::vector<std::uint8_t>> seeds()
{
    std::vector<std::vector<std::uint8_t>> all = goodBytes("elf-core");
    for (auto& bytes : all) {
        const auto choice = static_cast<std::uint8_t>((bytes[4] - 1) | (bytes[5] == 2 ? 2 : 0));
        bytes.erase(bytes.begin(), bytes.begin() + identSize - 1);
        bytes[0] = choice;
    }
    return all;
}

} // namespace

extern const FuzzTarget elfcoreTarget;
const FuzzTarget elfcoreTarget {"elfcore", fuzz, seeds};

} // namespace coredact::test
