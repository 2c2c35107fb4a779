// SPDX-License-Identifier: GPL-3.0-or-later
// SSH private keys in PuTTY's own files.
#include "scanner/rules/byteanchor.h"
#include "scanner/rules/keys/advice.h"
#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/puttykey.h"

#include <array>

namespace coredact {

namespace {

std::span<const RuleInfo> puttyRules()
{
    static const std::array rules {
        RuleInfo {"putty-private-key",
                  "SSH private key (PuTTY)",
                  Severity::Critical,
                  std::string("An SSH private key in PuTTY's file format, as PuTTY, WinSCP, "
                              "FileZilla and Pageant read it.")
                      + keyMatters,
                  replaceSshKey,
                  {"private-key", "ssh"},
                  104},
    };
    return rules;
}

constexpr std::size_t markAnchor = 3; ///< of "TY-U" in "PuTTY-User-Key-File-"

void lookAtMark(const Window& window, std::size_t position, MatchSink& sink)
{
    const std::size_t begin = position - markAnchor;
    if (position < markAnchor || !window.fresh(begin))
        return;
    auto found = readPuttyKey(window.bytes, begin);
    if (!found)
        return;
    Match match = matchOf(puttyRules()[0], std::move(found->key), "PuTTY");
    if (found->encrypted)
        match.severity = Severity::Medium;
    match.spans = std::move(found->secrets);
    sink.add(std::move(match));
}

} // namespace

std::span<const ByteAnchor> puttyAnchors()
{
    static const std::array anchors {anchorOf("TY-U", markAnchor, lookAtMark)};
    return anchors;
}

extern const Detector puttyDetector;
const Detector puttyDetector {"putty", puttyRules, maximumPuttyKey, nullptr, true};

} // namespace coredact
