// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/jobcontrol.h"
#include "scanner/dump/dump.h"
#include "scanner/io/rangesums.h"
#include "scanner/io/source.h"
#include "scanner/rules/ruleset.h"
#include "scanner/scan/finding.h"

#include <functional>

namespace coredact {

/// The value behind a finding, and the values that give it away. Stays inside the engine.
struct SecretValue {
    ValueForm form = ValueForm::Text;
    SecretBytes value;
    std::vector<DerivedValue> derived;
    SecretBytes publicKey {}; ///< of a private key, as SubjectPublicKeyInfo; not kept with the rest
};

struct ScanOptions {
    unsigned threads = 0; ///< 0: one for each processor
    std::size_t windowSize = 1U << 20; ///< fresh bytes of a window; results do not depend on it
    /// Exact values to look for as well, each a finding of the rule "given-secret".
    std::vector<SecretBytes> given;
    bool propagate = true; ///< also find every other copy and fragment of every value
    bool sums = true; ///< take sums of what is scanned, without which nothing can be exported
};

/// Bytes that could not be read or decoded.
struct IncompleteRange {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    std::string reason;
    bool failed = false; ///< a read went wrong that might go well at another time

    bool operator==(const IncompleteRange&) const = default;
};

struct ScanResult {
    std::vector<Finding> findings;
    std::vector<SecretValue> values; ///< one for each finding, in the same order
    std::uint64_t scannedBytes = 0; ///< holes and constant pages count as scanned
    std::vector<IncompleteRange> incomplete; ///< also from the dump's diagnostics
    RangeSums sums; ///< of the bytes that were scanned, where they were asked for
};

/// Tells of a finding while the scan runs, with the places known so far; called from the scanning
/// threads, one at a time. Its id is not set yet.
using FindingWatcher = std::function<void(const Finding&)>;

/// Looks at every byte of the file: extents in memory order, seams in file order, views, walks;
/// then groups by value and finds all copies. The result depends only on bytes, rules and given
/// values: not on threads, window size or the order of segments.
/// A part that cannot be read is in `incomplete`, and the scan goes on.
Result<ScanResult> scan(const Source& source, const Dump& dump, const RuleSet& rules,
                        const ScanOptions& options, const JobControl& control,
                        const FindingWatcher& watcher = {});

} // namespace coredact
