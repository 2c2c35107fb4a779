// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/propagatepublic.h"

#include "scanner/base/ascii.h"
#include "scanner/base/bytereader.h"
#include "scanner/base/distinctbytes.h"
#include "scanner/rules/textrarity.h"

#include <algorithm>
#include <array>
#include <bitset>

namespace coredact {

namespace {

constexpr int deepest = 16; ///< keys in PKCS #12 files lie fourteen deep (RFC 7292)
constexpr std::size_t shortestRandom = 12;
constexpr std::size_t pieceSize = 8;

struct Element {
    std::uint8_t tag = 0;
    std::size_t header = 0; ///< bytes before the content
    std::size_t size = 0; ///< header and content
};

/// The DER element at `at`, where it lies wholly inside the bytes.
std::optional<Element> elementAt(ByteView bytes, std::size_t at)
{
    ByteReader in(bytes.subspan(at), ByteOrder::Big);
    Element element;
    element.tag = in.u8();
    std::uint64_t length = in.u8();
    if (length > 0x80 && length <= 0x84) {
        const std::uint64_t digits = length - 0x80;
        length = 0;
        for (std::uint64_t i = 0; i < digits; ++i)
            length = length << 8U | in.u8();
    } else if (length >= 0x80) {
        return std::nullopt;
    }
    if (!in.ok() || length > in.left())
        return std::nullopt;
    element.header = static_cast<std::size_t>(in.position());
    element.size = element.header + static_cast<std::size_t>(length);
    return element;
}

bool isSequence(ByteView bytes)
{
    const auto element = bytes.empty() ? std::nullopt : elementAt(bytes, 0);
    return element && element->tag == 0x30 && element->size == bytes.size();
}

void mark(std::vector<bool>& marks, std::size_t begin, std::size_t end)
{
    std::fill(marks.begin() + static_cast<std::ptrdiff_t>(begin),
              marks.begin() + static_cast<std::ptrdiff_t>(end), true);
}

/// Marks what is public in the elements that fill [begin, end).
void markElements(ByteView bytes, std::size_t begin, std::size_t end, std::vector<bool>& marks,
                  int depth)
{
    bool version = false;
    for (std::size_t index = 0; begin < end; ++index) {
        const auto element = elementAt(bytes.first(end), begin);
        if (!element)
            return;
        const std::size_t content = begin + element->header;
        const std::size_t next = begin + element->size;
        const std::size_t length = next - content;
        mark(marks, begin, content);
        const bool constructed = (element->tag & 0x20U) != 0;
        const bool octets = element->tag == 0x04;
        const bool integer = element->tag == 0x02;
        if (integer && index == 0)
            version = length == 1;
        // The second integer after a version is a modulus; short ones are versions and exponents.
        // What lies too deep may be anything.
        const bool isPublic
            = integer ? length <= 4 || (version && index == 1) : !octets && !constructed;
        if (depth < deepest
            && (constructed || (octets && isSequence(bytes.subspan(content, length)))))
            markElements(bytes, content, next, marks, depth + 1);
        else if (isPublic)
            mark(marks, content, next);
        begin = next;
    }
}

int base64Digit(std::uint8_t character)
{
    if (character >= 'A' && character <= 'Z')
        return character - 'A';
    if (character >= 'a' && character <= 'z')
        return character - 'a' + 26;
    if (character >= '0' && character <= '9')
        return character - '0' + 52;
    return character == '+' ? 62 : character == '/' ? 63 : -1;
}

/// Marks the base64 digits between `begin` and `end` that carry only public bytes of DER.
void markBody(ByteView text, std::size_t begin, std::size_t end, std::vector<bool>& marks)
{
    SecretBytes der;
    std::vector<std::size_t> places; // of the digits
    std::uint32_t bits = 0;
    for (std::size_t i = begin; i < end; ++i) {
        const int digit = base64Digit(text[i]);
        if (digit < 0)
            continue;
        places.push_back(i);
        bits = bits << 6U | static_cast<std::uint32_t>(digit);
        // Every digit but the first of four completes a byte.
        if (const std::size_t turn = places.size() % 4; turn != 1)
            der.push_back(static_cast<std::uint8_t>(bits >> (turn == 2 ? 4 : turn == 3 ? 2 : 0)));
    }
    std::vector<bool> inside(der.size(), false);
    markElements(der, 0, der.size(), inside, 0);
    for (std::size_t digit = 0; digit < places.size(); ++digit) {
        const std::size_t first = digit * 6 / 8;
        const std::size_t last = std::min((digit * 6 + 5) / 8, der.size() - 1);
        if (first < der.size())
            marks[places[digit]] = inside[first] && inside[last];
    }
}

void markArmour(ByteView value, std::vector<bool>& marks)
{
    const std::string_view text = asText(value);
    constexpr std::string_view dashes = "-----";
    std::size_t body = std::string_view::npos;
    std::size_t at = text.find(dashes);
    while (at != std::string_view::npos) {
        const std::size_t close = text.find(dashes, at + dashes.size());
        const std::size_t end
            = close == std::string_view::npos ? text.size() : close + dashes.size();
        mark(marks, at, end);
        if (body != std::string_view::npos)
            markBody(value, body, at, marks);
        body = body == std::string_view::npos ? end : std::string_view::npos;
        at = text.find(dashes, end);
    }
}

bool isLetter(std::uint8_t character)
{
    return (character | 0x20U) >= 'a' && (character | 0x20U) <= 'z';
}

bool isDigit(std::uint8_t character) { return character >= '0' && character <= '9'; }

/// The letters that often follow each letter: the 247 pairs that make up 93 % of the letter pairs
/// in Debian's C headers, documentation and Python library.
constexpr std::array<std::string_view, 26> usual {"bcdgilmnprstuvy",
                                                  "aceijlosux",
                                                  "acehikloprstux",
                                                  "adeiosu",
                                                  "abcdefgilmnprstvxy",
                                                  "aefilortu",
                                                  "ehilnrs",
                                                  "aeiort",
                                                  "abcdefglmnoprstvwz",
                                                  "",
                                                  "es",
                                                  "adefilostuy",
                                                  "abeilmopsu",
                                                  "acdefgikostuy",
                                                  "bcdfgilmnoprstuvw",
                                                  "aeiloprstuy",
                                                  "u",
                                                  "acdegikmnoprstuy",
                                                  "acehiloprstuy",
                                                  "acefhilmoprstuwy",
                                                  "bcdefgilmnprst",
                                                  "aei",
                                                  "aehios",
                                                  "pstx",
                                                  "oprs",
                                                  "en"};

bool isUnusual(std::uint8_t first, std::uint8_t second)
{
    if (isLetter(first) && isLetter(second))
        return usual[static_cast<std::size_t>((first | 0x20U) - 'a')].find(
                   static_cast<char>(second | 0x20U))
            == std::string_view::npos;
    return isLetterBesideDigit(first, second);
}

/// Small letter, capital, digit, or none of them.
int classOf(std::uint8_t character)
{
    return isDigit(character) ? 1 : !isLetter(character) ? 0 : (character & 0x20U) != 0 ? 2 : 3;
}

/// `withSigns`: each sign that is no blank is a class of its own.
bool changesClass(std::uint8_t first, std::uint8_t second, bool withSigns)
{
    if (classOf(first) == 0 || classOf(second) == 0)
        return withSigns && first != second && isVisible(first) && isVisible(second);
    return classOf(first) != classOf(second);
}

bool isTokenCharacter(std::uint8_t character)
{
    return base64Digit(character) >= 0 || character == '-' || character == '_';
}

/// Marks the runs of visible characters that a generator drew, with signs among them.
void markDrawn(ByteView text, const std::vector<bool>& isPublic, std::vector<bool>& marks)
{
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = begin;
        while (end < text.size() && !isPublic[end] && isVisible(text[end]))
            ++end;
        if (isDrawn(asText(text.subspan(begin, end - begin))))
            mark(marks, begin, end);
        begin = end + 1;
    }
}

bool isPrintable(std::uint8_t character)
{
    return (character >= 0x20 && character < 0x7f) || (character >= '\t' && character <= '\r');
}

} // namespace

