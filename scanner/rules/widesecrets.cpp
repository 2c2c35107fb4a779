// SPDX-License-Identifier: GPL-3.0-or-later
// Passwords in little-endian UTF-16 or UTF-32 that nothing names: strings of .NET, Qt and Windows,
// characters of Java; wide strings of C and C++ on Unix, strings of Lisp and Scheme. Each stands
// alone between what is no text. The other order is not looked at: tables of numbers are written
// so.
#include "scanner/base/ascii.h"
#include "scanner/rules/chosentext.h"
#include "scanner/rules/detector.h"
#include "scanner/rules/generatedtext.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

constexpr std::size_t shortest = 8;
constexpr std::size_t shortestGenerated = 12;
constexpr std::size_t longest = 128; ///< characters
/// More than generatedsecrets.cpp asks for: any two bytes with a zero are a character here.
constexpr int enough = 26;

std::span<const RuleInfo> wideRules()
{
    static const std::array rules {
        RuleInfo {
            "wide-text",
            "Generated or chosen text in wide characters",
            Severity::Medium,
            "A string in UTF-16 or UTF-32 that stands alone and looks like a password: letters and "
            "digits in no order that words or names have, or a word with a number and a "
            "sign behind it.",
            "Find out what it is. If it signs in anywhere, change it.",
            {"generic"},
            3},
    };
    return rules;
}

/// A blank is no end: what stands beside one is a word of a sentence.
bool isOfText(std::uint8_t byte) { return byte >= 0x20 && byte < 0x7f; }

/// How a text goes from character to character, which tells it from a table of numbers of 16 bits
/// that happen to print.
struct Steps {
    explicit Steps(std::string_view text)
        : size(text.size())
    {
        for (std::size_t i = 1; i < size; ++i)
            same += text[i] == text[i - 1] ? 1 : 0;
        for (std::size_t i = 2; i < size; ++i) {
            rising += text[i] == text[i - 2] + 1 ? 1 : 0;
            falls[i % 2] += text[i] <= text[i - 2] ? 1 : 0;
            hasThree = hasThree || (text[i] == text[i - 1] && text[i] == text[i - 2]);
        }
    }

    /// As in any table of numbers.
    bool areOfTable() const { return hasThree || same * 4 >= size || rising * 3 >= size; }

    /// Each character comes twice, as in tables of sizes for both directions.
    bool areOfPairs() const { return same * 2 >= size; }

    /// Every second character is higher than the one two before, nearly: as where tables of Java's
    /// classes say which line comes from which place. One of a hundred random texts does so.
    bool areOfRisingPairs() const
    {
        constexpr std::size_t fewest = 12;
        return size >= fewest && std::min(falls[0], falls[1]) <= 1
            && (falls[0] + falls[1]) * 4 <= size - 2;
    }

    std::size_t size; ///< characters
    std::size_t same = 0; ///< as the one before
    std::size_t rising = 0; ///< by one from the one two before
    std::array<std::size_t, 2> falls {}; ///< not above the one two before, of either half
    bool hasThree = false; ///< three times the same
};

bool isSecret(std::string_view text)
{
    const Steps steps(text);
    if (steps.areOfRisingPairs())
        return false;
    return (chosenText(text) == ChosenText::Likely && !steps.areOfPairs())
        || (text.size() >= shortestGenerated && generatedScore(text) >= enough
            && !steps.areOfTable());
}

void lookAtText(const Window& window, Span span, MatchSink& sink)
{
    if (!isSecret(asText(window.bytes.subspan(span.begin, span.end - span.begin))))
        return;
    Match match;
    match.rule = &wideRules()[0];
    match.confidence = Confidence::Possible;
    match.spans = {span};
    sink.add(std::move(match));
}

void lookForTexts(const Window& window, MatchSink& sink)
{
    if (window.encoding != "utf-16le" && window.encoding != "utf-32le")
        return;
    const ByteView bytes = window.bytes;
    std::size_t at = window.freshBegin;
    while (at < window.freshEnd) {
        std::size_t end = at;
        while (end < bytes.size() && isVisible(bytes[end]))
            ++end;
        const std::size_t size = end - at;
        if (size >= shortest && size <= longest && (at == 0 || !isOfText(bytes[at - 1]))
            && (end == bytes.size() || !isOfText(bytes[end])))
            lookAtText(window, {at, end}, sink);
        at = end + 1;
    }
}

} // namespace

extern const Detector widesecretsDetector;
const Detector widesecretsDetector {"widesecrets", wideRules, longest + 1, lookForTexts, true};

} // namespace coredact
