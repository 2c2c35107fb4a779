// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/sessionticket.h"

#include "scanner/base/distinctbytes.h"
#include "scanner/base/securebuffer.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <memory>

namespace coredact {

namespace {

constexpr std::size_t macSize = 32;
constexpr std::size_t ivSize = 16;
constexpr std::size_t fewestInName = 12;
constexpr std::size_t fewestIn64 = 44; ///< different ones of 64 random bytes: 57, give or take 3

std::size_t bigEndian16(ByteView bytes, std::size_t at)
{
    return static_cast<std::size_t>(bytes[at]) << 8 | bytes[at + 1];
}

/// A ticket whose size stands at `size`.
Span sizedTicket(ByteView bytes, std::size_t size)
{
    if (size + 2 > bytes.size())
        return {};
    const std::size_t length = bigEndian16(bytes, size);
    if (length < shortestTicket || length > longestTicket || bytes.size() - size - 2 < length)
        return {};
    return {size + 2, size + 2 + length};
}

/// NewSessionTicket of RFC 5077 and of RFC 8446 4.6.1, whose lifetime stands at `position`.
Span inNewSessionTicket(ByteView bytes, std::size_t position)
{
    constexpr std::uint8_t type = 4;
    constexpr std::size_t mostExtensions = 32;
    if (position < 4 || bytes[position - 4] != type || bytes[position - 3] != 0)
        return {};
    const std::size_t end = position + bigEndian16(bytes, position - 2);
    if (const Span ticket = sizedTicket(bytes, position + 4); ticket.end != 0 && ticket.end == end)
        return ticket;
    const std::size_t nonce = position + 8;
    const Span ticket
        = nonce < bytes.size() ? sizedTicket(bytes, nonce + 1 + bytes[nonce]) : Span {};
    const bool fits = ticket.end + 2 <= end && end - ticket.end <= mostExtensions;
    return fits ? ticket : Span {};
}

bool signs(ByteView key, ByteView ticket)
{
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> mac {};
    const std::size_t size = ticket.size() - macSize;
    return HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), ticket.data(), size,
                mac.data(), nullptr)
        && CRYPTO_memcmp(mac.data(), ticket.data() + size, macSize) == 0;
}

/// Whether the first block becomes the head of an SSL_SESSION: SEQUENCE {INTEGER 1, ...}.
bool decrypts(ByteView key, ByteView ticket)
{
    const std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> context(EVP_CIPHER_CTX_new(),
                                                                             EVP_CIPHER_CTX_free);
    std::array<std::uint8_t, 32> plain {};
    int size = 0;
    if (!context
        || EVP_DecryptInit_ex(context.get(),
                              key.size() == 32 ? EVP_aes_256_cbc() : EVP_aes_128_cbc(), nullptr,
                              key.data(), ticket.data() + ticketNameSize)
            != 1
        || EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1
        || EVP_DecryptUpdate(context.get(), plain.data(), &size,
                             ticket.data() + ticketNameSize + ivSize, 16)
            != 1)
        return false;
    const std::size_t version = plain[1] == 0x82 ? 4 : plain[1] == 0x81 ? 3 : 2;
    const bool is = plain[0] == 0x30 && plain[version] == 0x02 && plain[version + 1] == 0x01
        && plain[version + 2] == 0x01;
    wipe(plain);
    return is;
}

} // namespace

Span ticketAt(ByteView bytes, std::size_t position)
{
    const Span ticket = inNewSessionTicket(bytes, position);
    // Of most that a program has freed only the begin is left.
    if (ticket.end == 0
        || distinctBytes(bytes.subspan(ticket.begin, ticketNameSize)) < fewestInName)
        return {};
    return ticket;
}

std::vector<TicketKey> ticketKeysIn(ByteView keys, ByteView ticket)
{
    constexpr std::array<std::size_t, 4> places {0, 16, 32, 48};
    // A short key with zeros behind it signs as the long one would.
    constexpr std::array<std::size_t, 2> sizes {16, 32};
    const auto first = [&](bool (*holds)(ByteView, ByteView)) -> std::optional<Span> {
        for (const std::size_t size : sizes)
            for (const std::size_t place : places)
                if (place + size <= keys.size() && holds(keys.subspan(place, size), ticket))
                    return Span {place, place + size};
        return std::nullopt;
    };
    const auto signing = first(signs);
    if (!signing)
        return {};
    std::vector<TicketKey> found {{TicketKey::Use::Signing, *signing}};
    if (const auto encryption = first(decrypts))
        found.push_back({TicketKey::Use::Encryption, *encryption});
    return found;
}

bool mayBeTicketKeys(ByteView bytes)
{
    return bytes.size() >= 64 && distinctBytes(bytes.first(64)) >= fewestIn64;
}

} // namespace coredact
