// SPDX-License-Identifier: GPL-3.0-or-later
// Passwords beside their names in the heap: what reads a configuration allocates the copy of a name
// and then that of its value, and glibc gives it two blocks one behind the other.
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
constexpr std::size_t shortestValue = 8;
constexpr std::size_t longestValue = 64;
constexpr std::size_t neighbourReach = longestTableName + 4;

std::span<const RuleInfo> neighbourRules()
{
    static const std::array rules {
        RuleInfo {"heap-neighbour-password",
                  "Password beside its name in the heap",
                  Severity::High,
                  "A block of the heap holds the name of a password and the next one this text: "
                  "what reads a configuration copies a name and then its value.",
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

/// The text that fills the block at `begin`, whose size stands before it.
Span textOfBlock(ByteView bytes, std::size_t begin)
{
    constexpr std::uint64_t inUse = 1;
    const auto size = littleWord<std::uint64_t>(bytes.data() + begin - sizeField);
    std::size_t end = begin;
    while (end < bytes.size() && end - begin <= longestValue && bytes[end] > 0x20
           && bytes[end] < 0x7f)
        ++end;
    const std::size_t length = end - begin;
    const bool isText = end < bytes.size() && bytes[end] == 0 && length >= shortestValue
        && length <= longestValue;
    return isText && size == ((blockFor(length + 1) + sizeField) | inUse) ? Span {begin, end}
                                                                          : Span {};
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
    const std::size_t next = begin + blockFor(name.size() + 1) + sizeField;
    if (!window.fresh(begin) || next + shortestValue >= bytes.size()
        || tableRuleFor(name) != &tableRules()[0])
        return;
    const Span span = textOfBlock(bytes, next);
    if (span.begin >= span.end)
        return;
    const std::string_view value = asText(bytes.subspan(span.begin, span.end - span.begin));
    if (keyedValue(name, value) != KeyedValue::Mixed || isIdentifier(value) || isUuid(value)
        || isPath(value))
        return;
    Match match;
    match.rule = &neighbourRules()[0];
    match.confidence = Confidence::Possible;
    match.identity = Identity {"name", shown(std::string(name))};
    match.form = ValueForm::Text;
    match.spans = {span};
    sink.add(std::move(match));
}

} // namespace

std::span<const ByteAnchor> heapneighbourAnchors()
{
    static const std::array anchors {
        anchorOf("ord\0"sv, neighbourReach, lookAtNameEnd),
        anchorOf("swd\0"sv, neighbourReach, lookAtNameEnd),
    };
    return anchors;
}

extern const Detector heapneighbourDetector;
const Detector heapneighbourDetector {
    "heapneighbour", neighbourRules,
    neighbourReach + blockFor(longestTableName + 1) + sizeField + longestValue + 1, nullptr, false};

} // namespace coredact
