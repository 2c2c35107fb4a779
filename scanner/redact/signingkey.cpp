// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/signingkey.h"

#include "scanner/redact/sshwire.h"

#include <algorithm>
#include <memory>
#include <new>

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

namespace coredact {

namespace {

using sshwire::Reader;
using sshwire::Writer;

constexpr std::string_view keyType = "ssh-ed25519";
constexpr std::string_view fileMagic("openssh-key-v1\0", 15);
constexpr std::string_view fileLabel = "OPENSSH PRIVATE KEY";
constexpr std::size_t keySize = 32;
constexpr std::size_t blockSize = 8; ///< of the "none" cipher

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Digest = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

Key privateKey(ByteView seed)
{
    return {EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()),
            &EVP_PKEY_free};
}

Error noKey(std::string why)
{
    return {ErrorCode::Malformed, "the signing key " + std::move(why), std::nullopt};
}

/// The seed in the part of the file that a passphrase would have encrypted.
std::optional<SecretBytes> seedIn(ByteView section)
{
    Reader in(section);
    const auto check = in.number();
    const auto again = in.number();
    const auto type = in.string();
    const auto known = in.string();
    const auto secret = in.string();
    const auto comment = in.string();
    if (!comment || check != again || asText(*type) != keyType || known->size() != keySize
        || secret->size() != 2 * keySize)
        return std::nullopt;
    return SecretBytes(secret->begin(), secret->begin() + keySize);
}

} // namespace

Result<PublicKey> PublicKey::parse(std::string_view text)
{
    const Error none {ErrorCode::Malformed,
                      "no line of the public key's file has an ssh-ed25519 key", std::nullopt};
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        const auto at = line.find(keyType);
        if (line.starts_with('#') || at == std::string_view::npos)
            continue;
        const auto begin = line.find_first_not_of(' ', at + keyType.size());
        if (begin == std::string_view::npos)
            continue;
        const auto end = line.find_first_of(" \t\r", begin);
        const auto blob = sshwire::fromBase64(line.substr(begin, end - begin));
        if (!blob)
            continue;
        Reader in(*blob);
        const auto type = in.string();
        const auto bytes = in.string();
        if (!bytes || asText(*type) != keyType || bytes->size() != keySize || !in.left().empty())
            continue;
        Bytes key {};
        std::copy(bytes->begin(), bytes->end(), key.begin());
        return PublicKey(key);
    }
    return none;
}

bool PublicKey::verifies(ByteView message, const Signature& signature) const
{
    const Key key(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, m_bytes.data(), m_bytes.size()),
        &EVP_PKEY_free);
    const Digest context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    return key && context
        && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1
        && EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                            message.size())
        == 1;
}

std::vector<std::uint8_t> PublicKey::blob() const
{
    const SecretBytes written = Writer().string(keyType).string(ByteView(m_bytes)).bytes();
    return {written.begin(), written.end()};
}

std::string PublicKey::fingerprint() const
{
    const std::vector<std::uint8_t> bytes = blob();
    std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest {};
    SHA256(bytes.data(), bytes.size(), digest.data());
    std::string text(asText(sshwire::toBase64(digest)));
    text.resize(text.find('='));
    return "SHA256:" + text;
}

std::string PublicKey::text() const
{
    return std::string(keyType) + " " + std::string(asText(sshwire::toBase64(blob())));
}

Result<SigningKey> SigningKey::fromSeed(SecretBytes seed)
{
    const Key key = privateKey(seed);
    PublicKey::Bytes known {};
    std::size_t size = known.size();
    if (!key || EVP_PKEY_get_raw_public_key(key.get(), known.data(), &size) != 1)
        return noKey("cannot be used");
    return SigningKey(std::move(seed), PublicKey(known));
}

Result<SigningKey> SigningKey::make()
{
    SecretBytes seed(keySize);
    if (RAND_priv_bytes(seed.data(), static_cast<int>(seed.size())) != 1)
        return Error {ErrorCode::System, "the system has no random numbers", std::nullopt};
    return fromSeed(std::move(seed));
}

Result<SigningKey> SigningKey::parse(ByteView text)
{
    const auto file = sshwire::unarmoured(fileLabel, text);
    if (!file)
        return noKey("is not in OpenSSH's format");
    Reader in(*file);
    const bool known = in.raw(fileMagic);
    const auto cipher = in.string();
    in.string(); // how a passphrase becomes a key
    in.string();
    const auto count = in.number();
    in.string(); // the public key
    const auto section = in.string();
    if (!known || !section || count != 1)
        return noKey("is damaged");
    if (asText(*cipher) != "none")
        return Error {ErrorCode::Unsupported,
                      "the signing key has a passphrase; make one with coredact-cli keygen",
                      std::nullopt};
    auto seed = seedIn(*section);
    if (!seed)
        return noKey("is no Ed25519 key, or is damaged");
    return fromSeed(std::move(*seed));
}

SecretBytes SigningKey::fileText() const
{
    const std::vector<std::uint8_t> blob = m_public.blob();
    std::array<std::uint8_t, 4> chance {};
    if (RAND_bytes(chance.data(), static_cast<int>(chance.size())) != 1)
        throw std::bad_alloc();
    const auto check = *Reader(chance).number();
    Writer section;
    section.number(check).number(check).string(keyType).string(ByteView(m_public.m_bytes));
    section.number(2 * keySize).raw(m_seed).raw(ByteView(m_public.m_bytes)).string("");
    for (std::uint8_t next = 1; section.bytes().size() % blockSize != 0; ++next)
        section.raw(ByteView(&next, 1));
    Writer file;
    file.raw(fileMagic).string("none").string("none").string("").number(1);
    file.string(blob).string(section.bytes());
    return sshwire::armoured(fileLabel, file.bytes());
}

Signature SigningKey::sign(ByteView message) const
{
    const Key key = privateKey(m_seed);
    const Digest context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    Signature signature {};
    std::size_t size = signature.size();
    if (!key || !context
        || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1
        || EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size())
            != 1)
        throw std::bad_alloc();
    return signature;
}

} // namespace coredact
