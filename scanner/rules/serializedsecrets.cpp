// SPDX-License-Identifier: GPL-3.0-or-later
// Secrets in messages and files of names and values that say how long each text is: MessagePack,
// CBOR, BSON, Protocol Buffers, Avro, Thrift, AMQP, D-Bus, HPACK, FastCGI and uwsgi, pickles and
// marshalled code of Python, serialized objects of PHP and Java, RESP of Redis, netstrings. Nothing
// is read of a format as a whole: a name whose length stands before it, and behind it, after a few
// bytes that say of which kind the value is, a length and a text of that length.
#include "scanner/base/ascii.h"
#include "scanner/base/characters.h"
#include "scanner/base/memoryword.h"
#include "scanner/rules/byteanchor.h"
#include "scanner/rules/generatedrule.h"
#include "scanner/rules/keys/tablerules.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <array>
#include <optional>

namespace coredact {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t shortestName = 5; // "token"
constexpr std::size_t mostBetween = 14; ///< bytes from a name to its value: D-Bus
constexpr std::size_t longestPrefix = 8; ///< what gives a length and what is looked at of it

/// Whether decimal digits that end at `end` are the number.
bool isDecimalBefore(ByteView bytes, std::size_t end, std::size_t number)
{
    const std::string digits = std::to_string(number);
    if (end < digits.size() || asText(bytes.subspan(end - digits.size(), digits.size())) != digits)
        return false;
    const std::uint8_t before = end > digits.size() ? bytes[end - digits.size() - 1] : 0;
    return before < '0' || before > '9';
}

/// Whether the text of `size` bytes at `begin` has its length in decimal digits before it: "32:x",
/// "s:32:\"x", "$32\r\nx".
bool hasDecimalLength(ByteView bytes, std::size_t begin, std::size_t size)
{
    const std::string_view before = asText(
        bytes.subspan(begin - std::min<std::size_t>(begin, 2), std::min<std::size_t>(begin, 2)));
    if (before == "\r\n" || before == ":\"")
        return isDecimalBefore(bytes, begin - 2, size);
    return before.ends_with(":") && isDecimalBefore(bytes, begin - 1, size);
}

/// How the length of a text is written before it.
enum class Counting {
    None,
    Number, ///< in one byte, two or four; of big-endian numbers the last byte is enough
    MessagePack, ///< of up to 31 bytes in one byte with the kind
    Cbor, ///< the same of up to 23: a letter
    Avro, ///< twice the length
    Decimal,
    Kind, ///< not at all: a kind of values stands there, and a NUL behind the text, in BSON
};

bool isNumberBefore(ByteView bytes, std::size_t begin, std::size_t size)
{
    const std::uint8_t last = bytes[begin - 1];
    if (last != 0)
        return last == size;
    return (begin >= 2 && littleWord<std::uint16_t>(&bytes[begin - 2]) == size)
        || (begin >= 4 && littleWord<std::uint32_t>(&bytes[begin - 4]) == size);
}

Counting countingOfName(ByteView bytes, std::size_t begin, std::size_t size)
{
    constexpr std::uint8_t bsonText = 2;
    const std::uint8_t last = bytes[begin - 1];
    if (isNumberBefore(bytes, begin, size))
        return Counting::Number;
    if (size < 0x20 && last == (0xa0 | size))
        return Counting::MessagePack;
    if (size < 0x18 && last == (0x60 | size))
        return Counting::Cbor;
    if (last == 2 * size)
        return Counting::Avro;
    if (hasDecimalLength(bytes, begin, size))
        return Counting::Decimal;
    return last == bsonText && bytes[begin + size] == 0 ? Counting::Kind : Counting::None;
}

/// A name that calls for a rule.
struct Name {
    std::size_t begin = 0;
    std::size_t end = 0;
    const RuleInfo* rule = nullptr;
    Counting counting = Counting::None;
};

/// The name that ends at `end` and has a counting that is not `None`.
template <typename CountingOf>
std::optional<Name> nameBefore(ByteView bytes, std::size_t end, CountingOf countingOf)
{
    for (std::size_t size = shortestName; size <= longestTableName && size < end; ++size) {
        const std::size_t begin = end - size;
        if (!isTableNameByte(bytes[begin]))
            return std::nullopt;
        const Counting counting = countingOf(bytes, begin, size);
        if (counting != Counting::None)
            if (const RuleInfo* rule = tableRuleFor(asText(bytes.subspan(begin, size))))
                return Name {begin, end, rule, counting};
    }
    return std::nullopt;
}

/// Whether the bytes may stand between a name and the length of its value: what says of which kind
/// that is, and what fills up to a word.
bool mayStandBetween(ByteView bytes)
{
    constexpr std::size_t mostLetters = 4;
    const auto isName = [](std::uint8_t byte) {
        const auto c = static_cast<char>(byte);
        return isLetter(c) || isDigit(c);
    };
    return static_cast<std::size_t>(std::count_if(bytes.begin(), bytes.end(), isName))
        <= mostLetters;
}

bool isValue(ByteView bytes, std::size_t begin, std::size_t size)
{
    return mayBeTableValue(size) && size <= bytes.size() - begin && bytes[begin] != ' '
        && isWritten(bytes.subspan(begin, size));
}

/// The lengths that a value at `begin` may have by what stands before it, in what counts names so.
std::array<std::size_t, 4> lengthsBefore(ByteView bytes, std::size_t begin, Counting counting)
{
    const std::size_t last = bytes[begin - 1];
    if (counting == Counting::Avro)
        return {last / 2};
    if (counting == Counting::Cbor) {
        constexpr std::uint8_t inNextByte = 0x78;
        const bool isLetter = (last & 0xe0) == 0x60 && last < inNextByte;
        return {bytes[begin - 2] == inNextByte ? last : isLetter ? last & 0x1f : 0};
    }
    std::array<std::size_t, 4> lengths {last};
    if (last == 0) {
        lengths[1] = littleWord<std::uint16_t>(&bytes[begin - 2]);
        lengths[2] = littleWord<std::uint32_t>(&bytes[begin - 4]);
        lengths[3] = lengths[2] - 1; // BSON counts the NUL
    }
    if ((last & 0xe0) == 0xa0)
        lengths[3] = last & 0x1f; // MessagePack
    return lengths;
}

/// The decimal number that ends where what stands between it and a value begins; 0: none.
std::size_t decimalBefore(ByteView bytes, std::size_t begin)
{
    std::size_t end = begin;
    while (end > 0 && begin - end < 2
           && ":\"\r\n"sv.find(static_cast<char>(bytes[end - 1])) != std::string_view::npos)
        --end;
    std::size_t number = 0;
    std::size_t scale = 1;
    for (std::size_t at = end;
         at > 0 && end - at < 3 && bytes[at - 1] >= '0' && bytes[at - 1] <= '9'; --at, scale *= 10)
        number += scale * (bytes[at - 1] - std::size_t {'0'});
    return begin == end ? 0 : number;
}

/// Whether a byte is a character, as any text may have it before a name or a value.
bool isPrinted(std::uint8_t byte) { return byte >= 0x20 && byte < 0x7f; }

/// The value behind a name.
std::optional<Span> valueBehind(ByteView bytes, const Name& name)
{
    const std::size_t last = std::min(name.end + mostBetween, bytes.size() - 1);
    for (std::size_t begin = name.end + 1; begin <= last; ++begin) {
        if (!mayStandBetween(bytes.subspan(name.end, begin - 1 - name.end)))
            return std::nullopt;
        if (name.counting == Counting::Decimal) {
            const std::size_t size = decimalBefore(bytes, begin);
            // PHP's quote is not the value's.
            if (bytes[begin - 1] != ':' || bytes[begin] != '"')
                if (isValue(bytes, begin, size) && hasDecimalLength(bytes, begin, size))
                    return Span {begin, begin + size};
            continue;
        }
        // Of two letters of a text each may be a length: of what compilers make of names.
        const bool mayBeText = isPrinted(bytes[name.begin - 1]) && isPrinted(bytes[begin - 1]);
        const auto isNoText = [&](std::string_view value) {
            return isLikeNoOther(value) && value.find('_') == value.npos;
        };
        for (const std::size_t size : lengthsBefore(bytes, begin, name.counting))
            if (isValue(bytes, begin, size)
                && (!mayBeText || isNoText(asText(bytes.subspan(begin, size)))))
                return Span {begin, begin + size};
    }
    return std::nullopt;
}

void tell(const Window& window, const Name& name, const Span& value, MatchSink& sink)
{
    if (!window.fresh(name.begin))
        return;
    const std::string_view text = asText(window.bytes.subspan(name.begin, name.end - name.begin));
    const ByteView bytes = window.bytes.subspan(value.begin, value.end - value.begin);
    if (auto match = tableMatch({bytes.begin(), bytes.end()}, *name.rule, text, "serialized")) {
        match->spans = {value};
        sink.add(std::move(*match));
    }
}

/// FastCGI: both lengths stand before the name, and the value right behind it.
void lookAtFastCgi(const Window& window, std::size_t end, MatchSink& sink)
{
    constexpr std::size_t longest = 0x1f; // beyond, a length is a character
    const ByteView bytes = window.bytes;
    const auto counting = [](ByteView all, std::size_t begin, std::size_t size) {
        return begin >= 2 && size <= longest && all[begin - 2] == size ? Counting::Number
                                                                       : Counting::None;
    };
    const auto name = nameBefore(bytes, end, counting);
    if (!name)
        return;
    const std::size_t size = bytes[name->begin - 1];
    if (isValue(bytes, end, size))
        tell(window, *name, {end, end + size}, sink);
}

/// Texts with a NUL behind each, as in the first message to PostgreSQL: of no length, so only what
/// hardly can be anything but a secret.
void lookBehindNul(const Window& window, std::size_t end, MatchSink& sink)
{
    const ByteView bytes = window.bytes;
    if (bytes[end] != 0)
        return;
    const auto counting = [](ByteView all, std::size_t begin, std::size_t /*size*/) {
        return all[begin - 1] == 0 ? Counting::Kind : Counting::None;
    };
    const auto name = nameBefore(bytes, end, counting);
    const std::size_t begin = end + 1;
    const auto behind = std::find(bytes.begin() + static_cast<std::ptrdiff_t>(begin), bytes.end(),
                                  std::uint8_t {0});
    const auto size = static_cast<std::size_t>(behind - bytes.begin()) - begin;
    if (name && behind != bytes.end() && isValue(bytes, begin, size)
        && isLikeNoOther(asText(bytes.subspan(begin, size))))
        tell(window, *name, {begin, begin + size}, sink);
}

/// `position` is of the last four letters of what may be a name.
void lookAtName(const Window& window, std::size_t position, MatchSink& sink)
{
    const std::size_t end = position + 4;
    const ByteView bytes = window.bytes;
    if (end + longestPrefix > bytes.size())
        return;
    if (const auto name = nameBefore(bytes, end, countingOfName))
        if (const auto value = valueBehind(bytes, *name))
            return tell(window, *name, *value, sink);
    lookAtFastCgi(window, end, sink);
    lookBehindNul(window, end, sink);
}

} // namespace

std::span<const ByteAnchor> serializedsecretsAnchors()
{
    static const auto anchors
        = anchorsOfLetters(tableNameEndings, longestTableName + longestPrefix, lookAtName);
    return anchors;
}

extern const Detector serializedsecretsDetector;
const Detector serializedsecretsDetector {
    "serializedsecrets", tableRules,
    longestPrefix + longestTableName + mostBetween + longestTableValue, nullptr, true};

} // namespace coredact
