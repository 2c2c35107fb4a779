// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/result.h"
#include "scanner/rules/rule.h"
#include "scanner/triage/triage.h"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace coredact {

/// What becomes of everything that the rules of one pack find.
enum class PackUse {
    Redact, ///< like every secret: redacted unless somebody keeps it
    Show, ///< reported, and left in place by policy unless somebody redacts it
    Off, ///< not looked for
};

std::string_view toText(PackUse use); ///< "redact", "show", "off"
std::optional<PackUse> packUseFrom(std::string_view text);

/// What becomes of each pack. Personal data are shown, everything else is redacted, until somebody
/// says otherwise.
struct PackPolicy {
    std::map<std::string, PackUse, std::less<>> uses {{"personal-data", PackUse::Show}};

    PackUse useOf(std::string_view pack) const;
    /// Takes "personal-data=redact"; refuses a use that is none.
    Status take(std::string_view assignment);
    /// The packs that somebody spoke of with that use, sorted.
    std::vector<std::string> packsWith(PackUse use) const;
    /// "personal-data=show,wallets=off": the same text for the same policy.
    std::string text() const;
};

/// Gives the findings of shown packs that nobody decided on the verdict *keep*, with the reason
/// that policy left them: so they are told as kept everywhere, and undecided still means redacted.
/// Earlier decisions of policy are made anew.
void leaveShownPacks(Triage& triage, std::span<const Finding> findings,
                     std::span<const RuleInfo> rules, const PackPolicy& policy);

/// What a certificate must say of the policy: which packs were left in place or not looked for.
std::vector<std::string> packLimits(const PackPolicy& policy);

} // namespace coredact
