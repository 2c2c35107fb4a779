// SPDX-License-Identifier: GPL-3.0-or-later
// Kerberos keys as files hold them: keytabs, credential caches, exported tickets.
#include "scanner/rules/byteanchor.h"
#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/krbfiles.h"
#include "scanner/rules/validator.h"

#include <array>

namespace coredact {

namespace {

using namespace std::string_view_literals;

std::span<const RuleInfo> kerberosRules()
{
    static const std::array rules {
        RuleInfo {"kerberos-keytab-key",
                  "Kerberos key (keytab)",
                  Severity::Critical,
                  "A long-term key of a Kerberos principal. Whoever holds it is that service or "
                  "user, and can forge tickets to the service.",
                  "Change the principal's key (kadmin: ktadd, or a new password of the account), "
                  "and distribute the new keytab.",
                  {"kerberos"},
                  95},
        RuleInfo {"kerberos-ticket",
                  "Kerberos session key and ticket",
                  Severity::High,
                  "A ticket with its session key, from a credential cache or an exported .kirbi. "
                  "Until it expires, whoever holds both is that user to the service.",
                  "Destroy the tickets (kdestroy), end the user's sessions, and wait for the "
                  "ticket's end; for a TGT change the user's password.",
                  {"kerberos"},
                  95},
    };
    return rules;
}

void report(MatchSink& sink, std::size_t rule, KerberosSecret secret)
{
    Match match;
    match.rule = &kerberosRules()[rule];
    match.confidence = Confidence::Likely;
    match.form = ValueForm::Binary;
    if (!secret.principal.empty())
        match.identity = Identity {"kerberos-principal", shown(secret.principal)};
    match.title = match.rule->title + (secret.kind.empty() ? "" : ", " + secret.kind);
    match.spans = std::move(secret.spans);
    match.value = std::move(secret.key);
    sink.add(std::move(match));
}

void lookAtKeytab(const Window& window, std::size_t position, MatchSink& sink)
{
    if (!window.fresh(position))
        return;
    for (KerberosSecret& secret : readKeytab(window.bytes, position))
        report(sink, 0, std::move(secret));
}

void lookAtCache(const Window& window, std::size_t position, MatchSink& sink)
{
    if (!window.fresh(position))
        return;
    for (KerberosSecret& secret : readCredentialCache(window.bytes, position))
        report(sink, 1, std::move(secret));
}

/// `position` is that of the message type, 22, behind the version.
void lookAtCredential(const Window& window, std::size_t position, MatchSink& sink)
{
    for (std::size_t before = 11; before <= 15 && before <= position; ++before) {
        if (window.bytes[position - before] != 0x76 || !window.fresh(position - before))
            continue;
        if (auto secret = readKrbCred(window.bytes, position - before)) {
            report(sink, 1, std::move(*secret));
            return;
        }
    }
}

} // namespace

std::span<const ByteAnchor> kerberosAnchors()
{
    static const std::array anchors {
        anchorOf("\x05\x02\0\0"sv, 0, lookAtKeytab),
        anchorOf("\x05\x04\0\x0c"sv, 0, lookAtCache),
        anchorOf("\x02\x01\x16\xa2"sv, 15, lookAtCredential),
    };
    return anchors;
}

extern const Detector kerberosDetector;
const Detector kerberosDetector {"kerberos", kerberosRules, maximumKerberosFile, nullptr, true};

} // namespace coredact
