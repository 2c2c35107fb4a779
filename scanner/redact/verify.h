// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/jobcontrol.h"
#include "scanner/dump/dump.h"
#include "scanner/io/source.h"
#include "scanner/redact/plan.h"
#include "scanner/scan/scan.h"

#include <functional>
#include <span>
#include <string_view>

namespace coredact {

/// Where a copy broke its promise.
struct Violation {
    std::string check; ///< "bytes", "fill", "holes", "structure", "rescan", "values"
    std::optional<std::uint64_t> offset;
    std::string message;

    bool operator==(const Violation&) const = default;
};

struct Check {
    std::string name; ///< "bytes outside the plan are unchanged", ...
    bool passed = false;
    std::string detail; ///< figures

    bool operator==(const Check&) const = default;
};

/// A list of no violations, with every check passed, is the only success.
struct VerificationReport {
    std::vector<Check> checks;
    std::vector<Violation> violations; ///< at most a hundred of each check
    std::string sha256; ///< of the copy
    /// What the scan of the copy finds and nothing excuses: where a fill changed what a rule looks
    /// at beside it. Filled as well, the places need not fail again. At most 4,096.
    std::vector<FileRange> foundAgain = {};
    /// Where a value is left. Filled as well, the places do not fail again. Those in compressed
    /// streams are not among them. At most 65,536.
    std::vector<FileRange> left = {};

    bool passed() const;
    bool operator==(const VerificationReport&) const = default;
};

struct VerifyInput {
    const Source& copy;
    const Source* original = nullptr; ///< where the owner verifies; a recipient has none
    const RedactionPlan& plan;
    const RuleSet& rules;
    /// Values to search for; their forms are made by code that is not the scanner's.
    std::span<const SecretValue> values;
    /// What findings were kept on purpose: their places are allowed to be found again.
    std::span<const Finding> kept;
    unsigned threads = 0;
    /// Told of each check when it has ended, in no certain order; called by several threads.
    std::function<void(const Check&)> concluded = {};
    /// Packs of rules whose findings policy leaves in place: they may be found anywhere.
    std::span<const std::string> packsLeft {};
    /// The bytes of kept classes of a custom copy: whatever lies there may be found. Sorted,
    /// disjoint.
    std::span<const FileRange> left {};
};

/// What a verification against the original checks, by the names of the checks, in the order in
/// which people read them. Where no values are given the last one is left out.
std::span<const std::string_view> checksAgainstOriginal();

/// Checks the written bytes, independently of how they were made: every change lies in the plan,
/// every planned byte holds its fill, holes stayed holes, the structure reads the same, a fresh
/// scan finds nothing that is not kept, and no value is found in any encoding.
Result<VerificationReport> verifyCopy(const VerifyInput& input, const JobControl& control);

} // namespace coredact
