// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/structurewords.h"

namespace coredact {

/// Where the heap of Go's programs is on 64-bit machines: the runtime asks for memory from an
/// address on that nothing else is given (runtime/malloc.go, mallocinit). As much as any has.
inline constexpr WordRange goHeap {0xc000000000, 0xffffffffff};

} // namespace coredact
