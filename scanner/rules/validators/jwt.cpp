// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/validator.h"
#include "scanner/rules/validators/json.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

/// How many characters a signature of an algorithm has; 0 stands for any (RSA keys differ).
struct Algorithm {
    std::string_view name;
    std::size_t signature;
};
constexpr auto algorithms = std::to_array<Algorithm>({
    {"HS256", 43},
    {"HS384", 64},
    {"HS512", 86},
    {"RS256", 0},
    {"RS384", 0},
    {"RS512", 0},
    {"PS256", 0},
    {"PS384", 0},
    {"PS512", 0},
    {"ES256", 86},
    {"ES256K", 86},
    {"ES384", 128},
    {"ES512", 176},
    {"EdDSA", 86},
});

bool fits(std::string_view algorithm, std::size_t signature)
{
    const auto it = std::find_if(algorithms.begin(), algorithms.end(),
                                 [&](const Algorithm& one) { return one.name == algorithm; });
    if (it == algorithms.end())
        return false;
    // RSA: 1024 bits and more.
    return it->signature == signature || (it->signature == 0 && signature >= 171);
}

/// "iss=..., kid=..., alg=..., exp=...", those that are there.
std::string facts(const nlohmann::json& header, const nlohmann::json& payload)
{
    std::string text;
    const auto add = [&](const nlohmann::json& object, const char* name) {
        const std::string value = shownMember(object, name);
        if (!value.empty())
            text += (text.empty() ? "" : ", ") + std::string(name) + "=" + value;
    };
    add(payload, "iss");
    add(header, "kid");
    add(header, "alg");
    add(payload, "exp");
    return text;
}

/// The token that jwt.io shows, and with it the documentation of many libraries.
bool isWellKnownSample(std::string_view signature)
{
    return signature
        == "SflKxwRJSMeKKF2QT4fw"
           "pMeJf36POk6yJV_adQssw5c";
}

} // namespace

/// Header and payload must be JSON objects; the signature's length must fit the algorithm.
Validation jwtValidator(const Candidate& candidate)
{
    const std::string_view token = candidate.matchText();
    const std::size_t first = token.find('.');
    const std::size_t last = token.rfind('.');
    const auto header = jsonInBase64(token.substr(0, first));
    const auto payload = jsonInBase64(token.substr(first + 1, last - first - 1));
    if (!header || !payload || !header->contains("alg"))
        return {.proof = Proof::Weak, .because = "header or payload do not read as JSON"};
    Validation validation;
    validation.identity = Identity {"jwt", facts(*header, *payload)};
    const std::string_view signature = token.substr(last + 1);
    const std::string algorithm = shownMember(*header, "alg");
    if (!fits(algorithm, signature.size())) {
        validation.proof = Proof::Weak;
        validation.because = "the signature's length does not fit the algorithm";
    }
    if (isWellKnownSample(signature)) {
        validation.severity = Severity::Info;
        validation.title = "JSON Web Token of jwt.io's example";
    } else if (payload->contains("kubernetes.io")
               || shownMember(*payload, "iss") == "kubernetes/serviceaccount") {
        validation.severity = Severity::Critical;
        validation.title = "Kubernetes service account token";
    }
    return validation;
}

/// The header must be a JSON object that names how key and content are encrypted.
Validation jweValidator(const Candidate& candidate)
{
    const std::string_view token = candidate.matchText();
    const auto header = jsonInBase64(token.substr(0, token.find('.')));
    if (!header || !header->contains("enc"))
        return {.proof = Proof::Absurd};
    Validation validation;
    validation.identity = Identity {"jwe", facts(*header, nlohmann::json::object())};
    return validation;
}

} // namespace coredact
