// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/okpkey.h"

#include "scanner/rules/keys/bignumber.h"
#include "scanner/rules/keys/der.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <new>

namespace coredact {

const OkpKind ed25519 {"Ed25519", EVP_PKEY_ED25519, 0x70, 32};

namespace {

const std::array kinds {
    OkpKind {"X25519", EVP_PKEY_X25519, 0x6e, 32},
    OkpKind {"X448", EVP_PKEY_X448, 0x6f, 56},
    ed25519,
    OkpKind {"Ed448", EVP_PKEY_ED448, 0x71, 57},
};

SecretBytes objectId(const OkpKind& kind)
{
    const std::uint8_t oid[] = {0x2b, 0x65, kind.oidEnd};
    return derElement(DerTag::Sequence, derElement(DerTag::ObjectId, oid));
}

SecretBytes spki(const OkpKind& kind, ByteView publicHalf)
{
    static constexpr std::uint8_t noUnusedBits[] = {0};
    return derElement(DerTag::Sequence,
                      {objectId(kind), derElement(DerTag::BitString, {noUnusedBits, publicHalf})});
}

/// The signing scalar modulo the group's order (RFC 8032 5.1), as it is and times 2^256: so Go's
/// code for it has numbers.
void addScalars(std::vector<DerivedValue>& derived, const BigNumber& scalar)
{
    static constexpr std::uint8_t belowPowerOfTwo[]
        = {0x14, 0xde, 0xf9, 0xde, 0xa2, 0xf7, 0x9c, 0xd6,
           0x58, 0x12, 0x63, 0x1a, 0x5c, 0xf5, 0xd3, 0xed};
    const BigNumber order = BigNumber::powerOfTwo(252) + BigNumber::fromBigEndian(belowPowerOfTwo);
    const BigNumber montgomery = (scalar * BigNumber::powerOfTwo(256)) % order;
    derived.push_back(
        {"signing scalar mod order", ValueForm::Number, (scalar % order).bigEndian()});
    derived.push_back({"R times the signing scalar", ValueForm::Number, montgomery.bigEndian()});
}

void addForms(std::vector<DerivedValue>& derived, const OkpKind& kind, ByteView secret)
{
    static constexpr std::uint8_t versionZero[] = {0x02, 0x01, 0x00};
    const SecretBytes inner
        = derElement(DerTag::OctetString, derElement(DerTag::OctetString, secret));
    const SecretBytes whole = derElement(DerTag::Sequence, {versionZero, objectId(kind), inner});
    addBase64Of(derived, "base64 of PKCS#8", whole, whole.size() - secret.size(), whole.size());
    if (kind.nid == ed25519.nid) {
        SecretBytes expanded(SHA512_DIGEST_LENGTH);
        SHA512(secret.data(), secret.size(), expanded.data());
        derived.push_back({"SHA-512 of the seed", ValueForm::Binary, expanded});
        // What signing uses: the first half, clamped (RFC 8032 5.1.5).
        expanded.resize(32);
        expanded[0] &= 0xf8;
        expanded[31] = static_cast<std::uint8_t>((expanded[31] & 0x7f) | 0x40);
        addScalars(derived, BigNumber::fromLittleEndian(expanded));
        derived.push_back({"signing scalar", ValueForm::Binary, std::move(expanded)});
    }
}

} // namespace

const OkpKind* okpKindByOid(ByteView oid)
{
    if (oid.size() != 3 || oid[0] != 0x2b || oid[1] != 0x65)
        return nullptr;
    const auto it = std::find_if(kinds.begin(), kinds.end(),
                                 [&](const OkpKind& kind) { return kind.oidEnd == oid[2]; });
    return it == kinds.end() ? nullptr : &*it;
}

SecretBytes okpPublicHalf(const OkpKind& kind, ByteView secret)
{
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
        EVP_PKEY_new_raw_private_key(kind.nid, nullptr, secret.data(), secret.size()),
        &EVP_PKEY_free);
    SecretBytes half(kind.bytes);
    std::size_t size = half.size();
    if (!key || EVP_PKEY_get_raw_public_key(key.get(), half.data(), &size) != 1)
        throw std::bad_alloc();
    return half;
}

PrivateKey okpPrivateKey(const OkpKind& kind, ByteView secret, ByteView publicHalf)
{
    const SecretBytes computed = okpPublicHalf(kind, secret);
    const bool proven
        = std::equal(publicHalf.begin(), publicHalf.end(), computed.begin(), computed.end());
    PrivateKey key;
    key.name = kind.name;
    key.form = ValueForm::Binary;
    key.value.assign(secret.begin(), secret.end());
    if (proven) {
        key.confidence = Confidence::Verified;
        key.proof = "the public half beside it follows from the private one";
    } else {
        key.confidence = looksRandom(secret) ? Confidence::Likely : Confidence::Possible;
    }
    identify(key, spki(kind, computed));
    addForms(key.derived, kind, secret);
    return key;
}

} // namespace coredact
