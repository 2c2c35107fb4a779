// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/base/vectors.h"

namespace coredact {

std::string_view toText(Vectors vectors)
{
    switch (vectors) {
    case Vectors::None:
        return "portable";
    case Vectors::Sse2:
        return "sse2";
    case Vectors::Avx2:
        return "avx2";
    case Vectors::Avx512:
    case Vectors::Avx512Bytes:
    case Vectors::Avx512Permuted:
        break;
    }
    return "avx512";
}

bool canRun(Vectors vectors)
{
#if COREDACT_X86
    switch (vectors) {
    case Vectors::None:
        break;
    case Vectors::Sse2:
        return __builtin_cpu_supports("sse2") != 0;
    case Vectors::Avx2:
        return __builtin_cpu_supports("avx2") != 0;
    case Vectors::Avx512:
        return __builtin_cpu_supports("avx512f") != 0;
    case Vectors::Avx512Bytes:
        return __builtin_cpu_supports("avx512bw") != 0;
    case Vectors::Avx512Permuted:
        return __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vbmi") != 0;
    }
    return true;
#else
    return vectors == Vectors::None;
#endif
}

} // namespace coredact
