// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/codec.h"
#include "scanner/rules/validators/verdicts.h"

#include <algorithm>
#include <array>
#include <utility>

namespace coredact {

/// GitHub and npm: the last six characters are the CRC-32 of the random ones before, in base 62.
Validation githubValidator(const Candidate& candidate)
{
    const std::string_view token = candidate.matchText();
    const std::string_view body = token.substr(token.find('_') + 1);
    if (body.size() < 7)
        return {};
    const std::string_view random = body.substr(0, body.size() - 6);
    return byChecksum(inDigits(crc32(random), base62Digits, 6) == body.substr(body.size() - 6),
                      "CRC-32");
}

/// The last six characters are said to be the CRC-32 of what stands before them. Nobody but GitHub
/// has confirmed it, so only a checksum that holds says something.
Validation githubfineValidator(const Candidate& candidate)
{
    const std::string_view body = candidate.secretText();
    const std::string_view random = body.substr(0, body.size() - 6);
    if (inDigits(crc32(random), base62Digits, 6) != body.substr(body.size() - 6))
        return {};
    return byChecksum(true, "CRC-32");
}

Validation gitlabValidator(const Candidate& candidate)
{
    static constexpr auto kinds = std::to_array<std::pair<std::string_view, std::string_view>>({
        {"glpat", "personal or project access token"},
        {"gldt", "deploy token"},
        {"glrt", "runner token"},
        {"glrtr", "runner registration token"},
        {"glcbt", "CI job token"},
        {"glptt", "pipeline trigger token"},
        {"glft", "feed token"},
        {"glimt", "incoming mail token"},
        {"glagent", "agent token"},
        {"gloas", "application secret"},
        {"glsoat", "SCIM token"},
        {"glffct", "feature flags token"},
    });
    const std::string_view prefix = candidate.group(1);
    const auto kind = std::find_if(kinds.begin(), kinds.end(),
                                   [&](const auto& item) { return item.first == prefix; });
    Validation validation;
    if (kind != kinds.end())
        validation.title = "GitLab " + std::string(kind->second);
    return validation;
}

namespace {

/// "o:1\nu:2s\n" in the payload: organisation and user, in base 36.
std::string routeOf(std::string_view payload)
{
    const auto bytes = decodeBase64(payload);
    if (!bytes || bytes->size() < 18)
        return {};
    std::string route;
    for (const char c : asText(*bytes).substr(16, bytes->size() - 17))
        route += c == '\n' ? ' ' : c;
    const bool clean = std::all_of(route.begin(), route.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ':' || c == ' ';
    });
    while (route.ends_with(' '))
        route.pop_back();
    return clean ? route : std::string();
}

} // namespace

/// The last seven characters are the CRC-32 of everything before, in base 36; the two before them
/// say how long the payload is.
Validation gitlabroutableValidator(const Candidate& candidate)
{
    const std::string_view token = candidate.matchText();
    const std::string_view secret = candidate.secretText();
    Validation validation
        = byChecksum(inDigits(crc32(token.substr(0, token.size() - 7)), base36Digits, 7)
                         == token.substr(token.size() - 7),
                     "CRC-32");
    validation.title = "GitLab token (routable)";
    const std::string route = routeOf(secret.substr(0, secret.find('.')));
    if (!route.empty())
        validation.identity = Identity {"gitlab-route", shown(route)};
    return validation;
}

/// The last eight characters are the CRC-32 of everything before, in hexadecimal.
Validation atlassianValidator(const Candidate& candidate)
{
    const std::string_view token = candidate.matchText();
    return byChecksum(inDigits(crc32(token.substr(0, token.size() - 8)), "0123456789ABCDEF", 8)
                          == token.substr(token.size() - 8),
                      "CRC-32");
}

/// 32 bytes in base 32 of which bytes 22, 8, 7 and 2 are the CRC-32 of the others, low byte first,
/// changed by a constant that tells a user's token from an application's. The shape has no mark,
/// so nothing but the checksum tells it from other text.
Validation azuredevopsValidator(const Candidate& candidate)
{
    const auto bytes = decodeBase32(candidate.secretText());
    if (!bytes || bytes->size() < 32)
        return {.proof = Proof::Absurd};
    SecretBytes body;
    std::uint32_t checksum = 0;
    for (std::size_t i = 0; i < 32; ++i)
        if (i != 2 && i != 7 && i != 8 && i != 22)
            body.push_back((*bytes)[i]);
    for (const std::size_t i : {2U, 7U, 8U, 22U})
        checksum = checksum << 8 | (*bytes)[i];
    const std::uint32_t computed = crc32(asText(body));
    constexpr std::uint32_t user = 0xE0B9692DU;
    constexpr std::uint32_t application = 0x1019F92EU;
    if (checksum != (computed ^ user) && checksum != (computed ^ application))
        return {.proof = Proof::Absurd};
    return byChecksum(true, "CRC-32");
}

namespace {

/// Reads a macaroon of version 2 up to its location; nothing where it is none.
std::optional<std::string> macaroonLocation(ByteView bytes)
{
    // 02, then fields of type, length (7 bits a byte) and data; type 1 is the location.
    if (bytes.size() < 4 || bytes[0] != 2 || bytes[1] != 1)
        return std::nullopt;
    const std::size_t size = bytes[2];
    if (size > 0x7f || bytes.size() < 3 + size + 2)
        return std::nullopt;
    if (bytes[3 + size] != 2) // the identifier follows
        return std::nullopt;
    return std::string(asText(bytes.subspan(3, size)));
}

} // namespace

/// PyPI: a macaroon in base64 that names its place.
Validation macaroonValidator(const Candidate& candidate)
{
    std::string_view text = candidate.secretText();
    if (text.size() % 4 == 1)
        text.remove_suffix(1); // a letter of what follows
    const auto bytes = decodeBase64(text);
    const auto location = bytes ? macaroonLocation(*bytes) : std::nullopt;
    if (!location)
        return {.proof = Proof::Weak, .because = "it does not read as a macaroon"};
    Validation validation;
    validation.identity = Identity {"location", shown(*location)};
    return validation;
}

} // namespace coredact
