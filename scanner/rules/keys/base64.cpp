// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/base64.h"

namespace coredact {

namespace {

constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::uint32_t valueOf(std::uint8_t character)
{
    if (character >= 'A' && character <= 'Z')
        return character - 'A';
    if (character >= 'a' && character <= 'z')
        return character - 'a' + 26U;
    if (character >= '0' && character <= '9')
        return character - '0' + 52U;
    return character == '+' ? 62 : 63;
}

} // namespace

SecretBytes encodeBase64(ByteView bytes)
{
    SecretBytes text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t left = bytes.size() - i;
        const std::uint32_t group = static_cast<std::uint32_t>(bytes[i]) << 16
            | (left > 1 ? static_cast<std::uint32_t>(bytes[i + 1]) << 8 : 0U)
            | (left > 2 ? bytes[i + 2] : 0U);
        for (std::size_t c = 0; c < 4; ++c)
            text.push_back(c <= left
                               ? static_cast<std::uint8_t>(alphabet[group >> (18 - 6 * c) & 63])
                               : std::uint8_t {'='});
    }
    return text;
}

SecretBytes decodeBase64(ByteView characters)
{
    SecretBytes bytes;
    bytes.reserve(characters.size() / 4 * 3 + 3);
    std::uint32_t bits = 0;
    int count = 0;
    for (const std::uint8_t character : characters) {
        if (!isBase64(character))
            break;
        bits = bits << 6 | valueOf(character);
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes.push_back(static_cast<std::uint8_t>(bits >> count & 0xff));
        }
    }
    return bytes;
}

} // namespace coredact
