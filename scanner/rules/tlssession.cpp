// SPDX-License-Identifier: GPL-3.0-or-later
// TLS sessions as OpenSSL and LibreSSL keep them: as a structure, and in DER. What proves them, and
// secrets without a structure around them, are keys/tlssecrets.h's.
#include "scanner/rules/keys/tlssession.h"

#include "scanner/rules/byteanchor.h"

#include <array>

namespace coredact {

namespace {

void tell(const Window& window, const TlsSession& session, std::string_view where, MatchSink& sink)
{
    const ByteView secret
        = window.bytes.subspan(session.secret.begin, session.secret.end - session.secret.begin);
    Match match;
    match.rule = &tlsSessionRule();
    match.confidence = Confidence::Likely;
    match.title = (session.version.empty() ? "TLS" : session.version)
        + (session.version == "TLS 1.3" ? " resumption secret (" : " master secret (")
        + std::string(where) + ")";
    match.proof = "the session around it is whole";
    if (session.id.begin < session.id.end)
        match.identity = Identity {
            "tls-session-id",
            toHex(window.bytes.subspan(session.id.begin, session.id.end - session.id.begin))};
    match.form = ValueForm::Binary;
    match.spans = {session.secret};
    match.value.assign(secret.begin(), secret.end());
    sink.add(std::move(match));
}

void lookAtVersion(const Window& window, std::size_t position, MatchSink& sink)
{
    if (!window.fresh(position))
        return;
    if (const auto session = tlsSessionStructure(window.bytes, position))
        tell(window, *session, "session in memory", sink);
}

constexpr std::size_t derReach = 50;

void lookAtTime(const Window& window, std::size_t position, MatchSink& sink)
{
    const auto session = tlsSessionInDer(window.bytes, position);
    if (session && window.fresh(session->secret.begin))
        tell(window, *session, "session in DER", sink);
}

} // namespace

std::span<const ByteAnchor> tlssessionAnchors()
{
    using namespace std::string_view_literals;
    static const std::array anchors {
        anchorOf("\x00\x03\x00\x00"sv, "\xf8\xff\xff\xff"sv, 0, lookAtVersion),
        anchorOf("\xa1\x06\x02\x04"sv, derReach, lookAtTime)};
    return anchors;
}

extern const Detector tlssessionDetector;
const Detector tlssessionDetector {"tlssession", tlsRules, tlsSessionReach, nullptr, true};

} // namespace coredact
