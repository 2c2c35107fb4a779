// SPDX-License-Identifier: GPL-3.0-or-later
// libcrypto has no other way to a hash without look-ups, nor to its state, than the functions of
// each one.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "scanner/rules/hmac/keyedhash.h"

#include "scanner/rules/hmac/pads.h"

#include <cstring>

namespace coredact {

namespace {

void start(HashKind, SHA_CTX& context) { SHA1_Init(&context); }
void start(HashKind kind, SHA256_CTX& context)
{
    if (kind == HashKind::Sha224)
        SHA224_Init(&context);
    else
        SHA256_Init(&context);
}
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

// The contexts of SHA-224 and SHA-384 say themselves how long their digests are.
void finish(SHA_CTX& context, std::uint8_t* digest) { SHA1_Final(digest, &context); }
void finish(SHA256_CTX& context, std::uint8_t* digest) { SHA256_Final(digest, &context); }
void finish(SHA512_CTX& context, std::uint8_t* digest) { SHA512_Final(digest, &context); }

template <typename Context> SecretBytes digestOf(HashKind kind, ByteView bytes)
{
    Context context;
    start(kind, context);
    take(context, bytes);
    SecretBytes digest(formOf(kind).digest);
    finish(context, digest.data());
    return digest;
}

/// The key as long as a block: with zeros behind it, or its digest where it is longer.
template <typename Context> SecretBytes blockOf(HashKind kind, ByteView key)
{
    const std::size_t size = formOf(kind).block;
    SecretBytes block
        = key.size() > size ? digestOf<Context>(kind, key) : SecretBytes(key.begin(), key.end());
    block.resize(size);
    return block;
}

template <typename Context> Context sideOf(HashKind kind, SecretBytes block, std::uint8_t pad)
{
    for (std::uint8_t& byte : block)
        byte ^= pad;
    Context context;
    start(kind, context);
    take(context, block);
    return context;
}

template <typename Sides> Sides sidesOf(HashKind kind, ByteView key)
{
    using Context = decltype(Sides::inner);
    const SecretBytes block = blockOf<Context>(kind, key);
    return {sideOf<Context>(kind, block, innerHmacPad), sideOf<Context>(kind, block, outerHmacPad)};
}

/// Every context begins with the words of its state.
template <typename Context> SecretBytes stateOf(HashKind kind, HmacSide side, ByteView key)
{
    Context context = sideOf<Context>(kind, blockOf<Context>(kind, key),
                                      side == HmacSide::Inner ? innerHmacPad : outerHmacPad);
    SecretBytes state(formOf(kind).state);
    std::memcpy(state.data(), &context, state.size());
    wipe({reinterpret_cast<std::uint8_t*>(&context), sizeof context});
    return state;
}

} // namespace

KeyedHash::KeyedHash(HashKind kind, ByteView key)
    : m_kind(kind)
{
    if (kind == HashKind::Sha1)
        m_sides = sidesOf<Sides<SHA_CTX>>(kind, key);
    else if (formOf(kind).block == SHA256_CBLOCK)
        m_sides = sidesOf<Sides<SHA256_CTX>>(kind, key);
    else
        m_sides = sidesOf<Sides<SHA512_CTX>>(kind, key);
}

KeyedHash::~KeyedHash()
{
    const auto wipeIfHeld = [](auto* sides) {
        if (sides)
            wipe({reinterpret_cast<std::uint8_t*>(sides), sizeof *sides});
    };
    wipeIfHeld(std::get_if<Sides<SHA_CTX>>(&m_sides));
    wipeIfHeld(std::get_if<Sides<SHA256_CTX>>(&m_sides));
    wipeIfHeld(std::get_if<Sides<SHA512_CTX>>(&m_sides));
}

std::size_t KeyedHash::size() const { return formOf(m_kind).digest; }

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

SecretBytes hmacStateOf(HashKind kind, HmacSide side, ByteView key)
{
    if (kind == HashKind::Sha1)
        return stateOf<SHA_CTX>(kind, side, key);
    if (formOf(kind).block == SHA256_CBLOCK)
        return stateOf<SHA256_CTX>(kind, side, key);
    return stateOf<SHA512_CTX>(kind, side, key);
}

std::optional<SecretBytes> pbkdf2Sha256(ByteView password, ByteView salt, std::size_t iterations,
                                        const JobControl& control)
{
    const KeyedHash keyed(HashKind::Sha256, password);
    SecretBytes first(salt.begin(), salt.end());
    first.insert(first.end(), {0, 0, 0, 1}); // the number of the block
    SecretBytes turn(keyed.size());
    keyed.code(first, turn);
    SecretBytes all = turn;
    for (std::size_t i = 1; i < iterations; ++i) {
        if (control.cancelled())
            return std::nullopt;
        keyed.code(turn, turn);
        for (std::size_t at = 0; at < all.size(); ++at)
            all[at] ^= turn[at];
    }
    return all;
}

} // namespace coredact
