// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/krbfiles.h"

#include "scanner/base/bytereader.h"
#include "scanner/rules/keys/der.h"
#include "scanner/rules/keys/randompart.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

struct EncryptionType {
    std::uint16_t number;
    std::uint16_t bytes;
    std::string_view name;
};
constexpr std::array encryptionTypes {
    EncryptionType {16, 24, "des3-cbc-sha1"},
    EncryptionType {17, 16, "aes128-cts-hmac-sha1-96"},
    EncryptionType {18, 32, "aes256-cts-hmac-sha1-96"},
    EncryptionType {19, 16, "aes128-cts-hmac-sha256-128"},
    EncryptionType {20, 32, "aes256-cts-hmac-sha384-192"},
    EncryptionType {23, 16, "rc4-hmac"},
    EncryptionType {24, 16, "rc4-hmac-exp"},
    EncryptionType {25, 16, "camellia128-cts-cmac"},
    EncryptionType {26, 32, "camellia256-cts-cmac"},
    EncryptionType {1, 8, "des-cbc-crc"},
    EncryptionType {3, 8, "des-cbc-md5"},
};

std::optional<std::string> kindOf(std::uint16_t number, std::size_t size)
{
    for (const EncryptionType& type : encryptionTypes)
        if (type.number == number && type.bytes == size)
            return std::string(type.name);
    return std::nullopt;
}

bool isName(ByteView text)
{
    return !text.empty() && text.size() <= 256
        && std::all_of(text.begin(), text.end(),
                       [](std::uint8_t byte) { return byte >= 0x20 && byte != 0x7f; });
}

ByteReader readerAt(ByteView bytes, std::size_t position)
{
    return {bytes.subspan(position, std::min(maximumKerberosFile, bytes.size() - position)),
            ByteOrder::Big};
}

/// "component/component@REALM", with lengths of `width` bytes; empty when it is none.
std::string readPrincipal(ByteReader& reader, std::uint64_t count, std::size_t width)
{
    if (count == 0 || count > 8)
        return {};
    const ByteView realm = reader.bytes(reader.word(width));
    std::string name;
    for (std::uint64_t i = 0; i < count; ++i) {
        const ByteView component = reader.bytes(reader.word(width));
        if (!reader.ok() || !isName(component))
            return {};
        name += (i == 0 ? "" : "/") + std::string(asText(component));
    }
    return isName(realm) ? name + "@" + std::string(asText(realm)) : std::string();
}

std::optional<KerberosSecret> readKeytabEntry(ByteView bytes, std::size_t offset)
{
    ByteReader reader(bytes, ByteOrder::Big);
    KerberosSecret secret;
    secret.principal = readPrincipal(reader, reader.u16(), 2);
    reader.skip(9); // name type, time, version
    const std::uint16_t type = reader.u16();
    const std::uint16_t size = reader.u16();
    const std::size_t begin = offset + static_cast<std::size_t>(reader.position());
    const ByteView key = reader.bytes(size);
    const auto kind = kindOf(type, size);
    if (!reader.ok() || secret.principal.empty() || !kind)
        return std::nullopt;
    secret.kind = *kind;
    secret.spans = {{begin, begin + size}};
    secret.key.assign(key.begin(), key.end());
    return secret;
}

/// Lists of {type, data} as addresses and authorization data are.
void skipList(ByteReader& reader)
{
    const std::uint32_t count = reader.u32();
    for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
        reader.u16();
        reader.skip(reader.u32());
    }
}

