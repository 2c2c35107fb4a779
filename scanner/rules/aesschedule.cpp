// SPDX-License-Identifier: GPL-3.0-or-later
// AES keys in use: ciphers keep the round keys, which give the key away (detection by XOR
// relations alone, proof by expanding the key again).
#include "scanner/rules/aes/generator.h"
#include "scanner/rules/aes/schedule.h"
#include "scanner/rules/detector.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>

namespace coredact {

namespace {

/// Two schedules this far apart at most are the two keys of XTS in libcrypto and its like.
constexpr std::size_t xtsDistance = 256;

std::span<const RuleInfo> aesRules()
{
    static const std::array rules {
        RuleInfo {
            "aes-key-schedule",
            "AES key in use",
            Severity::High,
            "The round keys that a cipher computed from an AES key. Any of them gives the key "
            "away, and with it whatever it protects: a TLS session, a disk, tokens, tickets, "
            "or other keys.",
            "Replace the key that this one protects with: end the session, rotate ticket and "
            "data keys. A disk must be encrypted anew, since a new passphrase keeps the key.",
            {"symmetric-key"},
            100},
        randomGeneratorRule(),
    };
    return rules;
}

/// The key 00 01 ... 1f with which CTR-DRBG derives its seed (NIST SP 800-90A 10.3.2): public,
/// and in every program that uses libcrypto's random numbers.
bool isDerivationKey(ByteView key)
{
    if (key.size() != 32)
        return false;
    for (std::size_t i = 0; i < key.size(); ++i)
        if (key[i] != i)
            return false;
    return true;
}

bool isConstant(ByteView key)
{
    return std::all_of(key.begin(), key.end(), [&](std::uint8_t b) { return b == key[0]; });
}

/// The cipher applied to a block of zeros: what GCM hashes with.
SecretBytes hashKey(ByteView key)
{
    const EVP_CIPHER* cipher = key.size() == 16 ? EVP_aes_128_ecb()
        : key.size() == 24                      ? EVP_aes_192_ecb()
                                                : EVP_aes_256_ecb();
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(
        EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    static constexpr std::uint8_t zeros[16] = {};
    SecretBytes block(32);
    int written = 0;
    if (!context || EVP_EncryptInit_ex(context.get(), cipher, nullptr, key.data(), nullptr) != 1
        || EVP_EncryptUpdate(context.get(), block.data(), &written, zeros, 16) != 1)
        throw std::bad_alloc();
    block.resize(16);
    return block;
}

/// A block times x in CMAC's field (NIST SP 800-38B 6.1).
SecretBytes doubled(const SecretBytes& block)
{
    SecretBytes next(16);
    for (std::size_t i = 0; i < 16; ++i)
        next[i] = static_cast<std::uint8_t>(block[i] << 1 | (i < 15 ? block[i + 1] >> 7 : 0));
    if (block[0] >= 0x80)
        next[15] ^= 0x87;
    return next;
}

void addDerived(Match& match, ByteView key, SecretBytes expanded)
{
    const auto add = [&](const char* name, SecretBytes bytes) {
        match.derived.push_back({name, ValueForm::Binary, std::move(bytes)});
    };
    add("AES decryption schedule", aesDecryptionSchedule(expanded));
    add("AES encryption schedule", std::move(expanded));
    const SecretBytes hash = hashKey(key);
    const SecretBytes first = doubled(hash);
    add("second CMAC subkey", doubled(first));
    add("first CMAC subkey", first);
    add("GHASH key", hash);
}

/// Whether another schedule begins right behind this one: the tweak key of XTS.
bool hasNeighbour(ByteView bytes, const AesSchedule& schedule, ByteView key)
{
    for (std::size_t at = schedule.position + schedule.size();
         at <= schedule.position + xtsDistance; at += 4) {
        for (const AesOrder order : {AesOrder::Encryption, AesOrder::Decryption})
            for (const bool swapped : {false, true}) {
                const AesSchedule next {at, schedule.keyBytes, order, swapped};
                if (!provesAesSchedule(bytes, next))
                    continue;
                const SecretBytes other = aesKeyOf(bytes, next);
                return !isDerivationKey(other)
                    && !std::equal(key.begin(), key.end(), other.begin());
            }
    }
    return false;
}

Match matchOf(ByteView bytes, const AesSchedule& schedule)
{
    Match match;
    match.rule = &aesRules()[0];
    match.confidence = Confidence::Verified;
    match.proof = "all round keys follow from the key";
    match.form = ValueForm::Binary;
    match.spans = {{schedule.position, schedule.position + schedule.size()}};
    match.title = "AES-" + std::to_string(schedule.keyBytes * 8) + " key in use";
    SecretBytes key = aesKeyOf(bytes, schedule);
    SecretBytes expanded = expandAesKey(key);
    if (isDerivationKey(key) || isConstant(key)) {
        match.rule = &aesRules()[isDerivationKey(key) ? 1 : 0];
        // Known to all. Its bytes stand in many tables, so that only what follows from them is
        // looked for elsewhere.
        match.severity = Severity::Info;
        match.title = isDerivationKey(key)
            ? "Public key of the CTR-DRBG derivation function (AES-256)"
            : "AES key schedule of one repeated byte";
        match.value.assign(expanded.begin() + static_cast<std::ptrdiff_t>(key.size()),
                           expanded.end());
        return match;
    }
    if (hasNeighbour(bytes, schedule, key))
        match.title += ", with a second one behind it as XTS has";
    addDerived(match, key, std::move(expanded));
    match.value = std::move(key);
    return match;
}

void scanAes(const Window& window, MatchSink& sink)
{
    findAesSchedules(
        window.bytes, window.freshBegin, window.freshEnd, aesKernels().back().kernel,
        [&](const AesSchedule& schedule) { sink.add(matchOf(window.bytes, schedule)); });
}

} // namespace

extern const Detector aesscheduleDetector;
const Detector aesscheduleDetector {
    "aesschedule", aesRules, xtsDistance + 2 * maximumAesSchedule, scanAes, false, nullptr};

} // namespace coredact
