// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/shielded.h"

#include "scanner/base/bytereader.h"
#include "scanner/rules/anchors/wordanchor.h"
#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/walk.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>

namespace coredact {

namespace {

constexpr std::uint64_t prekeySize = 16384;
constexpr std::size_t keySize = 32;
constexpr std::uint64_t smallestKey = 32;
constexpr std::uint64_t widestKey = 16384;
constexpr std::size_t mostShields = std::size_t {1} << 16;

/// "ssh-", "ecdsa-", "sk-" or "rsa-" with a length of less than 64 before it.
bool beginsWithType(ByteView bytes)
{
    if (bytes.size() < 12 || bytes[0] != 0 || bytes[1] != 0 || bytes[2] != 0 || bytes[3] >= 64
        || bytes.size() - 4 < bytes[3])
        return false;
    return std::ranges::any_of(std::array<std::string_view, 4> {"ssh-", "ecdsa-", "sk-", "rsa-"},
                               [&](std::string_view name) { return standsAt(bytes, 4, name); });
}

bool readWhole(const WalkContext& context, std::uint64_t address, MutableByteView target)
{
    const auto read = context.memory.read(context.source, address, target);
    return read && *read == target.size();
}

} // namespace

ShieldHarvest::ShieldHarvest(const Dump& dump)
    : m_order(dump.order)
    , m_word(dump.wordSize == 4 ? 4 : 8)
{
}

/// From a structure's begin to the anchor: 16384 as a word is 00 40 00 00... or ...00 00 40 00.
std::size_t ShieldHarvest::anchorAt() const
{
    return 3 * m_word + (m_order == ByteOrder::Little ? 0 : m_word - 4);
}

std::vector<Anchor> ShieldHarvest::anchors() const
{
    Anchor anchor = anchorOfWord(static_cast<std::uint32_t>(prekeySize), m_order);
    anchor.reach = anchorAt();
    return {anchor};
}

void ShieldHarvest::lookAt(const Window& window, std::size_t position)
{
    const std::size_t before = anchorAt();
    if (!window.address || position < before || !window.fresh(position - before))
        return;
    const std::size_t begin = position - before;
    const ByteView bytes = window.bytes;
    if ((*window.address + begin) % m_word != 0 || bytes.size() - begin < 4 * m_word)
        return;
    ByteReader reader(bytes.subspan(begin, 4 * m_word), m_order);
    Shield shield;
    shield.ciphertext = reader.word(m_word);
    shield.size = reader.word(m_word);
    shield.prekey = reader.word(m_word);
    if (reader.word(m_word) == prekeySize && shield.size >= smallestKey && shield.size <= widestKey
        && shield.size % 16 == 0 && shield.ciphertext > widestKey && shield.prekey > widestKey)
        add(shield);
}

void ShieldHarvest::join(ShieldHarvest& other)
{
    for (const Shield& shield : other.m_shields)
        add(shield);
}

void ShieldHarvest::add(const Shield& shield)
{
    m_shields.insert(shield);
    keepFirst(m_shields, mostShields);
}

std::optional<ShieldedKey> shieldedKey(const WalkContext& context, const Shield& shield)
{
    SecretBytes prekey(prekeySize);
    SecretBytes ciphertext(static_cast<std::size_t>(shield.size));
    if (!context.memory.segmentAt(shield.ciphertext) || !context.memory.segmentAt(shield.prekey)
        || !readWhole(context, shield.prekey, prekey)
        || !readWhole(context, shield.ciphertext, ciphertext))
        return std::nullopt;
    const SecretBytes plain = unshield(prekey, ciphertext);
    if (plain.empty())
        return std::nullopt;
    ShieldedKey found;
    if (auto key = readSshWire(plain, 0)) {
        found.key = std::move(key->key);
    } else {
        found.key.name = std::string(asText(ByteView(plain).subspan(4, plain[3])));
        found.key.form = ValueForm::Binary;
        // Not what it decrypts to: that holds the type's name and the public half too.
        found.key.value = ciphertext;
    }
    found.key.confidence = Confidence::Verified;
    found.key.proof = "SHA-512 of the pre-key decrypts it";
    for (const auto& [address, size] :
         {std::pair {shield.prekey, prekeySize}, std::pair {shield.ciphertext, shield.size}}) {
        const auto ranges = context.memory.fileRanges(address, size);
        found.places.insert(found.places.end(), ranges.begin(), ranges.end());
    }
    return found;
}

SecretBytes unshield(ByteView prekey, ByteView ciphertext)
{
    SecretBytes digest(SHA512_DIGEST_LENGTH);
    SHA512(prekey.data(), prekey.size(), digest.data());
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(
        EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    SecretBytes plain(ciphertext.size());
    int size = 0;
    if (!context
        || EVP_DecryptInit_ex2(context.get(), EVP_aes_256_ctr(), digest.data(),
                               digest.data() + keySize, nullptr)
            != 1
        || EVP_DecryptUpdate(context.get(), plain.data(), &size, ciphertext.data(),
                             static_cast<int>(ciphertext.size()))
            != 1)
        throw std::bad_alloc();
    return beginsWithType(plain) ? plain : SecretBytes();
}

} // namespace coredact
