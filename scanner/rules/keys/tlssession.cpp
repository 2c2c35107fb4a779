// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/tlssession.h"

#include "scanner/base/memoryword.h"
#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/privatekey.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t earlySecretBytes = 64;
constexpr std::array<std::size_t, 2> masterKeyBytes {512, 256}; ///< of OpenSSL 3 and 1.1.1
constexpr std::size_t mostIdBytes = 32;

std::string versionName(std::uint64_t version)
{
    switch (version) {
    case 0x301:
        return "TLS 1.0";
    case 0x302:
        return "TLS 1.1";
    case 0x303:
        return "TLS 1.2";
    case 0x304:
        return "TLS 1.3";
    default:
        return "";
    }
}

bool isSecretSize(std::uint64_t version, std::uint64_t size)
{
    return size == 48 || (size == 32 && version == 0x304);
}

std::uint64_t number(ByteView bytes, std::size_t at, std::size_t size)
{
    return numberOf(bytes.subspan(at, size), ByteOrder::Little);
}

bool allZero(ByteView bytes)
{
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

/// The secret at `secret` in a field of `room` bytes, and the id behind the field.
std::optional<TlsSession> sessionAt(ByteView bytes, std::size_t secret, std::size_t size,
                                    std::size_t room, std::size_t word)
{
    const std::size_t id = secret + room + word;
    if (bytes.size() < id + mostIdBytes || !looksRandom(bytes.subspan(secret, size))
        || !allZero(bytes.subspan(secret + size, room - size)))
        return std::nullopt;
    const std::uint64_t idSize = number(bytes, secret + room, word);
    if (idSize > mostIdBytes)
        return std::nullopt;
    return TlsSession {"", {secret, secret + size}, {id, id + static_cast<std::size_t>(idSize)}};
}

/// The session's id, which stands right before the secret's element, as `04 LL id`.
Span idBefore(ByteView bytes, std::size_t end)
{
    const std::size_t most = std::min(end, mostIdBytes + 2);
    for (std::size_t size = 1; size + 2 <= most; ++size)
        if (bytes[end - size - 2] == 4 && bytes[end - size - 1] == size)
            return {end - size, end};
    return {};
}

} // namespace

std::span<const RuleInfo> tlsRules()
{
    static const std::array rules {
        RuleInfo {
            "tls-session-secret",
            "Secret of a TLS session",
            Severity::High,
            "The master or resumption secret of a TLS session, as a program keeps it to resume the "
            "session. With a TLS 1.2 master secret the recorded traffic of all its connections can "
            "be read, passwords and cookies included; with a TLS 1.3 resumption secret somebody "
            "can resume the session as its client.",
            "End the sessions, empty the session cache, and replace what was sent over them. "
            "Rotate the keys of session tickets, since tickets carry such secrets.",
            {"symmetric-key"},
            95},
        RuleInfo {"tls-traffic-secret",
                  "Traffic secret of a TLS 1.3 connection",
                  Severity::High,
                  "A secret from which a TLS 1.3 connection derives the keys of its records. Who "
                  "recorded the connection can read it with this, passwords and cookies included.",
                  "End the connection and replace what was sent over it.",
                  {"symmetric-key"},
                  100},
    };
    return rules;
}

const RuleInfo& tlsSessionRule() { return tlsRules()[0]; }
const RuleInfo& tlsTrafficRule() { return tlsRules()[1]; }

std::optional<TlsSession> tlsSessionStructure(ByteView bytes, std::size_t begin)
{
    if (begin > bytes.size() || bytes.size() - begin < 16)
        return std::nullopt;
    const std::uint64_t version = number(bytes, begin, 4);
    const std::string name = versionName(version);
    if (name.empty())
        return std::nullopt;
    for (const std::size_t word : {std::size_t {8}, std::size_t {4}}) {
        const std::uint64_t size = number(bytes, begin + word, word);
        if (!isSecretSize(version, size))
            continue;
        const std::size_t fields = begin + 2 * word;
        std::optional<TlsSession> session;
        for (const std::size_t room : masterKeyBytes)
            if (!session)
                session = sessionAt(bytes, fields + earlySecretBytes,
                                    static_cast<std::size_t>(size), room, word);
        if (!session && size == 48)
            session = sessionAt(bytes, fields, 48, 48, word);
        if (session) {
            session->version = name;
            return session;
        }
    }
    return std::nullopt;
}

std::optional<TlsSession> tlsSessionInDer(ByteView bytes, std::size_t time)
{
    constexpr std::size_t timeBytes = 8;
    if (time > bytes.size() || bytes.size() - time < timeBytes + 2
        || !standsAt(bytes, time, "\xa1\x06\x02\x04"sv))
        return std::nullopt;
    // The timeout follows: an INTEGER of one to five bytes.
    const std::size_t timeout = time + timeBytes;
    if (bytes[timeout] != 0xa2 || bytes[timeout + 1] < 3 || bytes[timeout + 1] > 7)
        return std::nullopt;
    for (const std::size_t size : {std::size_t {48}, std::size_t {32}}) {
        if (time < size + 2 || bytes[time - size - 2] != 4 || bytes[time - size - 1] != size
            || !looksRandom(bytes.subspan(time - size, size)))
            continue;
        TlsSession session {"", {time - size, time}, idBefore(bytes, time - size - 2)};
        const std::size_t head
            = session.id.begin - 2; // version and cipher: 02 02 vv vv 04 02 cc cc
        if (session.id.begin >= 10 && standsAt(bytes, head - 8, "\x02\x02"sv))
            session.version = versionName(std::uint64_t {bytes[head - 6]} << 8 | bytes[head - 5]);
        return session;
    }
    return std::nullopt;
}

} // namespace coredact
