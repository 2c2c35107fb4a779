// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/needles.h"

#include "scanner/scan/propagatepublic.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <numeric>
#include <set>

namespace coredact {

namespace {

constexpr std::size_t windowSize = 8;
constexpr std::size_t wordKey = 5;
constexpr std::size_t denseValue = 64; ///< of longer values every eighth window is encoded
constexpr std::string_view base64Digits
    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::uint64_t keyOf(ByteView bytes, std::size_t size)
{
    std::uint64_t key = 0;
    std::memcpy(&key, bytes.data(), std::min(size, bytes.size()));
    return key;
}

enum class Kind { Other, Digit, Small, Capital };

Kind kindOf(std::uint8_t character)
{
    if (std::isdigit(character) != 0)
        return Kind::Digit;
    return std::islower(character) != 0 ? Kind::Small
        : std::isupper(character) != 0  ? Kind::Capital
                                        : Kind::Other;
}

bool isWordy(ByteView window)
{
    int besideDigits = 0;
    int changes = 0;
    for (std::size_t i = 0; i < window.size(); ++i) {
        if (std::isprint(window[i]) == 0 && std::isspace(window[i]) == 0)
            return false;
        const Kind before = kindOf(window[i == 0 ? 0 : i - 1]);
        const Kind here = kindOf(window[i]);
        if (before == here || before == Kind::Other || here == Kind::Other)
            continue;
        ++changes;
        besideDigits += before == Kind::Digit || here == Kind::Digit ? 1 : 0;
    }
    return besideDigits < 3 && changes < 4;
}

/// Whether nobody would write these bytes by accident.
bool isTelling(ByteView window)
{
    if (std::set<std::uint8_t>(window.begin(), window.end()).size() < 6 || isWordy(window))
        return false;
    std::set<std::uint8_t> steps;
    for (std::size_t i = 1; i < window.size(); ++i)
        steps.insert(static_cast<std::uint8_t>(window[i] - window[i - 1]));
    return steps.size() > 1;
}

/// Eight characters, each in `unit` bytes.
SecretBytes widened(ByteView text, std::size_t unit, bool bigEndian)
{
    SecretBytes wide(text.size() * unit, 0);
    for (std::size_t i = 0; i < text.size(); ++i)
        wide[i * unit + (bigEndian ? unit - 1 : 0)] = text[i];
    return wide;
}

SecretBytes hexOf(ByteView bytes, bool upper)
{
    const char* digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    SecretBytes text;
    for (const std::uint8_t byte : bytes) {
        text.push_back(static_cast<std::uint8_t>(digits[byte / 16]));
        text.push_back(static_cast<std::uint8_t>(digits[byte % 16]));
    }
    return text;
}

/// The digits in which the bytes stand alone when `before` other bytes come first.
SecretBytes base64Of(ByteView bytes, unsigned before, bool url)
{
    SecretBytes digits;
    std::uint32_t bits = 0;
    unsigned held = before * 8 % 6; // bits of the digit that the bytes before began
    unsigned foreign = held;
    for (const std::uint8_t byte : bytes) {
        bits = bits << 8U | byte;
        held += 8;
        while (held >= 6) {
            held -= 6;
            const char digit = base64Digits[bits >> held & 63U];
            if (foreign == 0)
                digits.push_back(static_cast<std::uint8_t>(url && digit == '+'       ? '-'
                                                               : url && digit == '/' ? '_'
                                                                                     : digit));
            foreign = 0;
        }
    }
    return digits;
}

/// Turns each four neighbours round.
template <typename Items> Items wordsTurned(Items turned)
{
    for (std::size_t word = 0; word + 4 <= turned.size(); word += 4)
        std::reverse(turned.begin() + static_cast<std::ptrdiff_t>(word),
                     turned.begin() + static_cast<std::ptrdiff_t>(word + 4));
    return turned;
}

} // namespace

Needles::Needles(std::span<const SecretValue> values)
{
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto value = static_cast<std::uint32_t>(i);
        addValue(value, values[i].form, values[i].value);
        for (const DerivedValue& derived : values[i].derived)
            addValue(value, derived.form, derived.bytes);
    }
    build();
}

