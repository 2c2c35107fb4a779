// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/codec.h"
#include "scanner/rules/keys/signedtokens.h"
#include "scanner/rules/validators/json.h"
#include "scanner/rules/validators/verdicts.h"

#include <algorithm>

namespace coredact {

/// For keys without a mark of their own behind a telling name: random letters of both cases and
/// digits, or hexadecimal digits. Anything else there is a word or a name.
Validation mixedValidator(const Candidate& candidate)
{
    const std::string_view secret = candidate.secretText();
    const auto holds = [&](std::string_view range) {
        return std::any_of(secret.begin(), secret.end(),
                           [&](char c) { return c >= range.front() && c <= range.back(); });
    };
    const bool hex = secret.find_first_not_of("0123456789abcdefABCDEF") == secret.npos;
    if (!holds("09") || (!hex && !(holds("AZ") && holds("az"))))
        return {.proof = Proof::Absurd};
    return {};
}

/// JSON in base64: account, tunnel and the tunnel's secret. The first two may be shown.
Validation cloudflaretunnelValidator(const Candidate& candidate)
{
    const auto token = jsonInBase64(candidate.secretText());
    if (!token || !token->contains("a") || !token->contains("t") || !token->contains("s"))
        return {.proof = Proof::Weak, .because = "it does not read as JSON"};
    Validation validation;
    validation.identity = Identity {"cloudflare-tunnel", shownMember(*token, "t")};
    return validation;
}

/// JSON in base64 that names the user, then the signature.
Validation mapboxValidator(const Candidate& candidate)
{
    const std::string_view secret = candidate.secretText();
    const auto facts = jsonInBase64(secret.substr(0, secret.rfind('.')));
    if (!facts || !facts->contains("u"))
        return {.proof = Proof::Weak, .because = "it does not read as JSON"};
    Validation validation;
    validation.identity = Identity {"mapbox-user", shownMember(*facts, "u")};
    return validation;
}

/// The last six characters are the CRC-32 of everything before the last underscore, in base 62.
/// Where the token names the user, in base64, that may be shown.
Validation matrixValidator(const Candidate& candidate)
{
    const std::string_view token = candidate.matchText();
    const std::size_t mark = token.rfind('_');
    Validation validation = byChecksum(inDigits(crc32(token.substr(0, mark)), base62Digits, 6)
                                           == token.substr(mark + 1),
                                       "CRC-32");
    if (!token.starts_with("syt_"))
        return validation;
    if (const auto user = decodeBase64(candidate.group(1)))
        validation.identity = Identity {"matrix-user", shown(asText(*user))};
    return validation;
}

/// The first letters are version and time, which many zeros of something else may pass for.
Validation fernetValidator(const Candidate& candidate)
{
    SecretBytes token(6);
    constexpr std::string_view mark = "gAAAAA";
    std::copy(mark.begin(), mark.end(), token.begin());
    token.insert(token.end(), candidate.secretText().begin(), candidate.secretText().end());
    if (!readFernetToken(token))
        return {.proof = Proof::Absurd};
    return {};
}

} // namespace coredact
