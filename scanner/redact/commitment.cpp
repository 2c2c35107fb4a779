// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/commitment.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <new>

namespace coredact {

namespace {

constexpr std::size_t saltSize = 32;
constexpr std::string_view digits = "0123456789abcdef";

} // namespace

std::vector<std::uint8_t> freshSalt()
{
    std::vector<std::uint8_t> salt(saltSize);
    // Without randomness nothing may go out that looks as if it had some.
    if (RAND_bytes(salt.data(), static_cast<int>(salt.size())) != 1)
        throw std::bad_alloc();
    return salt;
}

std::string commitment(ByteView salt, std::string_view digest)
{
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> code {};
    unsigned size = 0;
    const ByteView bytes = asBytes(digest);
    if (!HMAC(EVP_sha256(), salt.data(), static_cast<int>(salt.size()), bytes.data(), bytes.size(),
              code.data(), &size))
        throw std::bad_alloc();
    return hexFromBytes(ByteView(code).first(size));
}

std::string hexFromBytes(ByteView bytes)
{
    std::string text;
    for (const std::uint8_t byte : bytes) {
        text.push_back(digits[byte / 16]);
        text.push_back(digits[byte % 16]);
    }
    return text;
}

std::optional<std::vector<std::uint8_t>> bytesFromHex(std::string_view text)
{
    if (text.empty() || text.size() % 2 != 0
        || text.find_first_not_of(digits) != std::string_view::npos)
        return std::nullopt;
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i < text.size(); i += 2)
        bytes.push_back(
            static_cast<std::uint8_t>(digits.find(text[i]) * 16 + digits.find(text[i + 1])));
    return bytes;
}

} // namespace coredact
