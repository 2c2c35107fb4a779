// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/hmac/states.h"

#include "scanner/base/distinctbytes.h"
#include "scanner/base/memoryword.h"
#include "scanner/rules/hmac/hashes.h"

#include <algorithm>

namespace coredact {

namespace {

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
bool isContext(ByteView bytes, std::size_t count, const HashForm& hash)
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

/// All but SHA-1 keep the size of their digest behind the context, which two of them have alike.
bool keepsDigestSize(ByteView bytes, std::size_t count, const HashForm& hash)
{
    const std::size_t at = count + 2 * hash.word + hash.block + 4;
    if (at + 4 > bytes.size())
        return false;
    const std::uint64_t size = littleEndian(bytes, at, 4);
    return std::any_of(hashForms.begin(), hashForms.end(), [&](const HashForm& form) {
        return form.state == hash.state && form.digest == size;
    });
}

} // namespace

std::optional<Span> hashStateAt(ByteView bytes, std::size_t count)
{
    for (const HashKind kind : {HashKind::Sha512, HashKind::Sha256, HashKind::Sha1}) {
        const HashForm& hash = formOf(kind);
        if (isContext(bytes, count, hash)
            && (kind == HashKind::Sha1 || keepsDigestSize(bytes, count, hash)))
            return Span {count - hash.state, count};
    }
    return std::nullopt;
}

} // namespace coredact
