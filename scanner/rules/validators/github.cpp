// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/codec.h"
#include "scanner/rules/validator.h"

namespace coredact {

/// GitHub and npm: the last six characters are the CRC-32 of the random ones before, in base 62.
Validation githubValidator(const Candidate& candidate)
{
    const std::string_view token = candidate.matchText();
    const std::string_view body = token.substr(token.find('_') + 1);
    if (body.size() < 7)
        return {};
    const std::string_view random = body.substr(0, body.size() - 6);
    if (inDigits(crc32(random), base62Digits, 6) == body.substr(body.size() - 6))
        return {.proof = Proof::Holds, .because = "the token's CRC-32 holds"};
    return {.proof = Proof::Weak, .because = "the token's CRC-32 does not hold"};
}

} // namespace coredact
