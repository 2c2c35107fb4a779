// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/jobcontrol.h"
#include "scanner/io/source.h"
#include "scanner/redact/plan.h"

namespace coredact {

struct ExportReport {
    std::uint64_t bytesWritten = 0;
    std::uint64_t bytesChanged = 0; ///< bytes inside the plan's edits
    std::string sha256; ///< of the written, uncompressed bytes

    bool operator==(const ExportReport&) const = default;
};

/// Writes a copy of `source` with the plan's fills through `target`, a new and empty anonymous
/// file open for reading and writing. Holes stay holes. Fails, and says where, when the input
/// changed since it was opened, when a range of the plan was not filled in full, or on any
/// write error; then the target must be thrown away. Ends with fsync. Opens nothing.
Result<ExportReport> exportCopy(const Source& source, const RedactionPlan& plan, int target,
                                const JobControl& control);

/// The bytes that a fill puts into [range.first, range.last] of `edit`, for positions
/// [from, from + target.size()) of the file; shared by exporter and preview, not by the verifier.
void writeFill(const Edit& edit, std::uint64_t from, MutableByteView target);

} // namespace coredact
