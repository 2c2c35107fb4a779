// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/aes/kernel.h"

#include <vector>

namespace coredact {

namespace {

#if defined(__x86_64__) || defined(__i386__)
bool hasSse2() { return __builtin_cpu_supports("sse2") != 0; }
bool hasAvx2() { return __builtin_cpu_supports("avx2") != 0; }
bool hasAvx512() { return __builtin_cpu_supports("avx512f") != 0; }
#else
bool hasSse2() { return false; }
bool hasAvx2() { return false; }
bool hasAvx512() { return false; }
#endif

std::vector<AesKernelChoice> usable()
{
    std::vector<AesKernelChoice> choices {{"portable", aesKernelPortable}};
    if (hasSse2())
        choices.push_back({"sse2", aesKernelSse2});
    if (hasAvx2())
        choices.push_back({"avx2", aesKernelAvx2});
    if (hasAvx512())
        choices.push_back({"avx512", aesKernelAvx512});
    return choices;
}

} // namespace

std::span<const AesKernelChoice> aesKernels()
{
    static const std::vector<AesKernelChoice> choices = usable();
    return choices;
}

} // namespace coredact
