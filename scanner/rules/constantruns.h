// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"

#include <functional>

namespace coredact {

/// Calls `visit(begin, end)` with the parts of `bytes` between long runs (512 bytes and more) of
/// one byte that is no text, such as zeros; 64 bytes of each run stay with its neighbours. Parts
/// are in order and at most 1 GiB wide, overlapping by 32 KiB where that cuts them. Runs pass at
/// memory speed.
void forEachBusyPart(ByteView bytes,
                     const std::function<void(std::size_t begin, std::size_t end)>& visit);

} // namespace coredact
