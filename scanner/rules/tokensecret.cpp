// SPDX-License-Identifier: GPL-3.0-or-later
// Secrets without any shape of their own: what signs a JSON Web Token, a cookie or a Fernet token
// of the same dump with HMAC is its secret. The search itself goes along with the scan
// (scanner/scan/tokensecrets.h).
#include "scanner/rules/detector.h"
#include "scanner/rules/keys/tokensecretrule.h"

#include <array>

namespace coredact {

namespace {

std::span<const RuleInfo> tokenSecretRules()
{
    static const std::array rules {
        RuleInfo {"jwt-hmac-secret",
                  "Secret that signs JSON Web Tokens",
                  Severity::Critical,
                  "The HMAC of a JSON Web Token in this dump comes out right with this text as its "
                  "secret. Whoever holds it can make tokens for anybody, with any rights, that "
                  "every verifier takes for real.",
                  "Change the secret at the issuer and at every verifier, end all sessions, and "
                  "distrust tokens that were made since the dump was. A signing key of which "
                  "verifiers hold only the public half would not have been in their memory.",
                  {"token", "web"},
                  95},
        RuleInfo {
            "cookie-signing-secret",
            "Secret that signs session cookies",
            Severity::Critical,
            "The signature of a session cookie in this dump comes out right with this text as "
            "its secret. Whoever holds it can make cookies that sign in as anybody.",
            "Change the secret of the application (SECRET_KEY in Flask, `secret` of "
            "express-session and cookie-parser), which ends all sessions, and distrust "
            "cookies that were made since the dump was.",
            {"token", "web"},
            95},
        RuleInfo {
            "fernet-key",
            "Fernet key",
            Severity::Critical,
            "The HMAC of a Fernet token in this dump comes out right with this key. Whoever "
            "holds it can read all that was encrypted with it, and make tokens that are "
            "taken for real: fields of databases, connections of Airflow, tokens of "
            "OpenStack.",
            "Put a new key first in the list (MultiFernet, fernet_key of Airflow, "
            "keystone-manage fernet_rotate), encrypt stored values anew, and remove this one. "
            "Replace what the values were, if the dump left your hands.",
            {"token", "symmetric-key"},
            95},
    };
    return rules;
}

} // namespace

const RuleInfo& tokenSecretRule() { return tokenSecretRules()[0]; }
const RuleInfo& cookieSecretRule() { return tokenSecretRules()[1]; }
const RuleInfo& fernetKeyRule() { return tokenSecretRules()[2]; }

extern const Detector tokensecretDetector;
const Detector tokensecretDetector {"tokensecret", tokenSecretRules, 0, nullptr, false, nullptr};

} // namespace coredact
