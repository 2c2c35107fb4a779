// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/redact/minimise.h"

namespace coredact {

/// Whether it is the dynamic linker, or the library that keeps threads.
bool isLoader(const Module& module);

/// The list of the memory that a minimised ELF core keeps, and that of a minidump.
std::vector<KeptRange> elfMemoryToKeep(const Source& source, const Dump& dump);
std::vector<KeptRange> minidumpMemoryToKeep(const Source& source, const Dump& dump);

/// Sorted, disjoint, what touches and is the same joined. Where ranges overlap, the one that begins
/// first names the bytes.
std::vector<KeptRange> mergedRanges(std::vector<KeptRange> ranges);

} // namespace coredact
