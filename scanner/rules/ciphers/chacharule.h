// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/rule.h"

namespace coredact {

/// The rule of keys of ChaCha20 and Salsa20 in use, whatever shows them.
inline RuleInfo chachaKeyRule()
{
    return {"chacha20-key",
            "ChaCha20 or Salsa20 key in use",
            Severity::High,
            "The state of a cipher, with its key. Whoever holds it can read what the key protects: "
            "a TLS or SSH connection, a WireGuard session, or encrypted files.",
            "Replace the key that stands here: end the session, or encrypt the data anew.",
            {"symmetric-key"},
            95};
}

} // namespace coredact
