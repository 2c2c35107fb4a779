// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/moduli.h"

#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/der.h"
#include "scanner/rules/keys/rsakey.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

/// Of each sort. A program that verifies TLS holds some 150, a server of many hosts two for each.
constexpr std::size_t maximumGathered = 1024;
/// A certificate's subject, issuer and dates before its key take less than this. No window has
/// less context where the memory goes on.
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

std::vector<Anchor> ModuliHarvest::anchors()
{
    // INTEGERs of a leading zero and a whole number of 16 bytes: 257 bytes and more, 129 to 241
    // bytes, and 65 bytes whose second one has its top bit set.
    return {{{0x02, 0x82, 0x00, 0x01}, {0xff, 0xff, 0xf0, 0x0f}},
            {{0x02, 0x81, 0x81, 0x00}, {0xff, 0xff, 0x8f, 0xff}},
            {{0x02, 0x41, 0x00, 0x80}, {0xff, 0xff, 0xff, 0x80}},
            {{'-', 'r', 's', 'a'}}};
}

void ModuliHarvest::lookAt(const Window& window, std::size_t position)
{
    if (window.bytes[position] == 0x02)
        lookAtDer(window, position);
    else
        lookAtSsh(window, position);
}

/// RSAPublicKey (RFC 8017 A.1.1) and the first two numbers of RSAPrivateKey look the same here.
void ModuliHarvest::lookAtDer(const Window& window, std::size_t at)
{
    const ByteView bytes = window.bytes;
    const auto modulus = derHeader(bytes, at);
    // A leading zero, then whole words for each prime.
    if (!modulus || modulus->end >= bytes.size() || modulus->size() < 65
        || (modulus->size() - 1) % 16 != 0 || modulus->size() > 2049 || bytes[modulus->begin] != 0
        || bytes[modulus->begin + 1] < 0x80 || (bytes[modulus->end - 1] & 1) == 0)
        return;
    const auto exponent = DerReader(bytes, modulus->end, bytes.size()).next(DerTag::Integer);
    if (!exponent || exponent->size() == 0 || exponent->size() > 9)
        return;
    add(window, bytes.subspan(modulus->begin, modulus->size()),
        bytes.subspan(exponent->begin, exponent->size()), inSelfSigned(bytes, at));
}

void ModuliHarvest::lookAtSsh(const Window& window, std::size_t at)
{
    if (at < 3 || !standsAt(window.bytes, at - 3, "ssh-rsa"))
        return;
    std::size_t next = at + 4;
    const ByteView e = wireString(window.bytes, next);
    const ByteView n = wireString(window.bytes, next);
    if (!e.empty() && e.size() <= 9 && n.size() >= 65 && (n.size() - 1) % 16 == 0 && n[0] == 0
        && n[1] >= 0x80)
        add(window, n, e, false);
}

void ModuliHarvest::add(const Window& window, ByteView n, ByteView e, bool selfSigned)
{
    if (!plausibleRsaPublic(BigNumber::fromBigEndian(n), BigNumber::fromBigEndian(e)))
        return;
    const auto begin = static_cast<std::size_t>(n.data() - window.bytes.data());
    keep(selfSigned ? m_selfSigned : m_others, {n.begin(), n.end()},
         {{e.begin(), e.end()}, placeInFile(window, begin)});
}

/// The first of equal ones; and of too many, those that come first in the file: so the same ones
/// stay whatever the order in which they come.
void ModuliHarvest::keep(Found& found, SecretBytes n, Known known)
{
    const auto [it, isNew] = found.try_emplace(std::move(n), known);
    if (!isNew && known.place < it->second.place)
        it->second = std::move(known);
    if (found.size() >= 2 * maximumGathered)
        trim(found);
}

void ModuliHarvest::trim(Found& found)
{
    if (found.size() <= maximumGathered)
        return;
    std::vector<std::uint64_t> places;
    for (const auto& [modulus, one] : found)
        places.push_back(one.place);
    std::nth_element(places.begin(), places.begin() + maximumGathered, places.end());
    const std::uint64_t limit = places[maximumGathered];
    std::erase_if(found, [&](const auto& one) { return one.second.place >= limit; });
    leaveOut();
}

void ModuliHarvest::join(ModuliHarvest& other)
{
    for (auto& [n, known] : other.m_others)
        keep(m_others, n, std::move(known));
    for (auto& [n, known] : other.m_selfSigned)
        keep(m_selfSigned, n, std::move(known));
}

std::vector<PublicRsa> ModuliHarvest::moduli()
{
    trim(m_others);
    trim(m_selfSigned);
    const auto inOrder = [](const Found& found) {
        std::vector<const Found::value_type*> order;
        for (const auto& one : found)
            order.push_back(&one);
        std::sort(order.begin(), order.end(),
                  [](auto* a, auto* b) { return a->second.place < b->second.place; });
        return order;
    };
    std::vector<PublicRsa> moduli;
    const auto take = [&](const Found::value_type& one, bool selfSigned) {
        const auto& [n, known] = one;
        moduli.push_back({BigNumber::fromBigEndian(n), BigNumber::fromBigEndian(known.exponent),
                          limbsOfBigEndian(ByteView(n).subspan(1)), selfSigned});
    };
    for (const auto* one : inOrder(m_others))
        take(*one, false);
    for (const auto* one : inOrder(m_selfSigned))
        if (!m_others.contains(one->first))
            take(*one, true);
    return moduli;
}

} // namespace coredact