bool isLetterBesideDigit(std::uint8_t first, std::uint8_t second)
{
    return (isLetter(first) && isDigit(second)) || (isDigit(first) && isLetter(second));
}

std::vector<bool> publicParts(ByteView value, ValueForm form)
{
    std::vector<bool> marks(value.size(), false);
    if (form == ValueForm::Binary && isSequence(value))
        markElements(value, 0, value.size(), marks, 0);
    if (form != ValueForm::Text)
        return marks;
    const std::string_view text = asText(value);
    if (text.starts_with("eyJ") && text.find('.') != std::string_view::npos)
        mark(marks, 0, text.find('.') + 1);
    else
        markArmour(value, marks);
    return marks;
}

std::vector<bool> randomParts(ByteView text, const std::vector<bool>& isPublic)
{
    std::vector<bool> marks(text.size(), false);
    markDrawn(text, isPublic, marks);
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = begin;
        while (end < text.size() && !isPublic[end] && isTokenCharacter(text[end]))
            ++end;
        if (end - begin >= shortestRandom) {
            const std::size_t pieces = end - begin - pieceSize + 1;
            std::size_t telling = 0;
            for (std::size_t at = begin; at < begin + pieces; ++at)
                telling += tellsSecret(text.subspan(at, pieceSize)) ? 1 : 0;
            if (telling * 4 >= pieces)
                mark(marks, begin, end);
        }
        begin = end + 1;
    }
    return marks;
}

bool tellsSecret(ByteView eight, bool inRandom)
{
    if (distinctBytes(eight) < 5)
        return false;
    bool counting = true;
    bool printable = true;
    int unusual = 0;
    int changes = 0;
    for (std::size_t i = 0; i < eight.size(); ++i) {
        printable = printable && isPrintable(eight[i]);
        if (i == 0)
            continue;
        unusual += isUnusual(eight[i - 1], eight[i]) ? 1 : 0;
        changes += changesClass(eight[i - 1], eight[i], inRandom) ? 1 : 0;
        counting = counting
            && static_cast<std::uint8_t>(eight[i] - eight[i - 1])
                == static_cast<std::uint8_t>(eight[1] - eight[0]);
    }
    if (counting)
        return false;
    return !printable || unusual >= 3 || changes >= 4 || (inRandom && unusual + changes >= 2);
}

} // namespace coredact
