// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/jobcontrol.h"
#include "scanner/base/securebuffer.h"
#include "scanner/rules/hmac/hashes.h"

#include <openssl/sha.h>

#include <optional>
#include <variant>

namespace coredact {

/// HMAC (RFC 2104) with one key, for where very many keys are tried: of a short text libcrypto's
/// own takes some six times as long, since it looks up and allocates for each. A value; wiped when
/// dropped.
class KeyedHash {
public:
    static constexpr std::size_t largest = SHA512_DIGEST_LENGTH;

    KeyedHash(HashKind kind, ByteView key);
    KeyedHash(const KeyedHash&) = default;
    KeyedHash& operator=(const KeyedHash&) = default;
    ~KeyedHash();

    std::size_t size() const; ///< of a code in bytes
    /// Writes the code of `text`, which may be what it overwrites. `code` has size() bytes.
    void code(ByteView text, MutableByteView code) const;

private:
    template <typename Context> struct Sides {
        Context inner;
        Context outer;
    };

    HashKind m_kind;
    std::variant<Sides<SHA_CTX>, Sides<SHA256_CTX>, Sides<SHA512_CTX>> m_sides;
};

enum class HmacSide { Inner, Outer };

/// The state that an HMAC with this key begins that side with, as it lies in little-endian memory.
SecretBytes hmacStateOf(HashKind kind, HmacSide side, ByteView key);

/// The first block of PBKDF2 (RFC 8018) with HMAC-SHA-256: 32 bytes; nothing where it is cancelled.
std::optional<SecretBytes> pbkdf2Sha256(ByteView password, ByteView salt, std::size_t iterations,
                                        const JobControl& control);

} // namespace coredact
