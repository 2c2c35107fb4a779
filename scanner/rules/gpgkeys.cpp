// SPDX-License-Identifier: GPL-3.0-or-later
// Private keys of GnuPG's agent and of programs with libgcrypt: S-expressions.
#include "scanner/rules/byteanchor.h"
#include "scanner/rules/keys/advice.h"
#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/sexpkey.h"
#include "scanner/rules/keys/wrappedcache.h"

#include <array>

namespace coredact {

namespace {

std::span<const RuleInfo> sexpRules()
{
    static const std::array rules {
        RuleInfo {"gpg-private-key-sexp",
                  "Private key (libgcrypt)",
                  Severity::Critical,
                  std::string("A private key as gpg-agent keeps it in private-keys-v1.d and as "
                              "programs with libgcrypt hand it around.")
                      + keyMatters,
                  "Revoke the OpenPGP key or subkey, or the SSH key, that has this keygrip (gpg "
                  "--list-keys --with-keygrip), and make a new one.",
                  {"private-key", "pgp"},
                  100},
        cachedPassphraseRule(), // its walk needs the AES keys of the first pass
    };
    return rules;
}

void tell(std::optional<SexpKey> found, MatchSink& sink)
{
    if (!found)
        return;
    Match match = matchOf(sexpRules()[0], std::move(found->key), "libgcrypt");
    if (found->encrypted)
        match.severity = Severity::Medium;
    match.spans = std::move(found->secrets);
    sink.add(std::move(match));
}

void lookAtList(const Window& window, std::size_t begin, MatchSink& sink)
{
    if (window.fresh(begin))
        tell(readSexpKey(window.bytes, begin), sink);
}

void lookAtCanonical(const Window& window, std::size_t position, MatchSink& sink)
{
    lookAtList(window, position, sink);
}

/// "(private-key" or "(protected-private-key" written out, or as libgcrypt has the first of these
/// in memory; `position` is that of "e-ke".
void lookAtWritten(const Window& window, std::size_t position, MatchSink& sink)
{
    using namespace std::string_view_literals;
    for (const std::string_view text :
         {"(privat"sv, "(protected-privat"sv, "\x03\x01\x0b\0privat"sv})
        if (position >= text.size() && standsAt(window.bytes, position - text.size(), text))
            lookAtList(window, position - text.size(), sink);
}

/// `position` is that of an algorithm's three letters, behind which a list begins.
void lookAtAlgorithm(const Window& window, std::size_t position, MatchSink& sink)
{
    using namespace std::string_view_literals;
    constexpr std::string_view head = "\x01\x03\0"sv; // an atom of three bytes
    if (position >= head.size() && window.fresh(position - head.size())
        && standsAt(window.bytes, position - head.size(), head))
        tell(readSexpRemains(window.bytes, position - head.size()), sink);
}

} // namespace

std::span<const ByteAnchor> gpgkeysAnchors()
{
    static const std::array anchors {
        anchorOf("(11:", 0, lookAtCanonical),    anchorOf("(21:", 0, lookAtCanonical),
        anchorOf("e-ke", 17, lookAtWritten),     anchorOf("rsa\x03", 3, lookAtAlgorithm),
        anchorOf("dsa\x03", 3, lookAtAlgorithm), anchorOf("elg\x03", 3, lookAtAlgorithm),
        anchorOf("ecc\x03", 3, lookAtAlgorithm),
    };
    return anchors;
}

extern const Detector gpgkeysDetector;
const Detector gpgkeysDetector {"gpgkeys", sexpRules, maximumSexpKey, nullptr, true};

} // namespace coredact