void Needles::addValue(std::uint32_t value, ValueForm form, ByteView bytes)
{
    const bool text = form == ValueForm::Text;
    if (text && bytes.size() >= wordKey && bytes.size() < windowSize)
        addWord(value, bytes);
    if (bytes.size() < windowSize)
        return;
    std::vector<bool> isPublic = publicParts(bytes, form);
    addWindows(value, bytes, isPublic, "raw");
    if (!text && bytes.size() % 4 == 0)
        addWindows(value, wordsTurned(SecretBytes(bytes.begin(), bytes.end())),
                   wordsTurned(isPublic), "swapped");
    const std::size_t step = bytes.size() <= denseValue ? 1 : windowSize;
    // Base64 shares digits between bytes: of ten bytes at least twelve digits stand alone.
    for (std::size_t at = 0; at + windowSize + 2 <= bytes.size(); at += step) {
        const auto begin = isPublic.begin() + static_cast<std::ptrdiff_t>(at);
        if (std::none_of(begin, begin + windowSize + 2, std::identity {})
            && isTelling(bytes.subspan(at + 1, windowSize)))
            addEncodings(value, bytes.subspan(at, windowSize + 2), text);
    }
    const SecretBytes turned(bytes.rbegin(), bytes.rend());
    std::reverse(isPublic.begin(), isPublic.end());
    addWindows(value, turned, isPublic, "reversed");
}

void Needles::addWindows(std::uint32_t value, ByteView bytes, const std::vector<bool>& isPublic,
                         std::string_view encoding)
{
    for (std::size_t at = 0; at + windowSize <= bytes.size(); ++at) {
        const auto begin = isPublic.begin() + static_cast<std::ptrdiff_t>(at);
        const ByteView window = bytes.subspan(at, windowSize);
        if (isTelling(window) && std::none_of(begin, begin + windowSize, std::identity {}))
            add(value, window, encoding);
    }
}

void Needles::addEncodings(std::uint32_t value, ByteView window, bool text)
{
    const ByteView eight = window.subspan(1, windowSize);
    const bool ascii
        = std::all_of(eight.begin(), eight.end(), [](std::uint8_t byte) { return byte < 0x80; });
    if (text && ascii) {
        add(value, widened(eight, 2, false), "utf-16le");
        add(value, widened(eight, 2, true), "utf-16be");
        add(value, widened(eight, 4, false), "utf-32le");
        add(value, widened(eight, 4, true), "utf-32be");
    }
    add(value, hexOf(eight, false), "hex");
    add(value, hexOf(eight, true), "hex");
    for (unsigned before = 0; before < 3; ++before) {
        add(value, base64Of(window, before, false), "base64");
        add(value, base64Of(window, before, true), "base64url");
    }
}

void Needles::addWord(std::uint32_t value, ByteView bytes)
{
    m_words = true;
    add(value, bytes, "raw", true);
}

void Needles::add(std::uint32_t value, ByteView bytes, std::string_view encoding, bool word)
{
    m_needles.push_back({keyOf(bytes, word ? wordKey : windowSize), m_bytes.size(), value,
                         static_cast<std::uint8_t>(bytes.size()), word, encoding});
    m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
}

void Needles::build()
{
    std::stable_sort(m_needles.begin(), m_needles.end(),
                     [](const Needle& one, const Needle& other) { return one.key < other.key; });
    unsigned bits = 18;
    while (std::size_t(1) << bits < m_needles.size() * 32 && bits < 28)
        ++bits;
    m_shift = 64 - bits;
    m_seen.assign(std::size_t(1) << (bits - 6), 0);
    for (const Needle& needle : m_needles)
        m_seen[slotOf(needle.key) / 64] |= std::uint64_t(1) << slotOf(needle.key) % 64;
}

std::optional<Needles::Match> Needles::at(ByteView bytes, std::optional<std::uint8_t> before) const
{
    if (bytes.size() >= windowSize)
        if (const auto match = lookUp(keyOf(bytes, windowSize), bytes, before))
            return match;
    if (m_words && bytes.size() >= wordKey)
        return lookUp(keyOf(bytes, wordKey), bytes, before);
    return std::nullopt;
}

std::optional<Needles::Match> Needles::lookUp(std::uint64_t key, ByteView bytes,
                                              std::optional<std::uint8_t> before) const
{
    if (!isSeen(key))
        return std::nullopt;
    auto needle = std::lower_bound(
        m_needles.begin(), m_needles.end(), key,
        [](const Needle& one, std::uint64_t wanted) { return one.key < wanted; });
    for (; needle != m_needles.end() && needle->key == key; ++needle) {
        const std::size_t size = needle->size;
        if (size > bytes.size()
            || std::memcmp(m_bytes.data() + needle->offset, bytes.data(), size) != 0)
            continue;
        const bool alone = (!before || std::isalnum(*before) == 0)
            && (size == bytes.size() || std::isalnum(bytes[size]) == 0);
        if (!needle->word || alone)
            return Match {size, needle->value, needle->encoding, needle->word};
    }
    return std::nullopt;
}

} // namespace coredact
