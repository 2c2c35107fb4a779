// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/signedtokens.h"
#include "scanner/scan/collector.h"
#include "scanner/scan/pass.h"

namespace coredact {

/// The tokens and signed cookies whose secret is looked for: of those that one issuer signs with
/// one key id in one way, the first. At most 64: that there were more is told to `owner`.
std::vector<SignedToken> tokensWithSecrets(std::span<const SignedToken> tokens, Bounded& owner);

/// One thread's part of the search for the secrets of tokens: tries every text of the dump as the
/// secret of each, as it stands and decoded from base64 or hex. A text is what stands between
/// bytes that are none, a word of it, what follows a = or : in a word, and what stands between
/// punctuation. Secrets of less than six characters or that are no text are not found.
/// `tokens` (from tokensWithSecrets) and `collector` must outlive it.
std::unique_ptr<PassPart> makeTokenSecretPart(std::span<const SignedToken> tokens,
                                              Collector& collector);

} // namespace coredact
