// SPDX-License-Identifier: GPL-3.0-or-later
// libcrypto has no other way to the state of a hash than the functions of each one.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "scanner/rules/keys/hmacstate.h"

#include "scanner/base/distinctbytes.h"
#include "scanner/base/memoryword.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace coredact {

namespace {

constexpr std::array hashes {
    HmacHash {"SHA-1", 64, 20, 4, false},
    HmacHash {"SHA-256", 64, 32, 4, true},
    HmacHash {"SHA-512", 128, 64, 8, true},
};

std::uint64_t littleEndian(ByteView bytes, std::size_t at, std::size_t size)
{
    return numberOf(bytes.subspan(at, size), ByteOrder::Little);
}

bool looksLikeState(ByteView state, std::size_t word)
{
    for (std::size_t at = 0; at < state.size(); at += word)
        if (littleEndian(state, at, word) >> (word * 8 - 24) == 0)
            return false;
    return distinctBytes(state) >= state.size() * 2 / 3;
}

/// A context of `hash` whose count stands at `count`: behind it the second half of the count, a
/// block, and how many bytes of that are taken. Whole blocks go past it, so it is still empty.
bool isContext(ByteView bytes, std::size_t count, const HmacHash& hash)
{
    const std::size_t taken = count + 2 * hash.word + hash.block;
    return count >= hash.state && taken + 4 <= bytes.size()
        && littleEndian(bytes, count, hash.word) == hash.block * 8
        && littleEndian(bytes, count + hash.word, hash.word) == 0
        && std::all_of(bytes.begin() + static_cast<std::ptrdiff_t>(count + 2 * hash.word),
                       bytes.begin() + static_cast<std::ptrdiff_t>(taken + 4),
                       [](std::uint8_t byte) { return byte == 0; })
        && looksLikeState(bytes.subspan(count - hash.state, hash.state), hash.word);
}

/// SHA-224 to SHA-512 keep the size of their digest behind the context.
bool keepsDigestSize(ByteView bytes, std::size_t count, const HmacHash& hash, std::size_t shorter)
{
    const std::size_t at = count + 2 * hash.word + hash.block + 4;
    if (at + 4 > bytes.size())
        return false;
    const std::uint64_t size = littleEndian(bytes, at, 4);
    return size == hash.state || size == shorter;
}

template <typename Context, typename Init, typename Update>
void compress(ByteView block, SecretBytes& state, Init init, Update update)
{
    Context context;
    init(&context);
    update(&context, block.data(), block.size());
    std::memcpy(state.data(), &context, state.size());
    wipe({reinterpret_cast<std::uint8_t*>(&context), sizeof context});
}

} // namespace

std::span<const HmacHash> hmacHashes() { return hashes; }

std::optional<HashState> hashStateAt(ByteView bytes, std::size_t count)
{
    const auto& [sha1, sha256, sha512] = hashes;
    if (isContext(bytes, count, sha512) && keepsDigestSize(bytes, count, sha512, 48))
        return HashState {&sha512, count - sha512.state};
    if (isContext(bytes, count, sha256) && keepsDigestSize(bytes, count, sha256, 28))
        return HashState {&sha256, count - sha256.state};
    if (isContext(bytes, count, sha1))
        return HashState {&sha1, count - sha1.state};
    return std::nullopt;
}

SecretBytes hmacStateOf(const HmacHash& hash, bool truncated, HmacSide side, ByteView key)
{
    SecretBytes block(hash.block, side == HmacSide::Inner ? 0x36 : 0x5c);
    for (std::size_t i = 0; i < std::min(key.size(), block.size()); ++i)
        block[i] ^= key[i];
    SecretBytes state(hash.state);
    if (hash.state == 20)
        compress<SHA_CTX>(block, state, SHA1_Init, SHA1_Update);
    else if (hash.state == 32 && truncated)
        compress<SHA256_CTX>(block, state, SHA224_Init, SHA224_Update);
    else if (hash.state == 32)
        compress<SHA256_CTX>(block, state, SHA256_Init, SHA256_Update);
    else if (truncated)
        compress<SHA512_CTX>(block, state, SHA384_Init, SHA384_Update);
    else
        compress<SHA512_CTX>(block, state, SHA512_Init, SHA512_Update);
    return state;
}

} // namespace coredact
