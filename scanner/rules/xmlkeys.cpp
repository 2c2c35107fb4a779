// SPDX-License-Identifier: GPL-3.0-or-later
// Private keys in XML, as .NET's ToXmlString writes them.
#include "scanner/rules/byteanchor.h"
#include "scanner/rules/keys/advice.h"
#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/xmlkey.h"

#include <array>

namespace coredact {

namespace {

std::span<const RuleInfo> xmlRules()
{
    static const std::array rules {
        RuleInfo {
            "xml-private-key",
            "Private key (XML)",
            Severity::Critical,
            std::string("An RSA or DSA private key in XML, as .NET writes and reads it, often "
                        "in configuration.")
                + keyMatters,
            replaceKey,
            {"private-key"},
            104},
    };
    return rules;
}

/// `position` is that of "SAKe" in "<RSAKeyValue>".
void lookAtName(const Window& window, std::size_t position, MatchSink& sink)
{
    std::size_t begin = notFound;
    if (position >= 2 && window.bytes[position - 2] == '<')
        begin = position - 2;
    else if (position >= 5 && standsAt(window.bytes, position - 5, "&lt;"))
        begin = position - 5;
    if (begin == notFound || !window.fresh(begin))
        return;
    auto found = readXmlKey(window.bytes, begin);
    if (!found)
        return;
    Match match = matchOf(xmlRules()[0], std::move(found->key), "XML");
    if (!found->rsa)
        match.severity = Severity::High;
    match.spans = std::move(found->secrets);
    sink.add(std::move(match));
}

} // namespace

std::span<const ByteAnchor> xmlkeysAnchors()
{
    static const std::array anchors {anchorOf("SAKe", 5, lookAtName)};
    return anchors;
}

extern const Detector xmlkeysDetector;
const Detector xmlkeysDetector {"xmlkeys", xmlRules, maximumXmlKey, nullptr, true};

} // namespace coredact
