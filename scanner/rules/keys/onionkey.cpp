// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/onionkey.h"

#include "scanner/rules/keys/bignumber.h"
#include "scanner/rules/keys/okpkey.h"

#include <algorithm>
#include <array>
#include <new>
#include <optional>

#include <openssl/evp.h>

namespace coredact {

namespace {

constexpr std::size_t half = 32;
constexpr std::size_t expandedBytes = 64;
constexpr std::size_t addressLetters = 56;
constexpr std::size_t addressBytes = 35; ///< key, checksum of two bytes, version
constexpr std::uint8_t addressVersion = 3;

/// The value of a letter in base32 (RFC 4648), lower case as tor writes it.
std::optional<unsigned> valueOf(std::uint8_t letter)
{
    if (letter >= 'a' && letter <= 'z')
        return letter - 'a';
    if (letter >= '2' && letter <= '7')
        return letter - '2' + 26U;
    return std::nullopt;
}

SecretBytes decoded(ByteView letters)
{
    SecretBytes bytes;
    unsigned bits = 0;
    unsigned held = 0;
    for (const std::uint8_t letter : letters) {
        held = (held << 5 | *valueOf(letter)) & 0xfff;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            bytes.push_back(static_cast<std::uint8_t>(held >> bits & 0xff));
        }
    }
    return bytes;
}

/// rend-spec-v3: the first two bytes of SHA3-256(".onion checksum", key, version).
bool checks(const SecretBytes& address)
{
    constexpr std::string_view label = ".onion checksum";
    if (address.size() != addressBytes || address[addressBytes - 1] != addressVersion)
        return false;
    SecretBytes text(label.begin(), label.end());
    text.insert(text.end(), address.begin(), address.begin() + half);
    text.push_back(addressVersion);
    std::array<std::uint8_t, 32> digest {};
    if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha3_256(), nullptr) != 1)
        throw std::bad_alloc();
    return address[half] == digest[0] && address[half + 1] == digest[1];
}

/// The coordinate on Curve25519 of a point on Ed25519: (1 + y) / (1 - y). Empty for none.
SecretBytes montgomeryOf(ByteView publicKey)
{
    SecretBytes bytes(publicKey.begin(), publicKey.end());
    bytes[half - 1] &= 0x7f; // the sign of x
    const BigNumber one(1);
    const BigNumber field = BigNumber::powerOfTwo(255) - BigNumber(19);
    const BigNumber y = BigNumber::fromLittleEndian(bytes) % field;
    const auto inverse = ((field + one - y) % field).inverse(field);
    if (!inverse)
        return {};
    return (((one + y) * *inverse) % field).littleEndian(half);
}

} // namespace

void forEachOnionAddress(const Window& window, const std::function<void(SecretBytes)>& take)
{
    const ByteView bytes = window.bytes;
    // A run of so many letters has one at each multiple of a smaller number.
    constexpr std::size_t stride = 32;
    std::size_t last = 0;
    for (std::size_t at = window.freshBegin; at < bytes.size(); at += stride) {
        if (!valueOf(bytes[at]) || at < last)
            continue;
        std::size_t begin = at;
        while (begin > 0 && at - begin <= addressLetters && valueOf(bytes[begin - 1]))
            --begin;
        std::size_t end = at;
        while (end < bytes.size() && end - begin <= addressLetters && valueOf(bytes[end]))
            ++end;
        last = end;
        if (begin >= window.freshEnd)
            return;
        if (!window.fresh(begin) || end - begin != addressLetters)
            continue;
        SecretBytes address = decoded(bytes.subspan(begin, addressLetters));
        if (!checks(address))
            continue;
        address.resize(half);
        take(std::move(address));
    }
}

bool isExpandedKeyOf(ByteView expanded, ByteView publicKey)
{
    if ((expanded[0] & 7) != 0 || (expanded[half - 1] & 0xc0) != 0x40 || !looksRandom(expanded))
        return false;
    static constexpr std::uint8_t x25519[] = {0x2b, 0x65, 0x6e};
    const SecretBytes wanted = montgomeryOf(publicKey);
    return !wanted.empty() && okpPublicHalf(*okpKindByOid(x25519), expanded.first(half)) == wanted;
}

OnionKeySearch::OnionKeySearch(const std::set<SecretBytes>& publics)
    : m_publics(publics.begin(), publics.end())
{
    for (std::size_t i = 0; i < m_publics.size(); ++i)
        m_search.add(m_publics[i], i);
    m_search.build();
}

void OnionKeySearch::look(const Window& window, std::vector<Found>& found) const
{
    const auto tryAt = [&](std::size_t index, std::size_t begin) {
        const ByteView secret = window.bytes.subspan(begin, expandedBytes);
        if (isExpandedKeyOf(secret, m_publics[index]))
            found.push_back({window.map->fileRanges(begin, begin + expandedBytes),
                             {secret.begin(), secret.end()}});
    };
    m_search.look(window.bytes.subspan(window.freshBegin), window.freshEnd - window.freshBegin,
                  [&](std::size_t index, std::size_t position) {
                      const std::size_t begin = window.freshBegin + position;
                      if (begin >= expandedBytes)
                          tryAt(index, begin - expandedBytes);
                      if (window.bytes.size() - begin >= half + expandedBytes)
                          tryAt(index, begin + half);
                  });
}

} // namespace coredact
