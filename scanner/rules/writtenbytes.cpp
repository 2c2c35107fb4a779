// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/writtenbytes.h"

#include "scanner/rules/codec.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::size_t fewestDigits = 32;
constexpr std::size_t mostDigits = 2048;
constexpr std::size_t fewestBytes = 16;
constexpr std::size_t mostBytes = 64;

std::optional<SecretBytes> ofHex(std::string_view text)
{
    // With line ends a text may be up to half as long again.
    if (text.size() < fewestDigits || text.size() > mostDigits + mostDigits / 2)
        return std::nullopt;
    SecretBytes bytes;
    std::optional<std::uint8_t> high;
    for (const char c : text) {
        if (c == '\r' || c == '\n')
            continue;
        const auto digit = hexValue(c);
        if (!digit)
            return std::nullopt;
        if (high)
            bytes.push_back(static_cast<std::uint8_t>(*high << 4 | *digit));
        high = high ? std::nullopt : digit;
    }
    if (high || bytes.size() < fewestDigits / 2 || bytes.size() > mostDigits / 2)
        return std::nullopt;
    return bytes;
}

std::optional<SecretBytes> ofBase64(std::string_view text)
{
    if (text.empty() || text.back() != '=' || text.size() > (mostBytes + 2) / 3 * 4)
        return std::nullopt;
    auto bytes = decodeBase64(text);
    if (!bytes || bytes->size() < fewestBytes)
        return std::nullopt;
    return bytes;
}

bool isText(const SecretBytes& bytes)
{
    return std::all_of(bytes.begin(), bytes.end(),
                       [](std::uint8_t byte) { return byte >= 0x20 && byte < 0x7f; });
}

} // namespace

std::optional<DerivedValue> bytesWrittenBy(std::string_view text)
{
    // How Laravel's settings say how a key is written.
    constexpr std::string_view prefix = "base64:";
    if (text.starts_with(prefix))
        text.remove_prefix(prefix.size());
    auto bytes = ofHex(text);
    if (!bytes)
        bytes = ofBase64(text);
    if (!bytes)
        return std::nullopt;
    const ValueForm form = isText(*bytes) ? ValueForm::Text : ValueForm::Binary;
    return DerivedValue {"the bytes that it writes", form, std::move(*bytes)};
}

} // namespace coredact
