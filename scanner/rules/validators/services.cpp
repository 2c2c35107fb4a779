// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/codec.h"
#include "scanner/rules/validators/json.h"
#include "scanner/rules/validators/verdicts.h"

#include <algorithm>

namespace coredact {

/// The last eight characters are the CRC-32 of everything before the last underscore, low byte
/// first, in hexadecimal.
Validation grafanaValidator(const Candidate& candidate)
{
    const std::string_view token = candidate.matchText();
    const std::uint32_t checksum = crc32(token.substr(0, token.rfind('_')));
    std::string expected;
    for (int i = 0; i < 4; ++i)
        expected += inDigits(checksum >> (8 * i) & 0xffU, "0123456789abcdef", 2);
    return byChecksum(token.ends_with(expected), "CRC-32");
}

/// JSON in base64 with the key as "k"; organisation and name beside it may be shown.
Validation grafanacloudValidator(const Candidate& candidate)
{
    const auto token = jsonInBase64(candidate.secretText());
    if (!token || !token->contains("k"))
        return {.proof = Proof::Weak, .because = "it does not read as JSON"};
    Validation validation;
    std::string name = shownMember(*token, "n");
    if (const std::string organisation = shownMember(*token, "o"); !organisation.empty())
        name = organisation + "/" + name;
    validation.identity = Identity {"grafana-key", name};
    return validation;
}

/// JSON in base64, an underscore, the secret. The JSON names organisation and region.
Validation sentryValidator(const Candidate& candidate)
{
    const std::string_view text = candidate.secretText();
    const auto facts = jsonInBase64(text.substr(0, text.rfind('_')));
    if (!facts || !facts->contains("org"))
        return {.proof = Proof::Weak, .because = "it does not read as JSON"};
    Validation validation;
    validation.identity = Identity {"sentry-organisation", shownMember(*facts, "org")};
    return validation;
}

/// JSON in base64 with everything that signing in takes.
Validation onepasswordValidator(const Candidate& candidate)
{
    const auto facts = jsonInBase64(candidate.secretText());
    if (!facts || !facts->contains("secretKey"))
        return {.proof = Proof::Weak, .because = "it does not read as JSON"};
    Validation validation;
    validation.identity = Identity {"1password-account", shownMember(*facts, "signInAddress")};
    return validation;
}

Validation slackValidator(const Candidate& candidate)
{
    Validation validation;
    switch (candidate.group(1).back()) {
    case 'b':
        validation.title = "Slack bot token";
        break;
    case 'p':
        validation.title = "Slack user token";
        break;
    case 'a':
        validation.title = "Slack workspace token";
        break;
    case 'r':
        validation.title = "Slack refresh token";
        break;
    default:
        break;
    }
    return validation;
}

/// Whether two points stand as far from one another as in a token.
bool discordScreen(ByteView bytes)
{
    constexpr std::size_t distance = 7;
    const std::string_view text = asText(bytes);
    for (std::size_t at = text.find('.'); at != text.npos && at + distance < text.size();
         at = text.find('.', at + 1))
        if (text[at + distance] == '.')
            return true;
    return false;
}

/// The first part is the bot's number in base64; other text with two points is no token.
Validation discordValidator(const Candidate& candidate)
{
    const std::string_view token = candidate.secretText();
    const auto bytes = decodeBase64(token.substr(0, token.find('.')));
    if (!bytes || bytes->size() < 17 || bytes->size() > 20
        || !std::all_of(bytes->begin(), bytes->end(),
                        [](std::uint8_t byte) { return byte >= '0' && byte <= '9'; }))
        return {.proof = Proof::Absurd};
    Validation validation;
    validation.identity = Identity {"discord-user-id", shown(asText(*bytes))};
    return validation;
}

} // namespace coredact
