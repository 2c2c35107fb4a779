// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/heldokp.h"

#include "scanner/base/memoryword.h"
#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/structurewords.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

constexpr std::size_t most = 4096;
constexpr std::size_t half = 32;

constexpr EcxLayout wideEcx {8, 16, 80, 88, 96, 104};
constexpr EcxLayout narrowEcx {4, 8, 68, 72, 76, 84};
/// The last byte of the kinds' OIDs, by the structure's type: X25519, X448, Ed25519, Ed448.
constexpr std::array<std::uint8_t, 4> oidEnds {0x6e, 0x6f, 0x70, 0x71};

/// The length (32, 56 or 57 and a few more), then type and references.
constexpr WordPair lengthPair {~std::uint64_t {half | 56 | 57}, ~std::uint64_t {0x1fff'0000'0003},
                               0};
constexpr MaskedWord narrowLength {half, ~std::uint32_t {(56 | 57) ^ half}};

/// How far behind the begin of 64 bytes the next ones are that may have a structure's length.
std::size_t toNextLength(const EcxLayout& layout, const std::uint8_t* bytes, std::size_t end)
{
    return layout.word == 4 ? maskedKernels().back().kernel(narrowLength, bytes, 0, end)
                            : pairKernels().back().kernel(lengthPair, bytes, 0, end);
}

std::uint64_t wordAt(ByteView bytes, const EcxLayout& layout, std::size_t at)
{
    return numberOf(bytes.subspan(at, layout.word), ByteOrder::Little);
}

const OkpKind& kindOf(std::uint8_t oidEnd)
{
    const std::uint8_t oid[] = {0x2b, 0x65, oidEnd};
    return *okpKindByOid(oid);
}

bool proves(const OkpPublic& wanted, ByteView secret)
{
    return looksRandom(secret) && okpPublicHalf(*wanted.kind, secret) == wanted.bytes;
}

PrivateKey provenKey(const OkpPublic& wanted, ByteView secret)
{
    PrivateKey key = okpPrivateKey(*wanted.kind, secret, wanted.bytes);
    key.proof = "a public half in this dump follows from it";
    return key;
}

} // namespace

OkpHarvest::OkpHarvest(const Dump& dump)
    : m_structures(dump.order == ByteOrder::Little)
    , m_layout(dump.wordSize == 4 ? narrowEcx : wideEcx)
{
}

std::vector<Anchor> OkpHarvest::anchors()
{
    return {{{0x03, 0x21, 0x00, 0x00}, {0xff, 0xff, 0xff, 0x00}}, {{'d', '2', '5', '5'}}};
}

void OkpHarvest::lookAt(const Window& window, std::size_t position)
{
    if (window.bytes[position] == 0x03)
        lookAtSpki(window, position);
    else
        lookAtSsh(window, position);
}

void OkpHarvest::look(const Window& window)
{
    if (m_structures && window.address)
        lookForStructures(window);
}

/// 06 03 2b 65 (6e or 70), then 03 21 00 and the 32 bytes (RFC 8410 4).
void OkpHarvest::lookAtSpki(const Window& window, std::size_t at)
{
    using namespace std::string_view_literals;
    if (at < 5 || !standsAt(window.bytes, at - 5, "\x06\x03\x2b\x65"sv)
        || window.bytes.size() - at < 3 + half || window.bytes[at + 2] != 0)
        return;
    const std::uint8_t oidEnd = window.bytes[at - 1];
    if (oidEnd == 0x6e || oidEnd == 0x70)
        addPublic(kindOf(oidEnd), window.bytes.subspan(at + 3, half));
}

void OkpHarvest::lookAtSsh(const Window& window, std::size_t at)
{
    using namespace std::string_view_literals;
    // "ssh-ed25519", of which the anchor is "d2".
    constexpr std::size_t before = 5;
    if (at < before || !standsAt(window.bytes, at - before, "ssh-ed25519\0\0\0\x20"sv))
        return;
    const std::size_t begin = at - before + 15;
    if (window.bytes.size() - begin >= half)
        addPublic(ed25519, window.bytes.subspan(begin, half));
}

