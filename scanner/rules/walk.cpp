// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/walk.h"

namespace coredact {

std::size_t alignedFresh(const Window& window, std::size_t alignment)
{
    if (window.freshBegin >= window.freshEnd)
        return window.freshEnd;
    const std::uint64_t place = window.address ? *window.address + window.freshBegin
                                               : placeInFile(window, window.freshBegin);
    return window.freshBegin
        + static_cast<std::size_t>((alignment - place % alignment) % alignment);
}

std::uint64_t placeInFile(const Window& window, std::size_t position)
{
    return window.map->fileRanges(position, position + 1).front().first();
}

} // namespace coredact
