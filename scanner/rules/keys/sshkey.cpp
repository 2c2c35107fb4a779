// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/sshkey.h"

#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/eckey.h"
#include "scanner/rules/keys/okpkey.h"
#include "scanner/rules/keys/rsakey.h"
#include "scanner/rules/keys/sshwire.h"

#include <algorithm>

namespace coredact {

namespace {

void append(SecretBytes& blob, ByteView bytes)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        blob.push_back(static_cast<std::uint8_t>(bytes.size() >> shift & 0xff));
    blob.insert(blob.end(), bytes.begin(), bytes.end());
}

/// A public key's blob out of its strings.
SecretBytes blobOf(std::initializer_list<ByteView> strings)
{
    SecretBytes blob;
    for (const ByteView string : strings)
        append(blob, string);
    return blob;
}

/// The key's numbers in the order of the wire: n, e, d, q^-1 mod p, p, q.
std::optional<SshKey> readRsa(WireReader reader)
{
    Span spans[6];
    for (Span& span : spans)
        span = reader.string(2052);
    if (!reader.ok())
        return std::nullopt;
    RsaNumbers numbers {reader.integer(spans[0]),
                        reader.integer(spans[1]),
                        reader.integer(spans[2]),
                        reader.integer(spans[4]),
                        reader.integer(spans[5]),
                        {},
                        {},
                        reader.integer(spans[3])};
    const BigNumber one(1);
    if (!plausibleRsaPublic(numbers.n, numbers.e) || numbers.p.bits() < 128
        || numbers.q.bits() < 128)
        return std::nullopt;
    numbers.dp = numbers.d % (numbers.p - one);
    numbers.dq = numbers.d % (numbers.q - one);
    const bool proven = provesRsa(numbers);
    if (!proven && !plausibleRsa(numbers))
        return std::nullopt;
    SshKey key;
    key.key = rsaPrivateKey(numbers, proven ? Confidence::Verified : Confidence::Likely,
                            proven ? "p·q equals n, and e·d is 1 mod lcm(p-1, q-1)" : "");
    key.key.identity
        = sshIdentity(blobOf({asBytes("ssh-rsa"), reader.view(spans[1]), reader.view(spans[0])}));
    key.secrets.assign(spans + 2, spans + 6);
    key.numbers = key.secrets;
    key.end = reader.position();
    return key;
}

std::optional<SshKey> readEd25519(WireReader reader)
{
    const Span publicHalf = reader.string(32);
    const Span pair = reader.string(64);
    if (!reader.ok() || publicHalf.end - publicHalf.begin != 32 || pair.end - pair.begin != 64)
        return std::nullopt;
    const Span seed {pair.begin, pair.begin + 32};
    SshKey key;
    key.key = okpPrivateKey(ed25519, reader.view(seed), reader.view(publicHalf));
    key.key.identity = sshIdentity(blobOf({asBytes("ssh-ed25519"), reader.view(publicHalf)}));
    key.secrets = key.numbers = {seed};
    key.end = reader.position();
    return key;
}

std::optional<SshKey> readEcdsa(WireReader reader, std::string_view type)
{
    const Span name = reader.string(16);
    const Span octets = reader.string(133);
    const Span scalar = reader.string(67);
    if (!reader.ok())
        return std::nullopt;
    const EcCurve* curve = ecCurveBySshName(asText(reader.view(name)));
    if (!curve || !type.ends_with(curve->sshName)
        || octets.end - octets.begin != 2 * curve->bytes + 1
        || scalar.end - scalar.begin + 4 < curve->bytes)
        return std::nullopt;
    const BigNumber d = reader.integer(scalar);
    const auto point = ecPublicPoint(*curve, d);
    if (!point)
        return std::nullopt;
    const bool proven = ecSamePoint(*curve, *point, reader.view(octets));
    SshKey key;
    key.key = proven
        ? ecPrivateKey(*curve, d, *point, Confidence::Verified, "d·G equals the public point")
        : ecPrivateKey(*curve, d, *point,
                       looksRandom(reader.view(scalar)) ? Confidence::Likely : Confidence::Possible,
                       {});
    key.key.identity = sshIdentity(blobOf({asBytes(type), reader.view(name), reader.view(octets)}));
    key.secrets = key.numbers = {scalar};
    key.end = reader.position();
    return key;
}

/// The padding counts 1, 2, 3, ... up to the cipher's block.
bool paddingCounts(ByteView padding)
{
    if (padding.size() >= 64)
        return false;
    for (std::size_t i = 0; i < padding.size(); ++i)
        if (padding[i] != i + 1)
            return false;
    return true;
}

SshKey unread(ByteView publicBlob, Span blob, std::size_t end, bool encrypted)
{
    SshKey key;
    key.key.name = encrypted ? "Encrypted OpenSSH" : "OpenSSH";
    key.key.form = ValueForm::Binary;
    key.key.identity = sshIdentity(publicBlob);
    key.secrets = {blob};
    key.end = end;
    key.encrypted = encrypted;
    return key;
}

} // namespace

std::optional<SshKey> readSshWire(ByteView bytes, std::size_t position)
{
    WireReader reader(bytes, position);
    const Span span = reader.string(32);
    if (!reader.ok())
        return std::nullopt;
    const std::string_view type = asText(reader.view(span));
    if (type == "ssh-rsa")
        return readRsa(reader);
    if (type == "ssh-ed25519")
        return readEd25519(reader);
    if (type.starts_with("ecdsa-sha2-"))
        return readEcdsa(reader, type);
    return std::nullopt;
}

std::optional<SshKey> readOpenSsh(ByteView bytes, std::size_t position)
{
    if (!standsAt(bytes, position, opensshMagic))
        return std::nullopt;
    WireReader reader(bytes, position + opensshMagic.size());
    const Span cipher = reader.string(64);
    const Span derivation = reader.string(64);
    reader.string(256);
    const std::uint32_t count = reader.number();
    const Span publicBlob = reader.string();
    const Span blob = reader.string();
    if (!reader.ok() || count != 1 || cipher.end == cipher.begin || blob.end - blob.begin < 16
        || derivation.end == derivation.begin)
        return std::nullopt;
    const ByteView publicBytes = reader.view(publicBlob);
    if (asText(reader.view(cipher)) != "none")
        return unread(publicBytes, blob, reader.position(), true);

    const ByteView whole = bytes.first(blob.end);
    WireReader inner(whole, blob.begin);
    const bool sameChecks = inner.number() == inner.number();
    auto key = readSshWire(whole, inner.position());
    if (!key)
        return unread(publicBytes, blob, reader.position(), false);
    WireReader rest(whole, key->end);
    rest.string();
    const bool sound = rest.ok() && sameChecks && key->key.identity == sshIdentity(publicBytes)
        && paddingCounts(whole.subspan(rest.position()));
    if (!sound && key->key.confidence == Confidence::Verified)
        key->key.proof += " (the container around it is damaged)";
    key->secrets = {blob};
    key->end = reader.position();
    return key;
}

} // namespace coredact
