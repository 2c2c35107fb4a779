// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/certificates.h"
#include "scanner/rules/keys/signedtokens.h"
#include "scanner/rules/keys/tlssecrets.h"
#include "scanner/scan/scan.h"

namespace coredact {

/// What places of one dump say of one another: private keys get the names of the certificates
/// with the same public half, and the issuers of the tokens that it verifies. The latter proves a
/// key that was only likely. `values`: one for each finding, in the same order.
/// Bounded: of more than 20,000 pairs of a key and a token the rest is not tried, and the key says
/// so.
void addOwners(std::vector<Finding>& findings, const std::vector<SecretValue>& values,
               const CertificateHarvest& certificates, const std::vector<SignedToken>& tokens);

/// The same for what TLS's key derivation proves: keys in use get their connections, and sessions
/// whose keys are in use become verified.
void addTlsOwners(std::vector<Finding>& findings, const std::vector<SecretValue>& values,
                  const TlsProofs& proofs);

/// Tells AES keys what they are used for, as far as that is known.
void addKeyOwners(std::vector<Finding>& findings, const std::vector<SecretValue>& values,
                  const std::map<SecretBytes, std::string>& owners);

} // namespace coredact
