// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/tlskeys.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <new>

namespace coredact {

namespace {

void append(SecretBytes& bytes, ByteView more)
{
    bytes.insert(bytes.end(), more.begin(), more.end());
}

SecretBytes hmac(TlsHash hash, ByteView key, ByteView text)
{
    SecretBytes digest(hash == TlsHash::Sha384 ? 48 : 32);
    unsigned size = 0;
    if (!HMAC(hash == TlsHash::Sha384 ? EVP_sha384() : EVP_sha256(), key.data(),
              static_cast<int>(key.size()), text.data(), text.size(), digest.data(), &size))
        throw std::bad_alloc();
    return digest;
}

} // namespace

TlsHash tlsHashOf(std::size_t secretBytes)
{
    return secretBytes == 48 ? TlsHash::Sha384 : TlsHash::Sha256;
}

SecretBytes tlsExpandLabel(ByteView secret, std::string_view label, std::size_t size)
{
    constexpr std::string_view prefix = "tls13 ";
    SecretBytes info {static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size),
                      static_cast<std::uint8_t>(prefix.size() + label.size())};
    append(info, asBytes(prefix));
    append(info, asBytes(label));
    append(info, SecretBytes {0, 1}); // no context; the first block
    SecretBytes block = hmac(tlsHashOf(secret.size()), secret, info);
    block.resize(size < block.size() ? size : block.size());
    return block;
}

SecretBytes tlsKeyBlock(TlsHash hash, ByteView masterSecret, ByteView serverRandom,
                        ByteView clientRandom, std::size_t size)
{
    SecretBytes seed;
    append(seed, asBytes("key expansion"));
    append(seed, serverRandom);
    append(seed, clientRandom);
    SecretBytes block;
    SecretBytes chained = seed;
    while (block.size() < size) {
        chained = hmac(hash, masterSecret, chained);
        SecretBytes text = chained;
        append(text, seed);
        append(block, hmac(hash, masterSecret, text));
    }
    block.resize(size);
    return block;
}

} // namespace coredact
