// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/joins.h"

#include <algorithm>
#include <map>

namespace coredact {

namespace {

/// Of keys and tokens. What more would say is only what keys that are findings belong to, so the
/// scan is complete without; the key says that it may have more.
constexpr std::size_t mostPairs = 20'000;
constexpr std::size_t mostOwners = 12; ///< told of one key

/// How many tokens of an issuer and key id a key verifies, and one of them.
struct Verified {
    const SignedToken* one = nullptr;
    std::size_t count = 0;
};
struct VerifiedTokens {
    std::map<std::pair<std::string, std::string>, Verified> byIssuer; ///< and key id
    bool areAll = true;
};

VerifiedTokens verifiedBy(ByteView publicKey, const std::vector<SignedToken>& tokens,
                          std::size_t& tried)
{
    const TokenVerifier verifier(publicKey);
    VerifiedTokens verified;
    for (const SignedToken& token : tokens) {
        if (isHmac(token))
            continue;
        if (++tried > mostPairs) {
            verified.areAll = false;
            break;
        }
        if (!verifier.verifies(token))
            continue;
        Verified& one = verified.byIssuer[{token.issuer, token.keyId}];
        if (!one.one || token.isOneOfMore)
            one.one = &token;
        ++one.count;
    }
    return verified;
}

void addIssuers(Finding& finding, const VerifiedTokens& verified)
{
    for (const auto& [issuer, one] : verified.byIssuer)
        finding.belongsTo.push_back(tokenIssuerText(*one.one, one.count));
    if (verified.byIssuer.empty() || finding.confidence == Confidence::Verified)
        return;
    finding.confidence = Confidence::Verified;
    finding.proof = "its public half verifies the signatures of tokens in this dump";
}

bool isSymmetricKeyInUse(std::string_view rule)
{
    return rule == "aes-key-schedule" || rule == "chacha20-key";
}

} // namespace

void addOwners(std::vector<Finding>& findings, const std::vector<SecretValue>& values,
               const CertificateHarvest& certificates, const std::vector<SignedToken>& tokens)
{
    std::size_t tried = 0;
    std::map<SecretBytes, VerifiedTokens> known; // keys that are told in several forms
    for (std::size_t i = 0; i < findings.size(); ++i) {
        Finding& finding = findings[i];
        const SecretBytes& publicKey = values[i].publicKey;
        if (finding.severity == Severity::Info || publicKey.empty())
            continue;
        const auto [it, isNew] = known.try_emplace(publicKey);
        if (isNew)
            it->second = verifiedBy(publicKey, tokens, tried);
        addIssuers(finding, it->second);
        if (finding.identity && finding.identity->kind == "spki-sha256")
            for (std::string& owner : certificates.ofKey(finding.identity->value))
                finding.belongsTo.push_back(std::move(owner));
        if (finding.belongsTo.size() > mostOwners) {
            const std::size_t more = finding.belongsTo.size() - mostOwners;
            finding.belongsTo.resize(mostOwners);
            finding.belongsTo.push_back("and " + std::to_string(more) + " more");
        }
        if (!it->second.areAll)
            finding.belongsTo.emplace_back("perhaps other issuers: not all tokens were tried");
    }
}

void addTlsOwners(std::vector<Finding>& findings, const std::vector<SecretValue>& values,
                  const TlsProofs& proofs)
{
    for (std::size_t i = 0; i < findings.size(); ++i) {
        Finding& finding = findings[i];
        const auto owner = proofs.owners.find(values[i].value);
        if (owner != proofs.owners.end() && isSymmetricKeyInUse(finding.rule)) {
            finding.belongsTo.push_back(owner->second);
            if (finding.confidence != Confidence::Verified)
                finding.proof = "it follows from the connection's secret in this dump";
            finding.confidence = Confidence::Verified;
        }
        if (finding.rule == tlsSessionRule().id && proofs.masters.contains(values[i].value)) {
            finding.confidence = Confidence::Verified;
            finding.proof = "keys in use in this dump follow from it";
        }
    }
}

void addKeyOwners(std::vector<Finding>& findings, const std::vector<SecretValue>& values,
                  const std::map<SecretBytes, std::string>& owners)
{
    for (std::size_t i = 0; i < findings.size(); ++i)
        if (const auto owner = owners.find(values[i].value);
            owner != owners.end() && isSymmetricKeyInUse(findings[i].rule))
            findings[i].belongsTo.push_back(owner->second);
}

} // namespace coredact
