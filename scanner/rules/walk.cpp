// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/walk.h"

namespace coredact {

std::size_t alignedFresh(const Window& window, std::size_t alignment)
{
    if (window.freshBegin >= window.freshEnd)
        return window.freshEnd;
    const std::uint64_t place = window.address
        ? *window.address + window.freshBegin
        : window.map->fileRanges(window.freshBegin, window.freshBegin + 1).front().first();
    return window.freshBegin
        + static_cast<std::size_t>((alignment - place % alignment) % alignment);
}

} // namespace coredact
