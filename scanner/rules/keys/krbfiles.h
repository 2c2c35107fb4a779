// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/privatekey.h"

namespace coredact {

/// A key of a Kerberos file and the bytes to redact.
struct KerberosSecret {
    std::vector<Span> spans;
    SecretBytes key; ///< the spans' bytes where empty
    std::string principal;
    std::string kind; ///< the encryption type's name, "" where unknown
};

/// No file is followed further than this.
inline constexpr std::size_t maximumKerberosFile = 16384;

/// The entries of a keytab of version 2 at `position`. Nothing when the first one is not sound.
std::vector<KerberosSecret> readKeytab(ByteView bytes, std::size_t position);
/// The credentials of a cache of version 4 at `position`.
std::vector<KerberosSecret> readCredentialCache(ByteView bytes, std::size_t position);
/// KRB-CRED (RFC 4120 5.8) whose part with the session keys is not encrypted.
std::optional<KerberosSecret> readKrbCred(ByteView bytes, std::size_t position);

} // namespace coredact
