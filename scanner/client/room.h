// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/descriptor.h"
#include "scanner/base/result.h"

#include <cstdint>
#include <string>

namespace coredact {

/// A place for the bytes that come out of a container.
struct Room {
    Descriptor file; ///< empty, unlinked
    /// How large they may be: nine tenths of what is free where the file lies, in the memory for
    /// a file system in memory. A budget and not a ratio, since honest dumps compress as well as
    /// bombs do. TMPDIR chooses another place.
    std::uint64_t byteBudget = 0;
};

/// Room in the folder given or the system's temporary one; where that cannot be had, a quarter of
/// the free memory.
Result<Room> makeRoom(const std::string& folder = {});

} // namespace coredact
