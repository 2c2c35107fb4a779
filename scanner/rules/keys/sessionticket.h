// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/detector.h"

#include <vector>

namespace coredact {

/// A session ticket in the form of RFC 5077 4: name of its keys, initial value, encrypted session,
/// HMAC-SHA256 of all before. OpenSSL's, and so nearly every server's.
inline constexpr std::size_t ticketNameSize = 16;
inline constexpr std::size_t shortestTicket = ticketNameSize + 16 + 32 + 32;
inline constexpr std::size_t longestTicket = 4096;

/// The ticket in a NewSessionTicket (RFC 5077, RFC 8446 4.6.1) whose lifetime stands at `position`.
/// Empty where none stands there.
Span ticketAt(ByteView bytes, std::size_t position);

/// A key among some bytes.
struct TicketKey {
    enum class Use { Signing, Encryption } use;
    Span place;
};

/// The keys of the ticket in `keys`, which begin right behind their name (nginx, Apache, HAProxy)
/// or where SSL_CTX points: one signs the ticket, and one decrypts it to a session in DER. Empty
/// unless the signature is right.
std::vector<TicketKey> ticketKeysIn(ByteView keys, ByteView ticket);

/// Whether 64 bytes look like two keys of 32: as random ones do.
bool mayBeTicketKeys(ByteView bytes);

} // namespace coredact
