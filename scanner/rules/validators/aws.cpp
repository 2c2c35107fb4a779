// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/codec.h"
#include "scanner/rules/validator.h"

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

} // namespace

/// The id itself is no secret; it names the account and tells that its secret is near.
Validation awsaccesskeyValidator(const Candidate& candidate)
{
    const std::string_view keyId = candidate.matchText();
    Validation validation;
    if (keyId.ends_with("EXAMPLE")) {
        validation.severity = Severity::Info;
        validation.title = "AWS access key id of the documentation's example";
        return validation;
    }
    if (const auto account = accountOf(keyId); account && account->size() == 12)
        validation.identity = Identity {"aws-account-id", *account};
    return validation;
}

} // namespace coredact
