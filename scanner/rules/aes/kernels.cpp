// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/aes/kernel.h"

namespace coredact {

std::span<const AesKernelChoice> aesKernels()
{
    static const auto kernels = usableKernels<AesKernel>({{Vectors::None, aesKernelPortable},
                                                          {Vectors::Sse2, aesKernelSse2},
                                                          {Vectors::Avx2, aesKernelAvx2},
                                                          {Vectors::Avx512, aesKernelAvx512}});
    return kernels;
}

} // namespace coredact
