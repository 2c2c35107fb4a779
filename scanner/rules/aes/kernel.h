// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"
#include "scanner/base/vectors.h"

namespace coredact {

/// The first position p in [from, to) where four bytes that are not all zero satisfy one of
/// `aesRelations`; `to` when there is none. Only p = from, from + 4, from + 8, ... are looked at:
/// a run of 8 bytes covers one of them whatever its alignment. Positions whose relations reach
/// past the bytes do not count.
using AesKernel = std::size_t (*)(ByteView bytes, std::size_t from, std::size_t to);

using AesKernelChoice = KernelChoice<AesKernel>;

/// Those that this machine can run, the slowest first. All give the same answers.
std::span<const AesKernelChoice> aesKernels();

std::size_t aesKernelPortable(ByteView bytes, std::size_t from, std::size_t to);
// nullptr where the compiler does not build for x86.
extern const AesKernel aesKernelSse2;
extern const AesKernel aesKernelAvx2;
extern const AesKernel aesKernelAvx512;

} // namespace coredact
