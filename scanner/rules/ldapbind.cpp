// SPDX-License-Identifier: GPL-3.0-or-later
// Passwords in LDAP's simple bind (RFC 4511 4.2): version, name, password, each with its length.
// OpenLDAP's decoder ends strings with a NUL in place of the next tag, and malloc writes over the
// first 16 bytes of what was freed; so the password is also known by the end of a name before it.
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

constexpr std::size_t longestName = 512;
constexpr std::size_t shortestPassword = 4;
constexpr std::size_t longestPassword = 127;
constexpr std::uint8_t simpleTag = 0x80;
constexpr std::size_t ldapReach = longestName + 8;

std::span<const RuleInfo> ldapRules()
{
    static const std::array rules {
        RuleInfo {"ldap-bind-password",
                  "Password of an LDAP bind",
                  Severity::High,
                  "The password with which a program or a person logged in to a directory. The "
                  "same password often opens everything else that the account may use.",
                  "Change the account's password in the directory, and in the settings of the "
                  "programs that bind with it.",
                  {"password"},
                  85},
    };
    return rules;
}

/// BER lengths of up to 65535, also in the four bytes that some clients always write.
std::optional<std::size_t> lengthAt(ByteView bytes, std::size_t& at)
{
    if (at >= bytes.size())
        return std::nullopt;
    const std::uint8_t first = bytes[at++];
    if (first < 0x80)
        return first;
    const std::size_t count = first & 0x7f;
    if (count == 0 || count > 4 || bytes.size() - at < count)
        return std::nullopt;
    const std::uint64_t length = numberOf(bytes.subspan(at, count), ByteOrder::Big);
    at += count;
    return length <= 0xffff ? std::optional(static_cast<std::size_t>(length)) : std::nullopt;
}

bool isPrintable(std::uint8_t byte) { return byte >= 0x20 && byte != 0x7f; }

bool arePrintable(ByteView bytes) { return std::all_of(bytes.begin(), bytes.end(), isPrintable); }

/// Where the request ends whose version stands at `version`; 0 where its head is not there.
std::size_t requestEnd(ByteView bytes, std::size_t version)
{
    constexpr std::uint8_t bindTag = 0x60;
    for (const std::size_t head : {2, 3, 4, 6}) {
        if (version < head || bytes[version - head] != bindTag)
            continue;
        std::size_t at = version - head + 1;
        const auto size = lengthAt(bytes, at);
        if (size && at == version)
            return version + *size;
    }
    return 0;
}

/// The password whose tag, or the NUL in its place, stands at `at`. `requestEnd`: where the request
/// says that it ends, if it says.
Span passwordAt(ByteView bytes, std::size_t at, std::size_t requestEnd = 0)
{
    if (at >= bytes.size() || (bytes[at] != simpleTag && bytes[at] != 0))
        return {};
    std::size_t begin = at + 1;
    const auto size = lengthAt(bytes, begin);
    if (!size || *size < shortestPassword || *size > longestPassword || bytes.size() - begin < *size
        || !arePrintable(bytes.subspan(begin, *size)))
        return {};
    const std::size_t end = begin + *size;
    // Controls may follow, or the next message; text would be text with a letter for its length.
    // Behind a request that says how long it is there may be anything that the buffer held before.
    const bool ends = end == bytes.size() || end == requestEnd || !isPrintable(bytes[end])
        || bytes[end] == 0xa0 || bytes[end] == 0x30;
    return ends ? Span {begin, end} : Span {};
}

void tell(const Window& window, Span name, Span password, bool whole, MatchSink& sink)
{
    const ByteView bytes = window.bytes;
    const auto value = bytes.subspan(password.begin, password.end - password.begin);
    if (isPlaceholder(asText(value)))
        return;
    Match match;
    match.rule = &ldapRules()[0];
    match.confidence = Confidence::Likely;
    match.proof = whole ? "the request around it is whole" : "";
    match.identity
        = Identity {"ldap-name", shown(asText(bytes.subspan(name.begin, name.end - name.begin)))};
    match.form = ValueForm::Text;
    match.spans = {password};
    match.value.assign(value.begin(), value.end());
    sink.add(std::move(match));
}

/// `position` is that of the version, 3; the name's tag stands behind it.
void lookAtVersion(const Window& window, std::size_t position, MatchSink& sink)
{
    const ByteView bytes = window.bytes;
    std::size_t name = position + 4;
    const auto size = lengthAt(bytes, name);
    if (!window.fresh(position) || !size || *size == 0 || *size > longestName
        || bytes.size() - name < *size || !arePrintable(bytes.subspan(name, *size)))
        return;
    const Span password = passwordAt(bytes, name + *size, requestEnd(bytes, position));
    if (password.begin < password.end)
        tell(window, {name, name + *size}, password, true, sink);
}

bool requestStandsBefore(ByteView bytes, std::size_t name, std::size_t end)
{
    const std::size_t floor = name - std::min<std::size_t>(name, 8);
    for (std::size_t at = floor; at < name; ++at) {
        if (!standsAt(bytes, at, "\x02\x01\x03\x04"sv))
            continue;
        std::size_t begin = at + 4;
        const auto size = lengthAt(bytes, begin);
        if (size && begin + *size == end)
            return true;
    }
    return false;
}

/// `position` is in a name, whose end and the password behind it are left of a request.
void lookAtName(const Window& window, std::size_t position, MatchSink& sink)
{
    const ByteView bytes = window.bytes;
    const std::size_t most = std::min(bytes.size(), position + longestName);
    std::size_t end = position;
    while (end < most && isPrintable(bytes[end]) && bytes[end] != simpleTag)
        ++end;
    // Names have several parts of the domain: the last one speaks.
    const auto again = asText(bytes.subspan(position + 4, end - std::min(end, position + 4)));
    if (!window.fresh(position) || again.find(",dc=") != again.npos
        || again.find(",DC=") != again.npos)
        return;
    const Span password = passwordAt(bytes, end);
    // A printable length is more often the first letter of the next string.
    if (password.begin >= password.end || (bytes[end] == 0 && isPrintable(bytes[end + 1])))
        return;
    std::size_t name = position;
    const std::size_t floor = position - std::min(position, longestName);
    while (name > floor && isPrintable(bytes[name - 1]))
        --name;
    if (!requestStandsBefore(bytes, name, end))
        tell(window, {name, end}, password, false, sink);
}

} // namespace

std::span<const ByteAnchor> ldapbindAnchors()
{
    static const std::array anchors {
        anchorOf("\x02\x01\x03\x04"sv, 0, lookAtVersion),
        anchorOf(",DC="sv, "\xff\xdf\xdf\xff"sv, 0, lookAtName),
    };
    return anchors;
}

extern const Detector ldapbindDetector;
const Detector ldapbindDetector {"ldapbind", ldapRules, ldapReach + longestPassword + 8, nullptr,
                                 true};

} // namespace coredact
