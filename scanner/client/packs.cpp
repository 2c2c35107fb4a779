// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/client/packs.h"

#include "scanner/scan/finding.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace coredact {

namespace {

constexpr std::array uses {std::pair(PackUse::Redact, std::string_view("redact")),
                           std::pair(PackUse::Show, std::string_view("show")),
                           std::pair(PackUse::Off, std::string_view("off"))};

} // namespace

std::string_view toText(PackUse wanted)
{
    for (const auto& [use, text] : uses)
        if (use == wanted)
            return text;
    return {};
}

std::optional<PackUse> packUseFrom(std::string_view wanted)
{
    for (const auto& [use, text] : uses)
        if (text == wanted)
            return use;
    return std::nullopt;
}

PackUse PackPolicy::useOf(std::string_view pack) const
{
    const auto it = uses.find(pack);
    return it == uses.end() ? PackUse::Redact : it->second;
}

Status PackPolicy::take(std::string_view assignment)
{
    const std::size_t equals = assignment.find('=');
    const auto use
        = equals == assignment.npos ? std::nullopt : packUseFrom(assignment.substr(equals + 1));
    if (!use || equals == 0)
        return Error {ErrorCode::Usage,
                      "a pack is given as NAME=redact, NAME=show or NAME=off, not as \""
                          + std::string(assignment) + "\"",
                      std::nullopt};
    uses[std::string(assignment.substr(0, equals))] = *use;
    return {};
}

std::vector<std::string> PackPolicy::packsWith(PackUse wanted) const
{
    std::vector<std::string> packs;
    for (const auto& [pack, use] : uses)
        if (use == wanted)
            packs.push_back(pack);
    return packs;
}

std::string PackPolicy::text() const
{
    std::string text;
    for (const auto& [pack, use] : uses)
        text += (text.empty() ? "" : ",") + pack + "=" + std::string(toText(use));
    return text;
}

void leaveShownPacks(Triage& triage, std::span<const Finding> findings,
                     std::span<const RuleInfo> rules, const PackPolicy& policy)
{
    std::erase_if(triage.decisions,
                  [](const auto& item) { return item.second.reason == Reason::Policy; });
    std::map<std::string_view, std::string_view> shown; // rule: its pack
    for (const RuleInfo& rule : rules)
        if (policy.useOf(rule.pack) == PackUse::Show)
            shown[rule.id] = rule.pack;
    for (const Finding& finding : findings) {
        const auto rule = shown.find(finding.rule);
        if (rule == shown.end() || triage.decisionFor(finding.id).verdict != Verdict::Pending)
            continue;
        triage.decisions[finding.id]
            = {Verdict::Keep, Reason::Policy, "pack " + std::string(rule->second) + "=show"};
    }
}

std::vector<std::string> packLimits(const PackPolicy& policy)
{
    std::vector<std::string> limits;
    for (const std::string& pack : policy.packsWith(PackUse::Show))
        limits.push_back("By policy what the rules of the pack " + pack
                         + " find was left in place, unless it is listed as redacted.");
    for (const std::string& pack : policy.packsWith(PackUse::Off))
        limits.push_back("By policy the rules of the pack " + pack + " were not used.");
    return limits;
}

} // namespace coredact
