// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"
#include "scanner/base/result.h"

namespace coredact {

/// Writes a file from its beginning and leaves holes for pages that are all zero. Does not own
/// the descriptor, which must be an empty file open for writing.
class SparseWriter {
public:
    explicit SparseWriter(int target)
        : m_target(target)
    {
    }

    Status write(ByteView bytes);
    /// Sets the file's size, which counts where it ends in a hole.
    Status finish();
    std::uint64_t size() const { return m_size; }

private:
    int m_target;
    std::uint64_t m_size = 0;
};

/// Writes all of `bytes` at `offset`, however many calls to the system it takes.
Status writeAllAt(int target, std::uint64_t offset, ByteView bytes);

} // namespace coredact
