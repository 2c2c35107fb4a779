// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace coredact {

// What people are told of private keys, the same for every form in which they are met.

inline constexpr char keyMatters[]
    = " Whoever holds it can act as its owner: pose as the server, sign tokens and code, log in, "
      "or read what was encrypted to it, until the key is withdrawn everywhere.";

inline constexpr char replaceKey[]
    = "Make a new key pair. For a certificate: have the old one revoked for key compromise, have "
      "one issued for the new key, and purge session-ticket keys. For signing keys: publish the "
      "new key, make every verifier refuse the old one, and distrust what was signed since the "
      "dump was made.";

inline constexpr char replaceSshKey[]
    = "Make a new key pair. Remove the old public key from every authorized_keys file, agent and "
      "CA, and put it on the revocation list (KRL). For a host key: announce the new fingerprint.";

} // namespace coredact
