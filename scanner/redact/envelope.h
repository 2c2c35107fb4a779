// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/redact/signingkey.h"

namespace coredact {

/// A certificate as it is handed on: the statement alone, or in a signed envelope.
struct OpenedCertificate {
    std::string statement; ///< in-toto Statement v1 as JSON text
    std::string keyId; ///< fingerprint that the envelope names; "" where there is no envelope
    bool signatureHolds = false; ///< by the signer that was asked for
};

/// DSSE envelope (secure-systems-lab/dsse, v1) around a statement, as JSON text.
std::string sealedStatement(std::string_view statement, const SigningKey& key);

/// The statement in a certificate's text, which is untrusted. With `signer` the signature is
/// checked too, and holds only when every byte of the text is as `sealedStatement` writes it: of
/// an envelope that was touched nothing is believed. Malformed where an envelope holds no
/// statement. The statement itself is not looked at.
Result<OpenedCertificate> openCertificate(std::string_view text, const PublicKey* signer);

/// A file for `ssh-keygen -Y verify -n coredact` about `text` as a file.
std::string sshSignature(std::string_view text, const SigningKey& key);

} // namespace coredact
