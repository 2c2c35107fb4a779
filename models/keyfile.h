// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/redact/signingkey.h"

#include <QString>

namespace coredact {

/// The key of `coredact-cli keygen` (OpenSSH's file of an Ed25519 key) at that path. What is read
/// is wiped; errors quote nothing of it.
Result<SigningKey> readSigningKey(const QString& path);

} // namespace coredact