void OkpHarvest::addPublic(const OkpKind& kind, ByteView bytes)
{
    if (!looksRandom(bytes))
        return;
    m_publics.insert({&kind, {bytes.begin(), bytes.end()}});
    keepFirst(m_publics, most);
}

void OkpHarvest::lookForStructures(const Window& window)
{
    const ByteView bytes = window.bytes;
    if (bytes.size() < m_layout.size)
        return;
    const std::size_t end = std::min(window.freshEnd, bytes.size() - m_layout.size + 1);
    std::size_t at = alignedFresh(window, m_layout.word);
    while (at < end) {
        if (at + 64 <= end)
            at += toNextLength(m_layout, bytes.data() + at + m_layout.length, end - at - 63);
        for (const std::size_t stop = std::min(end, at + 64); at < stop; at += m_layout.word)
            lookAtStructure(bytes.subspan(at));
    }
}

void OkpHarvest::lookAtStructure(ByteView bytes)
{
    if (bytes[m_layout.flags] != 1)
        return;
    const auto type = littleWord<std::uint32_t>(bytes.data() + m_layout.type);
    const auto references = littleWord<std::uint32_t>(bytes.data() + m_layout.type + 4);
    const std::uint64_t secret = wordAt(bytes, m_layout, m_layout.privateHalf);
    if (type >= oidEnds.size() || references == 0 || references > 4096 || secret == 0)
        return;
    const OkpKind& kind = kindOf(oidEnds[type]);
    if (wordAt(bytes, m_layout, m_layout.length) != kind.bytes)
        return;
    const ByteView publicHalf = bytes.subspan(m_layout.flags + 1, kind.bytes);
    if (!looksRandom(publicHalf))
        return;
    m_structs.emplace(secret, OkpPublic {&kind, {publicHalf.begin(), publicHalf.end()}});
    keepFirst(m_structs, most);
}

void OkpHarvest::join(const OkpHarvest& other)
{
    m_publics.insert(other.m_publics.begin(), other.m_publics.end());
    keepFirst(m_publics, most);
    m_structs.insert(other.m_structs.begin(), other.m_structs.end());
    keepFirst(m_structs, most);
}

Result<std::vector<HeldKey>> OkpHarvest::structures(const WalkContext& context) const
{
    std::vector<HeldKey> keys;
    for (const auto& [address, wanted] : m_structs) {
        SecretBytes secret(wanted.kind->bytes);
        const auto read = context.memory.read(context.source, address, secret);
        if (!read)
            return read.error();
        if (*read == secret.size() && proves(wanted, secret))
            keys.push_back(
                {provenKey(wanted, secret), context.memory.fileRanges(address, secret.size())});
    }
    return keys;
}

OkpPairs::OkpPairs(const std::set<OkpPublic>& publics)
    : m_publics(publics.begin(), publics.end())
{
    for (std::size_t i = 0; i < m_publics.size(); ++i)
        m_search.add(m_publics[i].bytes, i);
    m_search.build();
}

void OkpPairs::look(const Window& window, std::vector<Found>& found) const
{
    const auto tryAt = [&](std::size_t index, std::size_t begin) {
        const ByteView secret = window.bytes.subspan(begin, half);
        if (proves(m_publics[index], secret))
            found.push_back({window.map->fileRanges(begin, begin + half),
                             index,
                             {secret.begin(), secret.end()}});
    };
    m_search.look(window.bytes.subspan(window.freshBegin), window.freshEnd - window.freshBegin,
                  [&](std::size_t index, std::size_t position) {
                      const std::size_t begin = window.freshBegin + position;
                      if (begin >= half)
                          tryAt(index, begin - half);
                      if (window.bytes.size() - begin >= 2 * half)
                          tryAt(index, begin + half);
                  });
}

PrivateKey OkpPairs::keyOf(const Found& found) const
{
    return provenKey(m_publics[found.publicIndex], found.secret);
}

} // namespace coredact
