// SPDX-License-Identifier: GPL-3.0-or-later
// JSON Web Keys: what token issuers and their clients keep their signing keys in.
#include "scanner/rules/byteanchor.h"
#include "scanner/rules/keys/advice.h"
#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/jsonkey.h"
#include "scanner/rules/validator.h"

#include <array>

namespace coredact {

namespace {

std::span<const RuleInfo> jwkRules()
{
    static const std::array rules {
        RuleInfo {"jwk-private-key",
                  "Private key (JWK)",
                  Severity::Critical,
                  std::string("A JSON Web Key with its private part: token issuers sign with it.")
                      + keyMatters,
                  "Publish a JWKS without this key id and with a new key, so that every verifier "
                  "refuses what the old one signed; then distrust the tokens that are out.",
                  {"private-key", "jwt"},
                  104},
        RuleInfo {"jwk-symmetric-key",
                  "Symmetric key (JWK)",
                  Severity::Critical,
                  "A JSON Web Key of the kind oct. Whoever holds it can sign tokens as their "
                  "issuer, or decrypt what was encrypted with it.",
                  "Make a new key on all sides that share it; tokens that the old one signed must "
                  "be refused.",
                  {"symmetric-key", "jwt"},
                  80},
    };
    return rules;
}

void lookAtType(const Window& window, std::size_t position, MatchSink& sink)
{
    auto found = readJwk(window.bytes, position);
    if (!found || !window.fresh(found->begin))
        return;
    Match match = matchOf(jwkRules()[found->symmetric ? 1 : 0], std::move(found->key), "JWK");
    if (found->symmetric)
        match.title = match.title.substr(0, match.title.find(" private")) + " key (JWK)";
    if (!found->kid.empty())
        match.title += ", kid " + shown(found->kid, 48);
    match.spans = std::move(found->secrets);
    sink.add(std::move(match));
}

} // namespace

std::span<const ByteAnchor> jwkAnchors()
{
    static const std::array anchors {
        anchorOf("kty\"", maximumJwk, lookAtType),
        anchorOf("kty\\", maximumJwk, lookAtType),
    };
    return anchors;
}

extern const Detector jwkDetector;
const Detector jwkDetector {"jwk", jwkRules, maximumJwk, nullptr, true};

} // namespace coredact
