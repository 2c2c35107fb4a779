// SPDX-License-Identifier: GPL-3.0-or-later
// TLS sessions as OpenSSL and LibreSSL keep them: as a structure, and in DER. What proves them, and
// secrets without a structure around them, are keys/tlssecrets.h's.
#include "scanner/rules/keys/tlssession.h"

#include "scanner/rules/byteanchor.h"
#include "scanner/rules/keys/structurewords.h"
#include "scanner/rules/walk.h"

#include <algorithm>
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

/// Structures begin with their version, 0x301 to 0x304, at a multiple of four bytes.
void scanVersions(const Window& window, MatchSink& sink)
{
    constexpr MaskedWord version {0x300, ~std::uint32_t {7}};
    constexpr std::size_t block = 64;
    constexpr std::size_t step = 4;
    const MaskedKernel mayBegin = maskedKernels().back().kernel;
    const std::uint8_t* data = window.bytes.data();
    const std::size_t end = std::min(window.freshEnd, window.bytes.size());
    std::size_t at = alignedFresh(window, step);
    while (at < end) {
        if (at + block <= end)
            at += mayBegin(version, data + at, 0, end - at - block + 1);
        for (const std::size_t stop = std::min(end, at + block); at < stop; at += step)
            if (const auto session = tlsSessionStructure(window.bytes, at))
                tell(window, *session, "session in memory", sink);
    }
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
    static const std::array anchors {anchorOf("\xa1\x06\x02\x04"sv, derReach, lookAtTime)};
    return anchors;
}

extern const Detector tlssessionDetector;
const Detector tlssessionDetector {"tlssession", tlsRules, tlsSessionReach, scanVersions, true};

} // namespace coredact
