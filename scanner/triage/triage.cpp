// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/triage/triage.h"

#include <array>
#include <utility>

namespace coredact {

namespace {

constexpr std::array verdicts {std::pair(Verdict::Pending, std::string_view("pending")),
                               std::pair(Verdict::Redact, std::string_view("redact")),
                               std::pair(Verdict::Keep, std::string_view("keep"))};

constexpr std::array reasons {std::pair(Reason::None, std::string_view("")),
                              std::pair(Reason::FalsePositive, std::string_view("false positive")),
                              std::pair(Reason::TestData, std::string_view("test data")),
                              std::pair(Reason::AcceptedRisk, std::string_view("accepted risk")),
                              std::pair(Reason::Revoked, std::string_view("revoked")),
                              std::pair(Reason::Policy, std::string_view("left by policy"))};

template <typename Value, std::size_t Size>
std::string_view textOf(const std::array<std::pair<Value, std::string_view>, Size>& known,
                        Value wanted)
{
    for (const auto& [value, text] : known)
        if (value == wanted)
            return text;
    return {};
}

template <typename Value, std::size_t Size>
std::optional<Value> valueOf(const std::array<std::pair<Value, std::string_view>, Size>& known,
                             std::string_view wanted)
{
    for (const auto& [value, text] : known)
        if (text == wanted)
            return value;
    return std::nullopt;
}

} // namespace

std::string_view toText(Verdict verdict) { return textOf(verdicts, verdict); }

std::string_view toText(Reason reason) { return textOf(reasons, reason); }

std::optional<Verdict> verdictFrom(std::string_view text) { return valueOf(verdicts, text); }

std::optional<Reason> reasonFrom(std::string_view text) { return valueOf(reasons, text); }

Decision Triage::decisionFor(std::string_view findingId) const
{
    const auto known = decisions.find(findingId);
    return known != decisions.end() ? known->second : Decision {};
}

} // namespace coredact
