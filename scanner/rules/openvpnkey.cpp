// SPDX-License-Identifier: GPL-3.0-or-later
// The last lines of an OpenVPN static key file whose begin was written over after it was freed.
// Whole ones are a text rule's.
#include "scanner/rules/byteanchor.h"
#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/writtenbytes.h"

#include <array>

namespace coredact {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view endLine = "-----END OpenVPN Static key V1-----"sv;
constexpr std::string_view anchorText = "nVPN"sv;
constexpr std::size_t anchorAt = 12; ///< in the end line
constexpr std::size_t lineDigits = 32;
constexpr std::size_t mostLines = 16;
/// Of a shorter rest too little of the key is left.
constexpr std::size_t fewestDigits = lineDigits;
constexpr std::size_t longestText = mostLines * (lineDigits + 2);
constexpr std::size_t openVpnReach = longestText + anchorAt;

std::span<const RuleInfo> openVpnRules()
{
    static const std::array rules {
        RuleInfo {"openvpn-static-key-end",
                  "OpenVPN static key (its last lines)",
                  Severity::Critical,
                  "The rest of a key file that was read, freed and partly written over. Parts of "
                  "the key encrypt and sign the packets of a tunnel on their own.",
                  "Make a new key (openvpn --genkey) at both ends.",
                  {"vpn"},
                  49},
    };
    return rules;
}

bool isDigit(std::uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f');
}

/// Where the lines of digits begin that end right before `end`.
std::size_t digitsBegin(ByteView bytes, std::size_t end)
{
    std::size_t begin = end;
    for (std::size_t at = end, line = 0; at > 0 && end - at < longestText; --at) {
        const std::uint8_t byte = bytes[at - 1];
        if (isDigit(byte) && line < lineDigits) {
            ++line;
            begin = at - 1;
        } else if (byte == '\n' && (at == end || line == lineDigits)) {
            line = 0;
        } else if (byte != '\r' || line != 0) {
            break;
        }
    }
    return begin;
}

void lookAtEnd(const Window& window, std::size_t position, MatchSink& sink)
{
    const ByteView bytes = window.bytes;
    if (position < anchorAt || !standsAt(bytes, position - anchorAt, endLine))
        return;
    const std::size_t end = position - anchorAt;
    const std::size_t begin = digitsBegin(bytes, end);
    const ByteView text = bytes.subspan(begin, end - begin);
    if (text.size() < fewestDigits || !window.fresh(begin))
        return;
    Match match;
    match.rule = &openVpnRules()[0];
    match.confidence = Confidence::Likely;
    match.form = ValueForm::Text;
    match.spans = {{begin, end}};
    match.value.assign(text.begin(), text.end());
    // Of an odd number of digits the first is the second half of its byte.
    std::string_view digits = asText(match.value);
    std::size_t count = 0;
    for (const std::uint8_t byte : text)
        count += isDigit(byte) ? 1 : 0;
    if (auto written = bytesWrittenBy(digits.substr(count % 2)))
        match.derived.push_back(std::move(*written));
    sink.add(std::move(match));
}

} // namespace

std::span<const ByteAnchor> openvpnkeyAnchors()
{
    static const std::array anchors {anchorOf(anchorText, openVpnReach, lookAtEnd)};
    return anchors;
}

extern const Detector openvpnkeyDetector;
const Detector openvpnkeyDetector {"openvpnkey", openVpnRules, openVpnReach + endLine.size(),
                                   nullptr, true};

} // namespace coredact
