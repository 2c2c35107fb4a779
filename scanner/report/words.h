// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/report/report.h"

#include <array>

/// Figures and phrases that several formats share.
namespace coredact::report {

inline constexpr std::array severities {Severity::Critical, Severity::High, Severity::Medium,
                                        Severity::Low, Severity::Info};

/// What becomes of other copies of such a value.
std::string_view noteOf(NotSought reason);

/// What a finding's proof is called: "Proof" where it is one, "Evidence" where it makes likely or
/// less than that.
std::string_view proofName(const Finding& finding);

/// The shape that repeats the colour of a severity, for print and for colour-blind eyes.
std::string_view shapeOf(Severity severity);

std::string hexAddress(std::uint64_t address); ///< "0x7f0000001000"
std::string sizeText(std::uint64_t bytes); ///< "256 bytes", "1.5 MiB"
std::string countText(std::uint64_t count, std::string_view one, std::string_view many);

/// Words broken into lines of at most `width` columns, the later ones indented. Text that is in
/// one word stays whole. Columns are counted as characters.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width = 96);

/// "2 critical · 1 high", of what counts; "" where nothing does.
std::string severityCounts(const ScannedDump& dump);

/// "elf-core in zstd, 118 MiB · nginx · pid 1234 · x86_64 · signal 11"; escaped.
std::string dumpLine(const ScannedDump& dump);

/// "offset 4096 · 256 bytes · 0x7f0000001000 · [heap] · base64"; escaped.
std::string placeLine(const Occurrence& occurrence);

/// "118 MiB of 118 MiB scanned, complete", or what is missing.
std::string coverageLine(const ScannedDump& dump);

/// "kept: false positive (note)", "to be redacted", or "" while nobody decided; escaped.
std::string verdictLine(const Decision& decision);

std::uint64_t lengthOf(const Occurrence& occurrence);

/// Findings by severity, the worst first, then in the order of the report.
std::vector<const Finding*> worstFirst(const ScannedDump& dump);

/// "signal 11", "exception 0xc0000005".
std::string signalText(std::uint32_t signal);

} // namespace coredact::report
