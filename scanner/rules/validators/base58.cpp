// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/validators/base58.h"

#include <algorithm>
#include <array>

#include <openssl/sha.h>

namespace coredact {

std::optional<SecretBytes> decodeBase58(std::string_view text, std::string_view alphabet)
{
    if (text.size() > 200)
        return std::nullopt;
    SecretBytes number; // low byte first
    for (const char c : text) {
        const std::size_t digit = alphabet.find(c);
        if (digit == alphabet.npos)
            return std::nullopt;
        auto carry = static_cast<std::uint32_t>(digit);
        for (std::uint8_t& byte : number) {
            carry += byte * 58U;
            byte = static_cast<std::uint8_t>(carry);
            carry >>= 8;
        }
        if (carry > 0)
            number.push_back(static_cast<std::uint8_t>(carry));
    }
    for (std::size_t i = 0; i < text.size() && text[i] == alphabet.front(); ++i)
        number.push_back(0);
    std::reverse(number.begin(), number.end());
    return number;
}

std::optional<SecretBytes> decodeBase58Check(std::string_view text, std::string_view alphabet)
{
    auto bytes = decodeBase58(text, alphabet);
    if (!bytes || bytes->size() < 5)
        return std::nullopt;
    const std::size_t size = bytes->size() - 4;
    std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest {};
    SHA256(bytes->data(), size, digest.data());
    SHA256(digest.data(), digest.size(), digest.data());
    if (!std::equal(digest.begin(), digest.begin() + 4, bytes->end() - 4))
        return std::nullopt;
    bytes->resize(size);
    return bytes;
}

} // namespace coredact
