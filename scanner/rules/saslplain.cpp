// SPDX-License-Identifier: GPL-3.0-or-later
// Passwords in SASL's mechanism PLAIN (RFC 4616) where it is written as bytes: whom to act as, a
// NUL, the user, a NUL, the password. So clients of message brokers, directories and memcached log
// in; what mail programs write in base64 is a text rule's.
#include "scanner/rules/byteanchor.h"

#include "scanner/base/memoryword.h"
#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/noise.h"
#include "scanner/rules/validator.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view mechanism = "PLAIN"sv;
constexpr std::size_t anchorAt = 1; ///< in the name of the mechanism
constexpr std::size_t longestName = 255;
constexpr std::size_t shortestPassword = 4;
constexpr std::size_t longestPassword = 255;
constexpr std::size_t saslReach = 4 + 2 * (longestName + 1) + longestPassword + 1;

std::span<const RuleInfo> saslRules()
{
    static const std::array rules {
        RuleInfo {"sasl-plain-password",
                  "Password of a SASL login (PLAIN)",
                  Severity::High,
                  "The password with which a program logged in to a message broker (AMQP), a "
                  "directory or a cache. Whoever holds it may do there what the program may.",
                  "Change the account's password at the server, and in the settings of the "
                  "programs that log in with it.",
                  {"password"},
                  85},
    };
    return rules;
}

/// A response to the server, and whether something says how long it is.
struct Response {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool isCounted = false;
};

/// How long the response is by the head of memcached's binary protocol, which says so of mechanism
/// and response; 0 where none stands before `mechanismAt`.
std::size_t memcachedSize(ByteView bytes, std::size_t mechanismAt)
{
    constexpr std::size_t headSize = 24;
    constexpr std::size_t bodySizeAt = 8;
    if (mechanismAt < headSize)
        return 0;
    const std::size_t head = mechanismAt - headSize;
    const std::uint64_t body = numberOf(bytes.subspan(head + bodySizeAt, 4), ByteOrder::Big);
    const bool isLogin = standsAt(bytes, head, "\x80\x21\x00\x05"sv)
        || standsAt(bytes, head, "\x80\x22\x00\x05"sv); // a further step
    return isLogin && body > mechanism.size() && body <= saslReach
        ? static_cast<std::size_t>(body) - mechanism.size()
        : 0;
}

/// The response behind the name of the mechanism, which ends at `at`.
Response responseAt(ByteView bytes, std::size_t at)
{
    const auto counted = [&](std::size_t head, std::size_t size) {
        const std::size_t begin = std::min(bytes.size(), at + head);
        return Response {begin, std::min(bytes.size(), begin + size), true};
    };
    const auto byte = [&](std::size_t i) { return at + i < bytes.size() ? bytes[at + i] : 0; };
    constexpr int octetString = 0x04; // LDAP's, in BER
    constexpr int shortBinary = 0xa0; // AMQP 1.0's
    if (const std::size_t size = memcachedSize(bytes, at - mechanism.size()); size > 0)
        return counted(0, size);
    if (byte(0) == 0 && byte(1) == 0 && byte(2) == 0 && byte(3) != 0) // AMQP 0-9-1: four bytes
        return counted(4, byte(3));
    if (byte(0) == octetString || byte(0) == shortBinary)
        return counted(2, byte(1));
    return {at, std::min(bytes.size(), at + saslReach), false};
}

/// How far text goes from `begin` on.
std::size_t textEnd(ByteView bytes, std::size_t begin, std::size_t end)
{
    while (begin < end && bytes[begin] >= 0x20 && bytes[begin] != 0x7f)
        ++begin;
    return begin;
}

/// Names of other mechanisms, which lists of them hold behind this one, and words of programs.
bool mayBeAnything(std::string_view text)
{
    const bool isMechanism
        = std::none_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    return isMechanism || isIdentifier(text) || isPath(text) || isNumber(text);
}

struct Login {
    Span user;
    Span password;
};

std::optional<Login> loginIn(ByteView bytes, const Response& response)
{
    const std::size_t actsAs = textEnd(bytes, response.begin, response.end);
    if (actsAs == response.end || bytes[actsAs] != 0
        || (!response.isCounted && actsAs != response.begin))
        return std::nullopt;
    const std::size_t user = actsAs + 1;
    const std::size_t userEnd = textEnd(bytes, user, response.end);
    if (userEnd == user || userEnd - user > longestName || userEnd == response.end
        || bytes[userEnd] != 0)
        return std::nullopt;
    const std::size_t password = userEnd + 1;
    const std::size_t end = textEnd(bytes, password, response.end);
    if (end - password < shortestPassword || end - password > longestPassword
        || (response.isCounted && end != response.end))
        return std::nullopt;
    return Login {{user, userEnd}, {password, end}};
}

/// `position` is that of the anchor in the name of the mechanism.
void lookAtMechanism(const Window& window, std::size_t position, MatchSink& sink)
{
    const ByteView bytes = window.bytes;
    if (position < anchorAt || !window.fresh(position)
        || !standsAt(bytes, position - anchorAt, mechanism))
        return;
    const Response response = responseAt(bytes, position - anchorAt + mechanism.size());
    const auto login = loginIn(bytes, response);
    if (!login)
        return;
    const auto textOf
        = [&](Span span) { return asText(bytes.subspan(span.begin, span.end - span.begin)); };
    const std::string_view password = textOf(login->password);
    if (isPlaceholder(password) || (!response.isCounted && mayBeAnything(password)))
        return;
    Match match;
    match.rule = &saslRules()[0];
    match.confidence = Confidence::Likely;
    match.proof = response.isCounted ? "the response around it is whole" : "";
    match.identity = Identity {"user", shown(textOf(login->user))};
    match.form = ValueForm::Text;
    match.spans = {login->password};
    match.value.assign(password.begin(), password.end());
    sink.add(std::move(match));
}

} // namespace

std::span<const ByteAnchor> saslplainAnchors()
{
    static const std::array anchors {
        anchorOf(mechanism.substr(anchorAt, 4), 0, lookAtMechanism),
    };
    return anchors;
}

extern const Detector saslplainDetector;
const Detector saslplainDetector {"saslplain", saslRules, saslReach, nullptr, true};

} // namespace coredact
