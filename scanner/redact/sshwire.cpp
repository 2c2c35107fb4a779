// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/sshwire.h"

#include "scanner/base/memoryword.h"

#include <algorithm>

#include <openssl/evp.h>

namespace coredact::sshwire {

namespace {

constexpr std::size_t lineLength = 70;
constexpr std::size_t longestText = 512U << 20; ///< OpenSSL counts with int

void append(SecretBytes& target, std::string_view text)
{
    target.insert(target.end(), text.begin(), text.end());
}

std::string border(std::string_view word, std::string_view label)
{
    return "-----" + std::string(word) + " " + std::string(label) + "-----";
}

} // namespace

Writer& Writer::raw(ByteView bytes)
{
    m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
    return *this;
}

Writer& Writer::number(std::uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        m_bytes.push_back(static_cast<std::uint8_t>(value >> shift));
    return *this;
}

Writer& Writer::string(ByteView bytes)
{
    return number(static_cast<std::uint32_t>(bytes.size())).raw(bytes);
}

bool Reader::raw(std::string_view text)
{
    m_failed = m_failed || !asText(m_left).starts_with(text);
    if (!m_failed)
        m_left = m_left.subspan(text.size());
    return !m_failed;
}

std::optional<std::uint32_t> Reader::number()
{
    m_failed = m_failed || m_left.size() < 4;
    if (m_failed)
        return std::nullopt;
    const auto value = static_cast<std::uint32_t>(numberOf(m_left.first(4), ByteOrder::Big));
    m_left = m_left.subspan(4);
    return value;
}

std::optional<ByteView> Reader::string()
{
    const auto size = number();
    m_failed = m_failed || *size > m_left.size();
    if (m_failed)
        return std::nullopt;
    const ByteView bytes = m_left.first(*size);
    m_left = m_left.subspan(*size);
    return bytes;
}

SecretBytes toBase64(ByteView bytes)
{
    SecretBytes text(4 * ((bytes.size() + 2) / 3) + 1); // OpenSSL ends it with a zero
    const int size = EVP_EncodeBlock(text.data(), bytes.data(), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

std::optional<SecretBytes> fromBase64(std::string_view text)
{
    if (text.size() % 4 != 0 || text.size() > longestText)
        return std::nullopt;
    const auto padding = static_cast<std::size_t>(
        std::count(text.end() - std::min<std::ptrdiff_t>(2, std::ssize(text)), text.end(), '='));
    SecretBytes bytes(text.size() / 4 * 3);
    if (EVP_DecodeBlock(bytes.data(), asBytes(text).data(), static_cast<int>(text.size())) < 0)
        return std::nullopt;
    bytes.resize(bytes.size() - padding);
    // OpenSSL passes over blanks and over bits that no byte has: two texts must not mean the same.
    return asText(toBase64(bytes)) == text ? std::optional(std::move(bytes)) : std::nullopt;
}

SecretBytes armoured(std::string_view label, ByteView bytes)
{
    const SecretBytes text = toBase64(bytes);
    SecretBytes lines;
    append(lines, border("BEGIN", label) + "\n");
    for (std::size_t at = 0; at < text.size(); at += lineLength) {
        append(lines, asText(ByteView(text).subspan(at, std::min(lineLength, text.size() - at))));
        append(lines, "\n");
    }
    append(lines, border("END", label) + "\n");
    return lines;
}

std::optional<SecretBytes> unarmoured(std::string_view label, ByteView text)
{
    const std::string_view whole = asText(text);
    const std::string begin = border("BEGIN", label);
    const auto from = whole.find(begin);
    if (from == std::string_view::npos)
        return std::nullopt;
    const auto to = whole.find(border("END", label), from);
    if (to == std::string_view::npos)
        return std::nullopt;
    SecretBytes characters;
    for (const char c : whole.substr(from + begin.size(), to - from - begin.size()))
        if (c != '\n' && c != '\r' && c != ' ' && c != '\t')
            characters.push_back(static_cast<std::uint8_t>(c));
    return fromBase64(asText(characters));
}

} // namespace coredact::sshwire
