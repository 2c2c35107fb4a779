// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tlsmemory.h"

#include <openssl/ssl.h>

#include <memory>

namespace coredact::test {

/// A session of the libssl in use.
using Session = std::unique_ptr<SSL_SESSION, decltype(&SSL_SESSION_free)>;
inline Session sessionOf(int version, const SecretBytes& secret, const SecretBytes& id)
{
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_method()),
                                                                    &SSL_CTX_free);
    const std::unique_ptr<SSL, decltype(&SSL_free)> connection(SSL_new(context.get()), &SSL_free);
    const std::array<std::uint8_t, 2> suite {
        static_cast<std::uint8_t>(version == 0x304 ? 0x13 : 0xc0),
        static_cast<std::uint8_t>(version == 0x304 ? 1 : 0x2f)};
    Session session(SSL_SESSION_new(), &SSL_SESSION_free);
    SSL_SESSION_set_protocol_version(session.get(), version);
    SSL_SESSION_set_cipher(session.get(), SSL_CIPHER_find(connection.get(), suite.data()));
    SSL_SESSION_set1_master_key(session.get(), secret.data(), secret.size());
    SSL_SESSION_set1_id(session.get(), id.data(), static_cast<unsigned>(id.size()));
    return session;
}

inline ByteView structureOf(const Session& session)
{
    return {reinterpret_cast<const std::uint8_t*>(session.get()), tlsSessionReach};
}

inline Bytes derOf(const Session& session)
{
    unsigned char* der = nullptr;
    const int size = i2d_SSL_SESSION(session.get(), &der);
    Bytes bytes(der, der + std::max(size, 0));
    OPENSSL_free(der);
    return bytes;
}

} // namespace coredact::test
