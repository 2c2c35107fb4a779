// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/claims.h"
#include "scanner/dump/dump.h"
#include "scanner/scan/finding.h"

#include <span>

namespace coredact {

/// Where file bytes are: their addresses, and the name of the region or field that holds them.
/// Built once for a dump, O(log n) to ask. Immutable; any thread. The dump must outlive it.
class Places {
public:
    explicit Places(const Dump& dump);

    /// The same bytes as pieces: split where the memory behind them is not contiguous.
    std::vector<Piece> pieces(std::span<const FileRange> ranges) const;
    /// "[heap]", "NT_PRPSINFO.psargs", "file" for bytes that nothing names.
    std::string nameAt(std::uint64_t fileOffset) const;

private:
    std::span<const Segment> m_segments;
    std::span<const FileRange> m_structure;
    std::vector<Claim<FileRange>> m_owners; ///< the first listed segment owns a byte
    std::vector<const Field*> m_fields; ///< by first offset
};

} // namespace coredact
