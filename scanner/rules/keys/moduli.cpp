// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/moduli.h"

#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/der.h"
#include "scanner/rules/keys/rsakey.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::size_t maximumSelfSigned = 48;
constexpr std::size_t maximumModuli = 96;
/// A certificate's subject, issuer and dates before its key take less than this.
constexpr std::size_t maximumNames = 2048;

/// Whether the key at `key` stands in a certificate whose issuer is its subject. The certificate
/// is known by its version 3 and serial number before the names (RFC 5280 4.1).
bool inSelfSigned(ByteView bytes, std::size_t key)
{
    const std::size_t floor = key - std::min(key, maximumNames);
    for (std::size_t at = key; at-- > floor;) {
        using namespace std::string_view_literals;
        if (bytes[at] != 0xa0 || !standsAt(bytes, at, "\xa0\x03\x02\x01\x02\x02"sv))
            continue;
        DerReader reader(bytes, at + 5, bytes.size());
        reader.next(DerTag::Integer);
        reader.next(DerTag::Sequence);
        const auto issuer = reader.next(DerTag::Sequence);
        reader.next(DerTag::Sequence);
        const auto subject = reader.next(DerTag::Sequence);
        // Only the heads of the SubjectPublicKeyInfo stand between the subject and the modulus.
        return issuer && subject && subject->end <= key && key - subject->end < 64
            && std::ranges::equal(bytes.subspan(issuer->begin, issuer->size()),
                                  bytes.subspan(subject->begin, subject->size()));
    }
    return false;
}

/// A string of SSH's wire form at `at`; empty when it is not all there.
ByteView wireString(ByteView bytes, std::size_t& at)
{
    if (at > bytes.size() || bytes.size() - at < 4 || bytes[at] != 0 || bytes[at + 1] != 0)
        return {};
    const std::size_t size = static_cast<std::size_t>(bytes[at + 2]) << 8 | bytes[at + 3];
    if (bytes.size() - at - 4 < size)
        return {};
    const ByteView content = bytes.subspan(at + 4, size);
    at += 4 + size;
    return content;
}

} // namespace

void ModuliHarvest::look(const StreamChunk& chunk)
{
    lookForDer(chunk.bytes, chunk.fresh, 0x82);
    lookForDer(chunk.bytes, chunk.fresh, 0x81);
    lookForDer(chunk.bytes, chunk.fresh, 0x41);
    lookForSsh(chunk.bytes, chunk.fresh);
}

/// RSAPublicKey (RFC 8017 A.1.1) and the first two numbers of RSAPrivateKey look the same here.
void ModuliHarvest::lookForDer(ByteView bytes, std::size_t fresh, std::uint8_t lengthByte)
{
    for (std::size_t at = 0; (at = findPair(bytes, at, fresh, 0x02, lengthByte)) != notFound;
         ++at) {
        const auto modulus = derHeader(bytes, at);
        // A leading zero, then whole words for each prime.
        if (!modulus || modulus->end >= bytes.size() || modulus->size() < 65
            || (modulus->size() - 1) % 16 != 0 || modulus->size() > 2049
            || bytes[modulus->begin] != 0 || bytes[modulus->begin + 1] < 0x80
            || (bytes[modulus->end - 1] & 1) == 0)
            continue;
        const auto exponent = DerReader(bytes, modulus->end, bytes.size()).next(DerTag::Integer);
        if (!exponent || exponent->size() == 0 || exponent->size() > 9)
            continue;
        add(bytes.subspan(modulus->begin, modulus->size()),
            bytes.subspan(exponent->begin, exponent->size()), inSelfSigned(bytes, at));
    }
}

void ModuliHarvest::lookForSsh(ByteView bytes, std::size_t fresh)
{
    for (std::size_t at = 0; (at = findPair(bytes, at, fresh, '-', 'r')) != notFound; ++at) {
        if (at < 3 || !standsAt(bytes, at - 3, "ssh-rsa"))
            continue;
        std::size_t next = at + 4;
        const ByteView e = wireString(bytes, next);
        const ByteView n = wireString(bytes, next);
        if (!e.empty() && e.size() <= 9 && n.size() >= 65 && (n.size() - 1) % 16 == 0 && n[0] == 0
            && n[1] >= 0x80)
            add(n, e, false);
    }
}

void ModuliHarvest::add(ByteView n, ByteView e, bool selfSigned)
{
    if (m_moduli.size() >= maximumModuli || (selfSigned && m_selfSigned >= maximumSelfSigned))
        return;
    PublicRsa key {BigNumber::fromBigEndian(n), BigNumber::fromBigEndian(e),
                   limbsOfBigEndian(n.subspan(1)), selfSigned};
    if (!plausibleRsaPublic(key.n, key.e))
        return;
    for (PublicRsa& known : m_moduli) {
        if (known.limbs == key.limbs) {
            m_selfSigned -= known.selfSigned && !selfSigned ? 1 : 0;
            known.selfSigned = known.selfSigned && selfSigned;
            return;
        }
    }
    m_selfSigned += selfSigned ? 1 : 0;
    m_moduli.push_back(std::move(key));
}

std::vector<PublicRsa> ModuliHarvest::moduli()
{
    std::stable_partition(m_moduli.begin(), m_moduli.end(),
                          [](const PublicRsa& key) { return !key.selfSigned; });
    return std::move(m_moduli);
}

} // namespace coredact
