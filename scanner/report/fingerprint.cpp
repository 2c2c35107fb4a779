// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/report/fingerprint.h"

#include "scanner/io/digest.h"

#include <algorithm>
#include <array>

namespace coredact::report {

std::string placesFingerprint(const Finding& finding)
{
    std::string text = "coredact places 1\n" + finding.rule + "\n";
    for (const Occurrence& occurrence : finding.occurrences) {
        text += occurrence.encoding;
        for (const Piece& piece : occurrence.pieces)
            text += " " + std::to_string(piece.file.first()) + "+"
                + std::to_string(piece.file.size());
        text += "\n";
    }
    return sha256(asBytes(text));
}

bool isOfOneSecret(const Identity& identity)
{
    static constexpr std::array kinds {"spki-sha256", "ssh-fingerprint", "aws-access-key-id",
                                       "token-id"};
    return std::find(kinds.begin(), kinds.end(), identity.kind) != kinds.end();
}

std::string identityFingerprint(const Finding& finding)
{
    if (!finding.identity || !isOfOneSecret(*finding.identity))
        return {};
    const std::string text = "coredact identity 1\n" + finding.rule + "\n"
        + finding.identity->kind + "\n" + finding.identity->value;
    return sha256(asBytes(text));
}

} // namespace coredact::report
