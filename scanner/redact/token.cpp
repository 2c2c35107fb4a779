// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/token.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <new>

namespace coredact {

namespace {

constexpr std::size_t keySize = 32;
constexpr std::size_t longestPart = 12; ///< characters after the prefix
constexpr std::string_view prefix = "CDR~";
/// No vowels, so that no word comes out; no letters that are easily confused.
constexpr std::string_view digits = "23456789bcdfghjkmnpqrstvwxyzBDFG";
static_assert(digits.size() == 32);

} // namespace

TokenMaker::TokenMaker()
    : m_key(keySize)
{
    // Without randomness nothing may go out that looks as if it had some.
    if (RAND_bytes(m_key.data(), static_cast<int>(m_key.size())) != 1)
        throw std::bad_alloc();
}

std::string TokenMaker::token(std::string_view name, std::uint64_t size) const
{
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> code {};
    unsigned length = 0;
    const ByteView bytes = asBytes(name);
    if (!HMAC(EVP_sha256(), m_key.data(), static_cast<int>(m_key.size()), bytes.data(),
              bytes.size(), code.data(), &length))
        throw std::bad_alloc();
    std::string text(prefix);
    const std::size_t wanted = std::min<std::size_t>(
        static_cast<std::size_t>(std::max<std::uint64_t>(size, 8) - prefix.size()), longestPart);
    for (std::size_t i = 0; i < wanted; ++i)
        text.push_back(digits[code[i] % digits.size()]);
    return text;
}

std::string inUtf16(std::string_view text, ByteOrder order)
{
    std::string wide;
    for (const char character : text) {
        if (order == ByteOrder::Big)
            wide.push_back('\0');
        wide.push_back(character);
        if (order == ByteOrder::Little)
            wide.push_back('\0');
    }
    return wide;
}

} // namespace coredact
