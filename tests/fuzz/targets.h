// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"
#include "scanner/io/source.h"

#include <string>
#include <vector>

namespace coredact::test {

/// What libFuzzer calls with bytes of its own making, and what the replay calls with the kept
/// files and with damaged seeds. A broken promise ends the process.
struct FuzzTarget {
    std::string_view name;
    void (*run)(ByteView input);
    /// Small inputs that get far; none where any bytes do.
    std::vector<std::vector<std::uint8_t>> (*seeds)();
};

/// All that targets.def lists.
std::span<const FuzzTarget> fuzzTargets();

/// Ends the process unless `broken` is empty.
void require(std::string_view broken);
inline void require(bool holds, std::string_view promise) { require(holds ? "" : promise); }

/// A file of these bytes. Where the input ends with "HOLE" and a byte, the file is followed by a
/// hole of 2^byte bytes, so that a short input can describe a huge file.
Source sparseFile(ByteView front, ByteView input);

/// The bytes of the good files of one format; of all where `format` is empty.
std::vector<std::vector<std::uint8_t>> goodBytes(std::string_view format);

} // namespace coredact::test
