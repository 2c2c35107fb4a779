// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/lsakey.h"

#include "scanner/base/distinctbytes.h"
#include "scanner/base/memoryword.h"
#include "scanner/rules/aes/schedule.h"
#include "scanner/rules/ciphers/des.h"

#include <algorithm>
#include <array>
#include <memory>

#include <openssl/evp.h>

namespace coredact {

namespace {

// The key's size, from the object's beginning: Windows 7 with words of 64 and 32 bits, 8, 8.1 on.
constexpr std::array<std::size_t, 5> sizeFields {24, 32, 40, 52, 56};
constexpr std::size_t tripleDesKey = 24;

std::uint32_t word(ByteView bytes, std::size_t at)
{
    return littleWord<std::uint32_t>(bytes.data() + at);
}

bool isCipherKey(std::uint32_t size) { return size == 16 || size == tripleDesKey || size == 32; }

/// The round keys of a key: AES' encryption schedule, or those of the first of three DES keys.
SecretBytes roundKeys(ByteView key)
{
    return key.size() == tripleDesKey ? expandDesKey(key.first(8), DesLayout::Libcrypto)
                                      : expandAesKey(key);
}

bool holds(ByteView bytes, const SecretBytes& part)
{
    return std::search(bytes.begin(), bytes.end(), part.begin(), part.end()) != bytes.end();
}

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

/// A UNICODE_STRING of a self-relative structure: sizes in bytes, offset of the text.
struct RelativeString {
    std::size_t begin = 0;
    std::size_t size = 0;
};

/// Names of accounts and domains are of one plane, and mostly of one alphabet.
bool isName(ByteView text)
{
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto unit = littleWord<std::uint16_t>(text.data() + i);
        if (unit < 0x20 || (unit >= 0x7f && unit < 0xa0) || unit >= 0xd800)
            return false;
    }
    return true;
}

std::optional<RelativeString> relativeString(ByteView plain, std::size_t at)
{
    const auto size = littleWord<std::uint16_t>(plain.data() + at);
    const auto most = littleWord<std::uint16_t>(plain.data() + at + 2);
    const auto begin = littleWord<std::uint64_t>(plain.data() + at + 8);
    if (size == 0 || size % 2 != 0 || most < size || begin < at + 16 || begin > plain.size()
        || plain.size() - begin < size)
        return std::nullopt;
    return RelativeString {static_cast<std::size_t>(begin), size};
}

bool areFlags(ByteView bytes)
{
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte <= 1; });
}

/// Where the NT hash begins; `plain` holds 128 bytes and more.
std::size_t hashesAt(ByteView plain)
{
    constexpr std::size_t names = 32; // two UNICODE_STRINGs
    // Windows 10 since 1607: a pointer, five flags and what belongs to isolated credentials.
    if (areFlags(plain.subspan(names + 8, 5)) && plain[names + 9] == 1
        && word(plain, names + 38) == 0)
        return names + 42;
    // Before: four flags, in the first versions without the padding behind them.
    if (areFlags(plain.subspan(names, 4)) && plain[names + 1] == 1)
        return word(plain, names + 4) == 0 ? names + 8 : names + 4;
    return names;
}

} // namespace

std::optional<CngKey> readCngKey(ByteView bytes, std::size_t tag)
{
    if (tag < 4 || bytes.size() - tag < 16)
        return std::nullopt;
    const std::size_t begin = tag - 4;
    const std::size_t size
        = std::min<std::size_t>({word(bytes, begin), cngKeyReach, bytes.size() - begin});
    if (word(bytes, begin) < 64 || word(bytes, begin) > 4096)
        return std::nullopt;
    const ByteView object = bytes.subspan(begin, size);
    for (const std::size_t field : sizeFields) {
        if (object.size() < field + 4)
            break;
        const std::uint32_t keySize = word(object, field);
        if (!isCipherKey(keySize) || object.size() - field - 4 < keySize)
            continue;
        const ByteView key = object.subspan(field + 4, keySize);
        if (distinctBytes(key) <= keySize / 2)
            continue;
        return CngKey {SecretBytes(key.begin(), key.end()),
                       {begin + field + 4, begin + field + 4 + keySize},
                       holds(object.subspan(field + 4), roundKeys(key))};
    }
    return std::nullopt;
}

SecretBytes decryptLsa(ByteView ciphertext, ByteView key)
{
    const bool triple = ciphertext.size() % 8 == 0;
    if (triple != (key.size() == tripleDesKey) || ciphertext.size() > 65536)
        return {};
    const EVP_CIPHER* cipher = triple ? EVP_des_ede3_cbc()
        : key.size() == 16            ? EVP_aes_128_cfb8()
                                      : EVP_aes_256_cfb8();
    static constexpr std::uint8_t unknown[16] = {};
    const Cipher context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    SecretBytes plain(ciphertext.size() + 16);
    int size = 0;
    if (!context || EVP_DecryptInit_ex(context.get(), cipher, nullptr, key.data(), unknown) != 1
        || EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1
        || EVP_DecryptUpdate(context.get(), plain.data(), &size, ciphertext.data(),
                             static_cast<int>(ciphertext.size()))
            != 1)
        return {};
    plain.resize(static_cast<std::size_t>(size));
    return plain;
}

std::optional<MsvCredential> readMsvCredential(ByteView plain)
{
    if (plain.size() < 128)
        return std::nullopt;
    // The domain's sizes are lost with the first block, its offset with AES' longer one.
    const auto user = relativeString(plain, 16);
    if (!user || !isName(plain.subspan(user->begin, user->size)))
        return std::nullopt;
    const std::size_t hashes = hashesAt(plain);
    // LM's hash between the two is mostly zero, or no hash.
    if (user->begin < hashes + 52)
        return std::nullopt;
    const ByteView nt = plain.subspan(hashes, 16);
    const ByteView sha = plain.subspan(hashes + 32, 20);
    if (distinctBytes(nt) < 9 || distinctBytes(sha) < 9)
        return std::nullopt;
    return MsvCredential {SecretBytes(nt.begin(), nt.end()), SecretBytes(sha.begin(), sha.end())};
}

} // namespace coredact
