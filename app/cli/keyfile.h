// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/redact/signingkey.h"

#include <memory>

/// Keys for certificates as files.
namespace coredact::cli {

/// Writes the private key, mode 0600, and beside it PATH.pub. Refuses names that exist; after a
/// failure neither file is there.
Status writeKeyPair(const SigningKey& key, const std::string& path);

Result<SigningKey> readSigningKey(const std::string& path);
/// The key of --sign, to share; none where no path is given.
Result<std::shared_ptr<const SigningKey>> signerFrom(const std::string& path);
Result<PublicKey> readPublicKey(const std::string& path);

} // namespace coredact::cli
