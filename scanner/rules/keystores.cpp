// SPDX-License-Identifier: GPL-3.0-or-later
// Key stores in one piece: PKCS #12, and Java's JKS and JCEKS.
#include "scanner/rules/byteanchor.h"
#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/der.h"
#include "scanner/rules/keys/javastore.h"
#include "scanner/rules/keys/randompart.h"

#include <array>

namespace coredact {

namespace {

using namespace std::string_view_literals;

std::span<const RuleInfo> storeRules()
{
    static const std::array rules {
        RuleInfo {"pkcs12-store",
                  "Key store (PKCS #12)",
                  Severity::Medium,
                  "Private keys and certificates in one file (.p12, .pfx), protected by a password "
                  "that is often short, empty, or in the same dump.",
                  "If the password may be known or weak, or may be in the dump too: have the "
                  "certificates revoked, make new keys, and put them into a new store with another "
                  "password.",
                  {"private-key", "encrypted"},
                  106},
        RuleInfo {"java-key-store",
                  "Private key in a Java key store",
                  Severity::Medium,
                  "A private key in a JKS or JCEKS key store. JKS protects keys by one SHA-1 per "
                  "guess, JCEKS by little more, and many stores have the password \"changeit\".",
                  "Have the certificate revoked and make a new key, unless the password is long "
                  "and surely not in the dump. Use PKCS #12 for the new store.",
                  {"private-key", "encrypted", "java"},
                  106},
    };
    return rules;
}

constexpr std::string_view detectorName = "keystores"sv;
/// A wider PKCS #12 store is left out, which is told. Those of 64 KiB and more, whose length has
/// three bytes, are not looked for: they hold the certificates of a hundred authorities.
constexpr std::size_t maximumStore = 16384;

/// Whether the ContentInfo at `at` says that it holds data, signed or not. It need not end in the
/// window.
bool isData(ByteView bytes, std::size_t at)
{
    const auto info = derHeader(bytes, at);
    if (!info || !info->is(DerTag::Sequence))
        return false;
    const std::size_t id = info->begin;
    if (!standsAt(bytes, id, "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"sv)
        && !standsAt(bytes, id, "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"sv))
        return false;
    const auto content = derHeader(bytes, id + 11);
    return content && content->is(DerTag::Context0);
}

/// `position` is that of the version, 3, behind the outer SEQUENCE's head.
void lookAtPfx(const Window& window, std::size_t position, MatchSink& sink)
{
    const ByteView bytes = window.bytes;
    if (position < 4)
        return;
    const std::size_t begin = position - 4;
    const auto sequence = derHeader(bytes, begin);
    if (!window.fresh(begin) || !sequence || !sequence->is(DerTag::Sequence)
        || sequence->begin != position || !isData(bytes, position + 3))
        return;
    if (sequence->size() > maximumStore)
        return sink.leaveOut(detectorName, begin);
    if (sequence->end > bytes.size())
        return;
    DerReader reader(bytes, sequence->begin, sequence->end);
    reader.next(DerTag::Integer);
    if (!reader.next(DerTag::Sequence))
        return;
    Match match;
    match.rule = &storeRules()[0];
    match.confidence = Confidence::Likely;
    match.form = ValueForm::Binary;
    match.title = reader.optional(DerTag::Sequence) ? "Key store (PKCS #12, with a MAC)"
                                                    : "Key store (PKCS #12, without a MAC)";
    match.spans = {{sequence->begin, sequence->end}};
    match.value = randomPart(bytes.subspan(sequence->begin, sequence->size()));
    sink.add(std::move(match));
}

void lookAtStore(const Window& window, std::size_t position, MatchSink& sink)
{
    if (!window.fresh(position))
        return;
    for (JavaStoreKey& key : readJavaStore(window.bytes, position)) {
        Match match;
        match.rule = &storeRules()[1];
        match.confidence = Confidence::Likely;
        match.form = ValueForm::Binary;
        match.title = key.symmetric ? "Secret key in a Java key store (JCEKS)"
                                    : "Private key in a Java key store";
        match.identity = std::move(key.identity);
        match.spans = {key.secret};
        match.value
            = randomPart(window.bytes.subspan(key.secret.begin, key.secret.end - key.secret.begin));
        sink.add(std::move(match));
    }
}

} // namespace

std::span<const ByteAnchor> keystoresAnchors()
{
    static const std::array anchors {
        anchorOf("\x02\x01\x03\x30"sv, 4, lookAtPfx),
        anchorOf("\xfe\xed\xfe\xed"sv, 0, lookAtStore),
        anchorOf("\xce\xce\xce\xce"sv, 0, lookAtStore),
    };
    return anchors;
}

extern const Detector keystoresDetector;
const Detector keystoresDetector {detectorName, storeRules, maximumStore, nullptr, true};

} // namespace coredact
