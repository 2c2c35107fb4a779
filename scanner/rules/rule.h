// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"
#include "scanner/scan/finding.h"

#include <string>
#include <vector>

namespace coredact {

/// What people are told of one kind of secret.
struct RuleInfo {
    std::string id; ///< stable and unique, kebab case
    std::string title;
    Severity severity = Severity::Medium;
    std::string explanation;
    std::string remediation;
    std::vector<std::string> tags; ///< "generic", "cloud", ...; see resources/rules/README.md
    /// Where two rules claim the same bytes, an occurrence inside one of a rule with a higher
    /// value is dropped. 0: generic text; 50: a distinctive token; 100: proof by arithmetic.
    int precedence = 50;
    /// What it belongs to, as a whole switched and left to policy: "secrets", "personal-data",
    /// "wallets".
    std::string pack = "secrets";
};

/// How a secret's bytes may be written elsewhere.
enum class ValueForm {
    Text, ///< characters: also UTF-16, escapes, base64, hex
    Binary, ///< a key as bytes in their one order: also reversed, words swapped, base64, hex
    Number, ///< a big-endian integer without leading zeros: also little-endian limbs, words swapped
};

/// Another value that gives the secret away: a prime, a key schedule, the password inside
/// "user:password".
struct DerivedValue {
    std::string name; ///< "q", "AES encryption schedule"
    ValueForm form = ValueForm::Binary;
    SecretBytes bytes;
};

} // namespace coredact
