// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/result.h"
#include "scanner/triage/storedverdict.h"

namespace coredact {

/// The decisions over one dump of a report.
struct VerdictSheet {
    std::string path; ///< as the report names the dump
    std::optional<std::uint64_t> size; ///< of the dump in bytes
    std::vector<StoredVerdict> verdicts;
};

/// Reads an edited JSON report (coredact-scan/1) in which findings have "verdict", and if wanted
/// "reason" and "note", beside their "id"; those without a verdict are left out. The text is
/// untrusted: what is no such report, an unknown verdict or reason, and what goes over the limits
/// (64 MiB, a million findings, 4096 bytes of note) is an error that names the place.
Result<std::vector<VerdictSheet>> parseVerdicts(std::string_view text);

/// Reads the decisions of `path`: a session's, or an edited report's for the dump of
/// `dumpSize` bytes. Refuses a report of several dumps of which none or more than one has that
/// size. Opens the file: for front ends.
Result<std::vector<StoredVerdict>> readVerdicts(const std::string& path, std::uint64_t dumpSize);

} // namespace coredact