/// One credential: false when it is not sound and the reading ends.
bool readCredential(ByteReader& reader, std::size_t offset, std::vector<KerberosSecret>& secrets)
{
    KerberosSecret secret;
    reader.u32();
    const std::string client = readPrincipal(reader, reader.u32(), 4);
    reader.u32();
    const std::string server = readPrincipal(reader, reader.u32(), 4);
    const std::uint16_t type = reader.u16();
    const std::uint32_t size = reader.u32();
    const std::size_t begin = offset + static_cast<std::size_t>(reader.position());
    const ByteView key = reader.bytes(size);
    reader.skip(16 + 1 + 4); // times, whether it is a session key of another ticket, flags
    skipList(reader);
    skipList(reader);
    const std::uint32_t ticketSize = reader.u32();
    const std::size_t ticket = offset + static_cast<std::size_t>(reader.position());
    reader.skip(ticketSize);
    reader.skip(reader.u32());
    if (!reader.ok() || client.empty() || server.empty())
        return false;
    const auto kind = kindOf(type, size);
    if (!kind) // what the cache notes of itself
        return server.find("X-CACHECONF") != std::string::npos;
    secret.kind = *kind;
    secret.principal = server;
    secret.key.assign(key.begin(), key.end());
    secret.spans = {{begin, begin + size}, {ticket, ticket + ticketSize}};
    secrets.push_back(std::move(secret));
    return true;
}

/// The element of any tag at `position`, when it lies in the bytes.
std::optional<DerItem> elementAt(ByteView bytes, std::size_t position, std::uint8_t tag)
{
    const auto item = derHeader(bytes, position);
    return item && item->tag == tag && item->end <= bytes.size() ? item : std::nullopt;
}

} // namespace

std::vector<KerberosSecret> readKeytab(ByteView bytes, std::size_t position)
{
    std::vector<KerberosSecret> secrets;
    ByteReader reader = readerAt(bytes, position);
    reader.skip(2);
    while (reader.left() >= 4) {
        const auto size = static_cast<std::int32_t>(reader.u32());
        if (size == 0)
            break;
        if (size < 0) { // a hole that a removed entry left
            reader.skip(static_cast<std::uint64_t>(-static_cast<std::int64_t>(size)));
            if (!reader.ok())
                break;
            continue;
        }
        const std::size_t offset = position + static_cast<std::size_t>(reader.position());
        const ByteView entry = reader.bytes(static_cast<std::uint64_t>(size));
        auto secret = reader.ok() ? readKeytabEntry(entry, offset) : std::nullopt;
        if (!secret)
            break;
        secrets.push_back(std::move(*secret));
    }
    return secrets;
}

std::vector<KerberosSecret> readCredentialCache(ByteView bytes, std::size_t position)
{
    std::vector<KerberosSecret> secrets;
    ByteReader reader = readerAt(bytes, position);
    reader.skip(2);
    reader.skip(reader.u16());
    reader.u32();
    if (readPrincipal(reader, reader.u32(), 4).empty())
        return secrets;
    while (reader.ok() && reader.left() >= 32 && readCredential(reader, position, secrets)) { }
    return secrets;
}

std::optional<KerberosSecret> readKrbCred(ByteView bytes, std::size_t position)
{
    const auto outer = elementAt(bytes, position, 0x76);
    const auto sequence = outer ? elementAt(bytes, outer->begin, 0x30) : std::nullopt;
    if (!sequence || outer->size() > maximumKerberosFile)
        return std::nullopt;
    // pvno, msg-type, tickets, enc-part
    std::size_t at = sequence->begin;
    std::optional<DerItem> part;
    for (std::uint8_t tag = 0xa0; tag <= 0xa3; ++tag) {
        part = elementAt(bytes, at, tag);
        if (!part)
            return std::nullopt;
        at = part->end;
    }
    const auto encrypted = elementAt(bytes, part->begin, 0x30);
    const auto type = encrypted ? elementAt(bytes, encrypted->begin, 0xa0) : std::nullopt;
    if (!type || type->size() != 3 || bytes[type->begin] != 2 || bytes[type->end - 1] != 0)
        return std::nullopt;
    KerberosSecret secret;
    secret.kind = "KRB-CRED";
    secret.spans = {{sequence->begin, sequence->end}};
    secret.key = randomPart(bytes.subspan(sequence->begin, sequence->size()));
    return secret;
}

} // namespace coredact
