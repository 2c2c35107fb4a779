// SPDX-License-Identifier: GPL-3.0-or-later
// Passwords beside their names in the heap: what reads a configuration allocates the copy of a name
// and then that of its value, and glibc gives it two blocks one behind the other. A pool, such as
// that of the Apache Portable Runtime, has no sizes between them: each begins at the next multiple
// of eight bytes (apr_pools.c, APR_ALIGN_DEFAULT).
#include "scanner/base/memoryword.h"
#include "scanner/rules/byteanchor.h"
#include "scanner/rules/keys/tablerules.h"
#include "scanner/rules/noise.h"
#include "scanner/rules/validators/keyedvalue.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

using namespace std::string_view_literals;

// A block has 24 bytes, or 16 more and so on; the size of the next one, with its own field of eight
// bytes and the bit that says that the one before is in use, stands behind it.
constexpr std::size_t smallestBlock = 24;
constexpr std::size_t blockStep = 16;
constexpr std::size_t sizeField = 8;
constexpr std::size_t poolStep = 8;
constexpr std::size_t shortestValue = 8;
constexpr std::size_t longestValue = 64;
constexpr std::size_t neighbourReach = longestTableName + 4;

std::span<const RuleInfo> neighbourRules()
{
    static const std::array rules {
        RuleInfo {"heap-neighbour-password",
                  "Password beside its name in the heap",
                  Severity::High,
                  "The heap holds the name of a password and right behind it this text: what reads "
                  "a configuration copies a name and then its value.",
                  "Change the password, and the same password wherever else it is used.",
                  {"generic", "password"},
                  8},
    };
    return rules;
}

/// What a block holds that is to keep so many bytes.
constexpr std::size_t blockFor(std::size_t bytes)
{
    return bytes <= smallestBlock
        ? smallestBlock
        : smallestBlock + (bytes - smallestBlock + blockStep - 1) / blockStep * blockStep;
}

/// The text at `begin`, if a NUL ends it and it is neither short nor long.
Span textAt(ByteView bytes, std::size_t begin)
{
    std::size_t end = begin;
    while (end < bytes.size() && end - begin <= longestValue && bytes[end] > 0x20
           && bytes[end] < 0x7f)
        ++end;
    const std::size_t length = end - begin;
    return end < bytes.size() && bytes[end] == 0 && length >= shortestValue
            && length <= longestValue
        ? Span {begin, end}
        : Span {};
}

/// The text in the block behind that of a name of `size` bytes at `begin`.
Span textOfNextBlock(ByteView bytes, std::size_t begin, std::size_t size)
{
    constexpr std::uint64_t inUse = 1;
    const std::size_t next = begin + blockFor(size + 1) + sizeField;
    const Span text = textAt(bytes, next);
    const std::size_t length = text.end - text.begin;
    return length > 0
            && littleWord<std::uint64_t>(bytes.data() + next - sizeField)
                == ((blockFor(length + 1) + sizeField) | inUse)
        ? text
        : Span {};
}

/// Whether the text that ends at `end` begins right behind a name, as in a table of symbols, and is
/// one itself.
bool isNextSymbol(ByteView bytes, std::size_t nameEnd, std::size_t end)
{
    const ByteView text = bytes.subspan(nameEnd + 1, end - nameEnd - 1);
    return std::find(text.begin(), text.end(), 0) == text.end() && isIdentifier(asText(text));
}

/// The text behind that of a name of `size` bytes at `begin` in a pool. In memory only: what stands
/// side by side in a view may lie apart.
Span nextTextOfPool(const Window& window, std::size_t begin, std::size_t size)
{
    if (!window.address || (*window.address + begin) % poolStep != 0)
        return {};
    const Span text = textAt(window.bytes, begin + size / poolStep * poolStep + poolStep);
    const bool isSymbol
        = text.end > text.begin && isNextSymbol(window.bytes, begin + size, text.end);
    return isSymbol ? Span {} : text;
}

bool mayBePassword(std::string_view name, std::string_view value)
{
    return keyedValue(name, value) == KeyedValue::Mixed && !isIdentifier(value) && !isUuid(value)
        && !isPath(value);
}

/// `position` is three bytes before the NUL of a name.
void lookAtNameEnd(const Window& window, std::size_t position, MatchSink& sink)
{
    const ByteView bytes = window.bytes;
    const std::size_t end = position + 3;
    std::size_t begin = end;
    while (begin > 0 && end - begin < longestTableName && isTableNameByte(bytes[begin - 1]))
        --begin;
    const std::string_view name = asText(bytes.subspan(begin, end - begin));
    if (!window.fresh(begin) || tableRuleFor(name) != &tableRules()[0])
        return;
    for (const Span& span :
         {textOfNextBlock(bytes, begin, name.size()), nextTextOfPool(window, begin, name.size())}) {
        if (span.begin >= span.end
            || !mayBePassword(name, asText(bytes.subspan(span.begin, span.end - span.begin))))
            continue;
        Match match;
        match.rule = &neighbourRules()[0];
        match.confidence = Confidence::Possible;
        match.identity = Identity {"name", shown(std::string(name))};
        match.form = ValueForm::Text;
        match.spans = {span};
        sink.add(std::move(match));
        return;
    }
}

} // namespace

std::span<const ByteAnchor> heapneighbourAnchors()
{
    constexpr auto anyCase = "\xdf\xdf\xdf\xff"sv;
    static const std::array anchors {
        anchorOf("ord\0"sv, anyCase, neighbourReach, lookAtNameEnd),
        anchorOf("swd\0"sv, anyCase, neighbourReach, lookAtNameEnd),
    };
    return anchors;
}

extern const Detector heapneighbourDetector;
const Detector heapneighbourDetector {
    "heapneighbour", neighbourRules,
    neighbourReach + blockFor(longestTableName + 1) + sizeField + longestValue + 1, nullptr, false};

} // namespace coredact
