// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/finding.h"

#include <QStringList>

namespace coredact {

/// What is known of a secret without the secret, in lines for people: what tells it from others
/// of its kind, and whom or what it belongs to. Safe to show as plain text.
struct IdentityText {
    QStringList itself; ///< "SPKI SHA-256 8d6dd6f2…6cd31d9e"
    QStringList belongsTo; ///< "issuer https://idp.example.net"
    QStringList whole; ///< all of it, with nothing left out of digests
};

IdentityText identityText(const Finding& finding);

} // namespace coredact
