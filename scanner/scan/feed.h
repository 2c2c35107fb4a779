// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"

namespace coredact {

/// Bytes that are taken once, from the front to the back.
class Feed {
public:
    virtual ~Feed() = default;
    /// Answers how many bytes it put to the front of `buffer`: fewer only at the end.
    virtual std::size_t read(MutableByteView buffer) = 0;
};

} // namespace coredact
