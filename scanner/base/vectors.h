// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

/// Whether functions for the vectors of x86 are built; they carry their target as an attribute, so
/// that the rest of the program runs on any processor of the architecture.
#if defined(__x86_64__) || defined(__i386__)
#define COREDACT_X86 1
#else
#define COREDACT_X86 0
#endif

namespace coredact {

/// What a function needs of the processor, from the least to the most.
enum class Vectors : std::uint8_t {
    None,
    Sse2,
    Avx2,
    Avx512, ///< AVX512F
    Avx512Bytes, ///< and AVX512BW
    Avx512Permuted, ///< and AVX512_VBMI
};

std::string_view toText(Vectors vectors); ///< "portable", "sse2", "avx2", "avx512"

/// Whether this processor and its operating system do. Any thread.
bool canRun(Vectors vectors);

/// One of several functions that give the same answers.
template <typename Function> struct KernelChoice {
    std::string_view name; ///< as toText has it
    Function kernel;
};

template <typename Function> struct KernelFor {
    Vectors vectors;
    Function kernel; ///< nullptr where it is not built
};

/// Those that this machine can run, in the given order, which is to be from the slowest on.
template <typename Function>
std::vector<KernelChoice<Function>>
usableKernels(std::initializer_list<KernelFor<Function>> kernels)
{
    std::vector<KernelChoice<Function>> usable;
    for (const KernelFor<Function>& one : kernels)
        if (one.kernel && canRun(one.vectors))
            usable.push_back({toText(one.vectors), one.kernel});
    return usable;
}

} // namespace coredact
