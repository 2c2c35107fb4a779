// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/pgpkey.h"

#include "scanner/base/bytereader.h"
#include "scanner/rules/keys/numberkeys.h"
#include "scanner/rules/keys/okpkey.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace coredact {

namespace {

using namespace std::string_view_literals;

// Algorithms (RFC 9580 9.1).
enum Algorithm : std::uint8_t {
    Rsa = 1,
    RsaSign = 3,
    ElGamal = 16,
    Dsa = 17,
    Ecdh = 18,
    Ecdsa = 19,
    EdDsa = 22,
    X25519 = 25,
    X448 = 26,
    Ed25519 = 27,
    Ed448 = 28,
};

/// 1997, when the format began, to 2100.
constexpr std::uint32_t earliest = 852076800;
constexpr std::uint32_t latest = 4102444800;

struct Body {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// The content of a packet whose header stands at `position`.
std::optional<Body> packetBody(ByteView bytes, std::size_t position)
{
    ByteReader reader(bytes.subspan(position), ByteOrder::Big);
    const std::uint8_t tag = reader.u8();
    std::uint64_t size = 0;
    if (tag >= 0xc0) {
        const std::uint8_t first = reader.u8();
        if (first < 192)
            size = first;
        else if (first < 224)
            size = ((first - 192U) << 8) + reader.u8() + 192;
        else if (first == 255)
            size = reader.u32();
    } else {
        size = reader.word(std::size_t {1} << (tag & 3));
    }
    if (!reader.ok() || size < 20 || size > maximumPgpKey || size > reader.left())
        return std::nullopt;
    const auto begin = position + static_cast<std::size_t>(reader.position());
    return Body {begin, begin + static_cast<std::size_t>(size)};
}

/// A number with its exact count of bits before it.
std::optional<BigNumber> readMpi(ByteReader& reader)
{
    const std::uint16_t bits = reader.u16();
    const ByteView bytes = reader.bytes((bits + 7U) / 8U);
    if (!reader.ok() || bits == 0 || bits > 16384)
        return std::nullopt;
    BigNumber number = BigNumber::fromBigEndian(bytes);
    return number.bits() == bits ? std::optional(std::move(number)) : std::nullopt;
}

struct Curve {
    std::string_view oid;
    const OkpKind* kind = nullptr; ///< else one of ecCurves
    bool reversed = false; ///< the secret is written backwards
};

constexpr std::string_view legacyEd25519 = "\x2b\x06\x01\x04\x01\xda\x47\x0f\x01"sv;
constexpr std::string_view legacyX25519 = "\x2b\x06\x01\x04\x01\x97\x55\x01\x05\x01"sv;

const OkpKind* okpOf(char last)
{
    const std::array<std::uint8_t, 3> oid {0x2b, 0x65, static_cast<std::uint8_t>(last)};
    return okpKindByOid(oid);
}

/// What the public part says.
struct Public {
    std::uint8_t algorithm = 0;
    std::vector<BigNumber> numbers;
    SecretBytes octets; ///< a point, or the public half of a newer kind
    const EcCurve* curve = nullptr;
    const OkpKind* kind = nullptr;
    bool native = false; ///< of fixed size, without a count of bits
};

std::size_t publicCount(std::uint8_t algorithm)
{
    return algorithm <= RsaSign ? 2 : algorithm == ElGamal ? 3 : 4;
}

bool readNative(ByteReader& reader, Public& key)
{
    static constexpr std::array<char, 4> oids {0x6e, 0x6f, 0x70, 0x71};
    key.kind = okpOf(oids[key.algorithm - X25519]);
    key.native = true;
    const ByteView half = reader.bytes(key.kind->bytes);
    key.octets.assign(half.begin(), half.end());
    return reader.ok();
}

bool readCurve(ByteReader& reader, Public& key)
{
    const std::uint8_t size = reader.u8();
    const ByteView oid = reader.bytes(size);
    if (!reader.ok() || size < 3 || size > 16)
        return false;
    if (asText(oid) == legacyEd25519)
        key.kind = okpOf(0x70);
    else if (asText(oid) == legacyX25519)
        key.kind = okpOf(0x6e);
    else
        key.curve = ecCurveByOid(oid);
    const auto point = readMpi(reader);
    if (!point)
        return false;
    key.octets = point->bigEndian();
    if (key.algorithm == Ecdh) // how to derive a key: 3, 1, hash, cipher
        reader.bytes(reader.u8());
    return reader.ok() && (key.kind || key.curve);
}

bool readMaterial(ByteReader& reader, Public& key)
{
    if (key.algorithm >= X25519 && key.algorithm <= Ed448)
        return readNative(reader, key);
    if (key.algorithm == Ecdh || key.algorithm == Ecdsa || key.algorithm == EdDsa)
        return readCurve(reader, key);
    if (key.algorithm == 0
        || (key.algorithm > RsaSign && key.algorithm != ElGamal && key.algorithm != Dsa))
        return false;
    for (std::size_t i = 0; i < publicCount(key.algorithm); ++i) {
        auto number = readMpi(reader);
        if (!number)
            return false;
        key.numbers.push_back(std::move(*number));
    }
    return key.numbers[0].bits() >= 512 && key.numbers[0].isOdd();
}

/// The algorithm and its public part, which newer versions tell the size of.
bool readPublic(ByteReader& reader, Public& key, std::uint8_t version)
{
    key.algorithm = reader.u8();
    const std::uint32_t size = version > 4 ? reader.u32() : 0;
    const std::uint64_t begin = reader.position();
    return readMaterial(reader, key) && (version == 4 || reader.position() - begin == size);
}

/// The secret half of an Edwards or Montgomery key, which leading zeros may be missing from.
std::optional<PrivateKey> okpKey(const Public& key, const BigNumber& number)
{
    if (number.bytes() > key.kind->bytes)
        return std::nullopt;
    SecretBytes secret = number.bigEndian(key.kind->bytes);
    if (key.algorithm == Ecdh)
        std::reverse(secret.begin(), secret.end());
    // The older forms write 0x40 before the public half.
    ByteView half = key.octets;
    if (half.size() == key.kind->bytes + 1 && half[0] == 0x40)
        half = half.subspan(1);
    return okpPrivateKey(*key.kind, secret, half);
}

std::optional<PrivateKey> secretKey(ByteReader& reader, const Public& key)
{
    if (key.native) {
        const ByteView secret = reader.bytes(key.kind->bytes);
        return reader.ok() ? std::optional(okpPrivateKey(*key.kind, secret, key.octets))
                           : std::nullopt;
    }
    const auto first = readMpi(reader);
    if (!first)
        return std::nullopt;
    if (key.kind)
        return okpKey(key, *first);
    if (key.curve)
        return first->bytes() <= key.curve->bytes
            ? ecKeyOf(*key.curve, first->bigEndian(key.curve->bytes), key.octets)
            : std::nullopt;
    if (key.algorithm == ElGamal)
        return logKeyOf("ElGamal", {key.numbers[0], {}, key.numbers[1], key.numbers[2], *first});
    if (key.algorithm == Dsa)
        return logKeyOf("DSA",
                        {key.numbers[0], key.numbers[1], key.numbers[2], key.numbers[3], *first});
    const auto p = readMpi(reader);
    const auto q = p ? readMpi(reader) : std::nullopt;
    if (!q || !readMpi(reader))
        return std::nullopt;
    return rsaKeyOf(key.numbers[0], key.numbers[1], *first, *p, *q);
}

std::string_view algorithmName(const Public& key)
{
    if (key.kind)
        return key.kind->name;
    if (key.curve)
        return key.curve->name;
    return key.algorithm <= RsaSign ? "RSA" : key.algorithm == Dsa ? "DSA" : "ElGamal";
}

/// A hash over the public part as a packet (RFC 9580 5.5.4): SHA-1 in version 4, SHA-256 later.
Identity fingerprint(ByteView publicPart, std::uint8_t version)
{
    SecretBytes packet;
    if (version == 4) {
        packet = {0x99};
    } else {
        packet = {static_cast<std::uint8_t>(0x95 + version), 0, 0};
    }
    packet.push_back(static_cast<std::uint8_t>(publicPart.size() >> 8));
    packet.push_back(static_cast<std::uint8_t>(publicPart.size() & 0xff));
    packet.insert(packet.end(), publicPart.begin(), publicPart.end());
    std::vector<std::uint8_t> digest(32);
    std::size_t size = 0;
    EVP_Q_digest(nullptr, version == 4 ? "SHA1" : "SHA256", nullptr, packet.data(), packet.size(),
                 digest.data(), &size);
    digest.resize(size);
    std::string text = toHex(digest);
    for (char& letter : text)
        letter = static_cast<char>(letter >= 'a' ? letter - 'a' + 'A' : letter);
    return {"pgp-fingerprint", std::move(text)};
}

/// The 16-bit sum of the secret numbers behind them: what speaks for a key that has no proof.
bool sumHolds(ByteView secret)
{
    std::uint16_t sum = 0;
    for (const std::uint8_t byte : secret.first(secret.size() - 2))
        sum = static_cast<std::uint16_t>(sum + byte);
    return secret[secret.size() - 2] == sum >> 8 && secret[secret.size() - 1] == (sum & 0xff);
}

/// Where the ciphertext begins, from the octet after the public part on; 0 when it is no
/// encrypted key.
std::size_t ciphertextAt(ByteReader& reader, const Public& key, std::uint8_t usage)
{
    // The newer kinds have no counts of bits that could be checked, nor the oldest way to encrypt.
    if (key.native && usage < 253)
        return 0;
    std::uint8_t cipher = usage;
    if (usage >= 253) {
        cipher = reader.u8();
        if (usage == 253)
            reader.u8(); // AEAD
        const std::uint8_t kind = reader.u8();
        const std::uint8_t hash = reader.u8();
        if (kind == 1)
            reader.skip(8);
        else if (kind == 3)
            reader.skip(9);
        else
            return 0; // 101: on a card, or nowhere
        if (hash == 0 || hash > 14)
            return 0;
    }
    if (cipher == 0 || cipher > 13)
        return 0;
    reader.skip(cipher <= 4 ? 8 : 16); // the initialisation vector
    return reader.ok() ? static_cast<std::size_t>(reader.position()) : 0;
}

/// The same of versions 5 and 6, which tell how long the parameters are that say how to decrypt.
std::size_t newCiphertextAt(ByteReader& reader, std::uint8_t version)
{
    const std::uint8_t size = reader.u8();
    const std::uint8_t cipher = reader.u8();
    if (size < 8 || cipher == 0 || cipher > 13)
        return 0;
    reader.skip(size - 1U);
    if (version == 5 && reader.u32() > reader.left())
        return 0;
    return reader.ok() ? static_cast<std::size_t>(reader.position()) : 0;
}

/// What follows the secret numbers: a sum of two bytes, but in version 6.
std::uint64_t sumBytes(std::uint8_t version) { return version == 6 ? 0 : 2; }

} // namespace

std::optional<PgpKey> readPgpSecretKey(ByteView bytes, std::size_t position)
{
    const auto body = packetBody(bytes, position);
    if (!body)
        return std::nullopt;
    const ByteView packet = bytes.subspan(body->begin, body->end - body->begin);
    ByteReader reader(packet, ByteOrder::Big);
    const std::uint8_t version = reader.u8();
    const std::uint32_t made = reader.u32();
    Public part;
    if (version < 4 || version > 6 || made < earliest || made > latest
        || !readPublic(reader, part, version))
        return std::nullopt;
    const ByteView publicPart = packet.first(static_cast<std::size_t>(reader.position()));
    const std::uint8_t usage = reader.u8();
    PgpKey found;
    found.end = body->end;
    if (usage == 0) {
        // No parameters, then how many bytes follow.
        if (version == 5 && (reader.u8() != 0 || reader.u32() > reader.left()))
            return std::nullopt;
        const auto begin = static_cast<std::size_t>(reader.position());
        auto key = secretKey(reader, part);
        if (!key || !reader.ok() || reader.left() != sumBytes(version)
            || (key->confidence != Confidence::Verified
                && (version == 6 || !sumHolds(packet.subspan(begin)))))
            return std::nullopt;
        found.key = std::move(*key);
        found.secret = {body->begin + begin, body->end};
    } else {
        const std::size_t begin
            = version == 4 ? ciphertextAt(reader, part, usage) : newCiphertextAt(reader, version);
        if (begin == 0 || packet.size() - begin < 20 || !looksRandom(packet.subspan(begin)))
            return std::nullopt;
        found.encrypted = true;
        found.key.name = "Encrypted OpenPGP " + std::string(algorithmName(part));
        found.key.form = ValueForm::Binary;
        found.secret = {body->begin + begin, body->end};
    }
    found.key.identity = fingerprint(publicPart, version);
    return found;
}

} // namespace coredact
