// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/codec.h"
#include "scanner/rules/validators/base58.h"
#include "scanner/rules/validators/verdicts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

#include <openssl/evp.h>

namespace coredact {

namespace {

constexpr std::string_view checkName = "base58 checksum";

/// Whether the second half of 64 bytes is the Ed25519 public key of the first.
bool isEd25519Pair(ByteView bytes)
{
    const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes.data(), 32), EVP_PKEY_free);
    std::array<std::uint8_t, 32> point {};
    std::size_t size = point.size();
    return bytes.size() == 64 && key
        && EVP_PKEY_get_raw_public_key(key.get(), point.data(), &size) == 1
        && std::equal(point.begin(), point.end(), bytes.begin() + 32);
}

/// The checksum of BIP 173 and BIP 350 over "prefix1data".
std::uint32_t bech32Remainder(std::string_view text)
{
    constexpr std::string_view digits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    constexpr std::array<std::uint32_t, 5> generator {0x3b6a57b2U, 0x26508e6dU, 0x1ea119faU,
                                                      0x3d4233ddU, 0x2a1462b3U};
    const std::size_t mark = text.rfind('1');
    std::uint32_t sum = 1;
    const auto mix = [&](std::uint32_t value) {
        const std::uint32_t top = sum >> 25;
        sum = (sum & 0x1ffffffU) << 5 ^ value;
        for (std::size_t i = 0; i < 5; ++i)
            if (top >> i & 1)
                sum ^= generator[i];
    };
    for (std::size_t i = 0; i < mark; ++i)
        mix(static_cast<std::uint32_t>(text[i]) >> 5);
    mix(0);
    for (std::size_t i = 0; i < mark; ++i)
        mix(static_cast<std::uint32_t>(text[i]) & 31U);
    for (const char c : text.substr(mark + 1)) {
        const std::size_t digit = digits.find(c);
        mix(digit == digits.npos ? 31U : static_cast<std::uint32_t>(digit));
    }
    return sum;
}

} // namespace

/// Base58 with four bytes of checksum. A shape without a mark that fails it is other text.
Validation wifValidator(const Candidate& candidate)
{
    const auto bytes = decodeBase58Check(candidate.secretText(), bitcoinBase58);
    if (!bytes || (bytes->size() != 33 && bytes->size() != 34))
        return {.proof = Proof::Absurd};
    return byChecksum(true, checkName);
}

/// The whole match, mark included, is base58 with four bytes of checksum.
Validation base58checkValidator(const Candidate& candidate)
{
    return byChecksum(decodeBase58Check(candidate.matchText(), bitcoinBase58).has_value(),
                      checkName);
}

/// As base58check; what fails the checksum has nothing else that speaks for it.
Validation xrpseedValidator(const Candidate& candidate)
{
    const auto bytes = decodeBase58Check(candidate.matchText(), rippleBase58);
    if (!bytes || bytes->size() < 17 || bytes->size() > 19)
        return {.proof = Proof::Absurd};
    return byChecksum(true, checkName);
}

/// 64 bytes in base58: an Ed25519 seed and its public key.
Validation solanaValidator(const Candidate& candidate)
{
    const auto bytes = decodeBase58(candidate.secretText(), bitcoinBase58);
    if (!bytes || !isEd25519Pair(*bytes))
        return {.proof = Proof::Absurd};
    return {.proof = Proof::Holds, .because = "the public key follows from the seed"};
}

/// The same as a list of numbers, as key files hold it.
Validation solanajsonValidator(const Candidate& candidate)
{
    SecretBytes bytes;
    std::string_view rest = candidate.secretText();
    while (!rest.empty()) {
        unsigned value = 0;
        const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), value);
        if (read.ec != std::errc() || value > 255)
            return {.proof = Proof::Absurd};
        bytes.push_back(static_cast<std::uint8_t>(value));
        rest.remove_prefix(static_cast<std::size_t>(read.ptr - rest.data()));
        rest.remove_prefix(std::min(rest.find_first_of("0123456789"), rest.size()));
    }
    if (!isEd25519Pair(bytes))
        return {.proof = Proof::Absurd};
    Validation validation {.proof = Proof::Holds,
                           .because = "the public key follows from the seed"};
    bytes.resize(32);
    validation.derived.push_back({"seed", ValueForm::Binary, std::move(bytes)});
    return validation;
}

/// 30 bits of checksum: much, and less than proof.
Validation bech32Validator(const Candidate& candidate)
{
    std::string text(candidate.matchText());
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    const std::uint32_t remainder = bech32Remainder(text);
    if (remainder != 1 && remainder != 0x2bc830a3U)
        return byChecksum(false, "bech32 checksum");
    return {.because = "the bech32 checksum holds", .confidence = Confidence::Likely};
}

/// Base32 of a mark, 32 bytes and a CRC-16 (XMODEM), low byte first.
Validation stellarValidator(const Candidate& candidate)
{
    const auto bytes = decodeBase32(candidate.matchText());
    if (!bytes || bytes->size() != 35 || (*bytes)[0] != 18U << 3)
        return {.proof = Proof::Absurd};
    std::uint32_t crc = 0;
    for (std::size_t i = 0; i < 33; ++i) {
        crc ^= static_cast<std::uint32_t>((*bytes)[i]) << 8;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc & 0x8000U) != 0 ? (crc << 1 ^ 0x1021U) & 0xffffU : crc << 1;
    }
    if (crc != (static_cast<std::uint32_t>((*bytes)[34]) << 8 | (*bytes)[33]))
        return {.proof = Proof::Absurd};
    return {.because = "the CRC-16 holds", .confidence = Confidence::Likely};
}

} // namespace coredact
