// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/codec.h"
#include "scanner/rules/noise.h"
#include "scanner/rules/validator.h"

#include <algorithm>

namespace coredact {

namespace {

/// The account in an access key id: 40 bits of what follows the four letters, in base 32.
std::optional<std::string> accountOf(std::string_view keyId)
{
    const auto bytes = decodeBase32(keyId.substr(4));
    if (!bytes || bytes->size() < 6)
        return std::nullopt;
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < 6; ++i)
        bits = (bits << 8) | (*bytes)[i];
    const std::uint64_t account = (bits & 0x7fffffffff80ULL) >> 7;
    return inDigits(account, "0123456789", 12);
}

bool isExample(std::string_view text)
{
    return text.ends_with("EXAMPLE") || text.ends_with("EXAMPLEKEY");
}

} // namespace

/// The id itself is no secret; it names the account and tells that its secret is near.
Validation awsaccesskeyValidator(const Candidate& candidate)
{
    const std::string_view keyId = candidate.matchText();
    Validation validation;
    if (isExample(keyId)) {
        validation.severity = Severity::Info;
        validation.title = "AWS access key id of the documentation's example";
        return validation;
    }
    if (const auto account = accountOf(keyId); account && account->size() == 12)
        validation.identity = Identity {"aws-account-id", *account};
    if (keyId.starts_with("ASIA"))
        validation.title = "AWS access key id, temporary";
    return validation;
}

/// Forty characters of base64 are common; a secret key has the entropy of 30 random bytes, is no
/// digest in hexadecimal and no path.
Validation awssecretValidator(const Candidate& candidate)
{
    const std::string_view secret = candidate.secretText();
    const bool isHex = secret.find_first_not_of("0123456789abcdefABCDEF") == secret.npos;
    const bool isLower = secret.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == secret.npos;
    if (entropy(secret) < 4.2 || isHex || isLower
        || std::count(secret.begin(), secret.end(), '/') > 6)
        return {.proof = Proof::Absurd};
    Validation validation;
    if (isExample(secret)) {
        validation.severity = Severity::Info;
        validation.title = "AWS secret key of the documentation's example";
    }
    const std::string_view match = candidate.matchText();
    if (match.size() > 20 && match.substr(0, 2) == "AK" && !isExample(match.substr(0, 20)))
        if (const auto account = accountOf(match.substr(0, 20)); account && account->size() == 12)
            validation.identity = Identity {"aws-account-id", *account};
    return validation;
}

} // namespace coredact
