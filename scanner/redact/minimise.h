// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/jobcontrol.h"
#include "scanner/dump/dump.h"
#include "scanner/io/source.h"

namespace coredact {

/// What of a dump a copy is made from.
enum class Form { Whole, Minimised };

/// Bytes that stay in a minimised copy, and what they are.
struct KeptRange {
    FileRange range;
    std::string what; ///< "stack", "thread control block", "loader data", "modules", "notes"

    bool operator==(const KeptRange&) const = default;
};

/// What a minimised dump keeps of memory: each thread's stack from its stack pointer up, control
/// blocks of threads, the data of the dynamic linker and of libc with the list of what is loaded,
/// read-only pages of modules. Sorted, disjoint. Nothing else of it is looked at.
std::vector<KeptRange> memoryToKeep(const Source& source, const Dump& dump);

/// Writes the minimised form of a dump into `target`, an empty file: the same size and the same
/// places, headers and notes, memory as `memoryToKeep` says, and holes for all else. Memory that
/// went has no program header any more, so that a debugger says it is missing and shows no zeros.
/// Threads, modules and notes read as before, or it is ErrorCode::Refused; so is a format that has
/// no minimised form. Gives what was kept, all of it: sorted, disjoint.
Result<std::vector<KeptRange>> minimise(const Source& source, const Dump& dump, int target,
                                        const JobControl& control);

/// Whether a minimised dump reads as the original does: format, threads and modules; structure, of
/// which a minidump may have less; memory, of which each part is one that was there.
/// ErrorCode::Refused where it does not.
Status checkReadsTheSame(const Dump& minimised, const Dump& original);

/// Where bytes of the file that are not zero lie outside the ranges; nothing is the promise kept.
Result<std::optional<std::uint64_t>>
bytesBeside(const Source& source, const std::vector<KeptRange>& kept, const JobControl& control);

} // namespace coredact
