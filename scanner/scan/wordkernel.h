// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/vectors.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace coredact {

/// Adds to `positions`, in rising order, those in [begin, end) where one of a few words of four
/// bytes stands. Three bytes after `end` must be readable.
using WordKernel
    = void (*)(std::span<const std::uint32_t> words, const std::uint8_t* bytes, std::size_t begin,
               std::size_t end, std::vector<std::uint32_t>& positions);

using WordKernelChoice = KernelChoice<WordKernel>;

/// Those that this machine can run, the slowest first. All give the same answers.
std::span<const WordKernelChoice> wordKernels();

} // namespace coredact
