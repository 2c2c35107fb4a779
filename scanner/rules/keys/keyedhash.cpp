// SPDX-License-Identifier: GPL-3.0-or-later
// libcrypto has no other way to a hash without look-ups than the functions of each one.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "scanner/rules/keys/keyedhash.h"

#include <algorithm>

namespace coredact {

namespace {

/// Sizes in bytes.
struct Hash {
    std::size_t block;
    std::size_t size;
};

Hash hashOf(HashKind kind)
{
    switch (kind) {
    case HashKind::Sha1:
        return {SHA_CBLOCK, SHA_DIGEST_LENGTH};
    case HashKind::Sha256:
        return {SHA256_CBLOCK, SHA256_DIGEST_LENGTH};
    case HashKind::Sha384:
        return {SHA512_CBLOCK, SHA384_DIGEST_LENGTH};
    case HashKind::Sha512:
        break;
    }
    return {SHA512_CBLOCK, SHA512_DIGEST_LENGTH};
}

void start(HashKind, SHA_CTX& context) { SHA1_Init(&context); }
void start(HashKind, SHA256_CTX& context) { SHA256_Init(&context); }
void start(HashKind kind, SHA512_CTX& context)
{
    if (kind == HashKind::Sha384)
        SHA384_Init(&context);
    else
        SHA512_Init(&context);
}

void take(SHA_CTX& context, ByteView bytes) { SHA1_Update(&context, bytes.data(), bytes.size()); }
void take(SHA256_CTX& context, ByteView bytes)
{
    SHA256_Update(&context, bytes.data(), bytes.size());
}
void take(SHA512_CTX& context, ByteView bytes)
{
    SHA512_Update(&context, bytes.data(), bytes.size());
}

// The context of SHA-384 says itself how long its digest is.
void finish(SHA_CTX& context, std::uint8_t* digest) { SHA1_Final(digest, &context); }
void finish(SHA256_CTX& context, std::uint8_t* digest) { SHA256_Final(digest, &context); }
void finish(SHA512_CTX& context, std::uint8_t* digest) { SHA512_Final(digest, &context); }

template <typename Context> SecretBytes digestOf(HashKind kind, ByteView bytes)
{
    Context context;
    start(kind, context);
    take(context, bytes);
    SecretBytes digest(hashOf(kind).size);
    finish(context, digest.data());
    return digest;
}

template <typename Sides> Sides sidesOf(HashKind kind, ByteView key)
{
    using Context = decltype(Sides::inner);
    SecretBytes block(key.begin(), key.end());
    if (block.size() > hashOf(kind).block)
        block = digestOf<Context>(kind, key);
    block.resize(hashOf(kind).block);
    Sides sides;
    for (std::uint8_t& byte : block)
        byte ^= 0x36;
    start(kind, sides.inner);
    take(sides.inner, block);
    for (std::uint8_t& byte : block)
        byte ^= 0x36 ^ 0x5c;
    start(kind, sides.outer);
    take(sides.outer, block);
    return sides;
}

} // namespace

KeyedHash::KeyedHash(HashKind kind, ByteView key)
    : m_kind(kind)
{
    if (kind == HashKind::Sha1)
        m_sides = sidesOf<Sides<SHA_CTX>>(kind, key);
    else if (kind == HashKind::Sha256)
        m_sides = sidesOf<Sides<SHA256_CTX>>(kind, key);
    else
        m_sides = sidesOf<Sides<SHA512_CTX>>(kind, key);
}

KeyedHash::~KeyedHash()
{
    std::visit(
        [](auto& sides) {
            wipe({reinterpret_cast<std::uint8_t*>(&sides), sizeof sides});
        },
        m_sides);
}

std::size_t KeyedHash::size() const { return hashOf(m_kind).size; }

void KeyedHash::code(ByteView text, MutableByteView code) const
{
    std::visit(
        [&](const auto& sides) {
            auto context = sides.inner;
            take(context, text);
            finish(context, code.data());
            context = sides.outer;
            take(context, code.first(size()));
            finish(context, code.data());
        },
        m_sides);
}

SecretBytes pbkdf2Sha256(ByteView password, ByteView salt, std::size_t iterations)
{
    const KeyedHash keyed(HashKind::Sha256, password);
    SecretBytes first(salt.begin(), salt.end());
    first.insert(first.end(), {0, 0, 0, 1}); // the number of the block
    SecretBytes turn(keyed.size());
    keyed.code(first, turn);
    SecretBytes all = turn;
    for (std::size_t i = 1; i < iterations; ++i) {
        keyed.code(turn, turn);
        for (std::size_t at = 0; at < all.size(); ++at)
            all[at] ^= turn[at];
    }
    return all;
}

} // namespace coredact
