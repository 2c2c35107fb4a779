// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/token.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cmath>
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

bool isGuessable(const SecretValue& value)
{
    constexpr double fewest = 40; // bits
    const ByteView bytes(value.value);
    const auto has = [&](std::uint8_t first, std::uint8_t last) {
        return std::any_of(bytes.begin(), bytes.end(),
                           [&](std::uint8_t byte) { return byte >= first && byte <= last; });
    };
    const bool letters = has('a', 'z') || has('A', 'Z') || has(0x80, 0xff);
    const bool text = value.form == ValueForm::Text;
    // A byte that repeats the one before it adds nothing; in a number, nor do the signs between.
    double counted = 0;
    std::optional<std::uint8_t> previous;
    for (const std::uint8_t byte : bytes) {
        if (text && !letters && (byte < '0' || byte > '9'))
            continue;
        counted += previous == byte ? 0 : 1;
        previous = byte;
    }
    const double kinds = !text ? 256
                               : (has('0', '9') ? 10 : 0) + (has('a', 'z') ? 26 : 0)
            + (has('A', 'Z') ? 26 : 0) + (has(0x80, 0xff) ? 64 : 0);
    return kinds == 0 || counted * std::log2(kinds) < fewest;
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
