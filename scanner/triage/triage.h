// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/range.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace coredact {

/// What becomes of the bytes. Pending is redacted too: only Keep leaves bytes in place.
enum class Verdict { Pending, Redact, Keep };

/// Why something is kept.
enum class Reason {
    None,
    FalsePositive,
    TestData,
    AcceptedRisk,
    Revoked,
    Policy, ///< its whole pack is left in place (see client/packs.h)
};

std::string_view toText(Verdict verdict); ///< "pending", "redact", "keep"
std::string_view toText(Reason reason); ///< "", "false positive", "test data", ...
std::optional<Verdict> verdictFrom(std::string_view text);
std::optional<Reason> reasonFrom(std::string_view text);

struct Decision {
    Verdict verdict = Verdict::Pending;
    Reason reason = Reason::None;
    std::string note; ///< the analyst's own words

    bool operator==(const Decision&) const = default;
};

/// The verdicts over one dump, by finding id. A finding without an entry is pending.
struct Triage {
    std::map<std::string, Decision, std::less<>> decisions;

    Decision decisionFor(std::string_view findingId) const;
    bool operator==(const Triage&) const = default;
};

} // namespace coredact
