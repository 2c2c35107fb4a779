// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/codec.h"

#include <bit>

namespace coredact {

namespace {

constexpr std::string_view base64Digits
    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::uint8_t, 256> makeBase64Values()
{
    std::array<std::uint8_t, 256> values {};
    values.fill(0xff);
    for (std::size_t i = 0; i < base64Digits.size(); ++i)
        values[static_cast<unsigned char>(base64Digits[i])] = static_cast<std::uint8_t>(i);
    values['-'] = 62;
    values['_'] = 63;
    return values;
}

constexpr std::array<std::uint32_t, 256> makeCrcTable()
{
    std::array<std::uint32_t, 256> table {};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit)
            value = (value >> 1) ^ (value & 1 ? 0xedb88320U : 0U);
        table[i] = value;
    }
    return table;
}

std::optional<std::uint8_t> base32Value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return static_cast<std::uint8_t>(c - 'A');
    if (c >= 'a' && c <= 'z')
        return static_cast<std::uint8_t>(c - 'a');
    if (c >= '2' && c <= '7')
        return static_cast<std::uint8_t>(c - '2' + 26);
    return std::nullopt;
}

/// The two halves of Marvin32's state.
struct Marvin {
    std::uint32_t low;
    std::uint32_t high;

    void mix(std::uint32_t word)
    {
        low += word;
        high ^= low;
        low = std::rotl(low, 20) + high;
        high = std::rotl(high, 9) ^ low;
        low = std::rotl(low, 27) + high;
        high = std::rotl(high, 19);
    }
};

} // namespace

const std::array<std::uint8_t, 256> base64Values = makeBase64Values();

std::optional<SecretBytes> decodeBase64(std::string_view text)
{
    for (int i = 0; i < 2 && text.ends_with('='); ++i)
        text.remove_suffix(1);
    if (text.size() % 4 == 1)
        return std::nullopt;
    SecretBytes bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const std::uint8_t value = base64Values[static_cast<unsigned char>(c)];
        if (value == 0xff)
            return std::nullopt;
        bits = (bits << 6) | value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes.push_back(static_cast<std::uint8_t>(bits >> count));
        }
    }
    return bytes;
}

std::optional<SecretBytes> decodeBase32(std::string_view text)
{
    SecretBytes bytes;
    bytes.reserve(text.size() * 5 / 8);
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const auto value = base32Value(c);
        if (!value)
            return std::nullopt;
        bits = (bits << 5) | *value;
        count += 5;
        if (count >= 8) {
            count -= 8;
            bytes.push_back(static_cast<std::uint8_t>(bits >> count));
        }
    }
    return bytes;
}

std::optional<std::uint8_t> hexValue(char digit)
{
    if (digit >= '0' && digit <= '9')
        return static_cast<std::uint8_t>(digit - '0');
    const char lower = static_cast<char>(digit | 0x20);
    if (lower >= 'a' && lower <= 'f')
        return static_cast<std::uint8_t>(lower - 'a' + 10);
    return std::nullopt;
}

std::optional<SecretBytes> decodeHex(std::string_view digits)
{
    if (digits.size() % 2 != 0)
        return std::nullopt;
    SecretBytes bytes;
    bytes.reserve(digits.size() / 2);
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        const auto high = hexValue(digits[i]);
        const auto low = hexValue(digits[i + 1]);
        if (!high || !low)
            return std::nullopt;
        bytes.push_back(static_cast<std::uint8_t>(*high << 4 | *low));
    }
    return bytes;
}

std::uint32_t crc32(std::string_view text)
{
    static constexpr auto table = makeCrcTable();
    std::uint32_t value = 0xffffffffU;
    for (const char c : text)
        value = (value >> 8) ^ table[(value ^ static_cast<unsigned char>(c)) & 0xff];
    return ~value;
}

std::string inDigits(std::uint64_t value, std::string_view alphabet, std::size_t width)
{
    std::string text;
    for (; value > 0; value /= alphabet.size())
        text.insert(text.begin(), alphabet[static_cast<std::size_t>(value % alphabet.size())]);
    if (text.size() < width)
        text.insert(0, width - text.size(), alphabet[0]);
    return text;
}

std::uint32_t marvin32(ByteView bytes, std::uint64_t seed)
{
    Marvin state {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)};
    std::size_t at = 0;
    for (; bytes.size() - at >= 4; at += 4)
        state.mix(static_cast<std::uint32_t>(bytes[at])
                  | static_cast<std::uint32_t>(bytes[at + 1]) << 8
                  | static_cast<std::uint32_t>(bytes[at + 2]) << 16
                  | static_cast<std::uint32_t>(bytes[at + 3]) << 24);
    std::uint32_t last = 0x80;
    for (std::size_t i = bytes.size(); i > at; --i)
        last = (last << 8) | bytes[i - 1];
    state.mix(last);
    state.mix(0);
    return state.low ^ state.high;
}

} // namespace coredact
