// SPDX-License-Identifier: GPL-3.0-or-later
// Passwords in little-endian UTF-16 or UTF-32 that nothing names: strings of .NET, Qt and Windows,
// characters of Java; wide strings of C and C++ on Unix, strings of Lisp and Scheme. Each stands
// alone between what is no text. The other order is not looked at: tables of numbers are written
// so.
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
constexpr int enough = 800; ///< as generatedsecrets.cpp has it for texts anywhere

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

bool isPrintable(std::uint8_t byte) { return byte > 0x20 && byte < 0x7f; }

/// A blank is no end: what stands beside one is a word of a sentence.
bool isOfText(std::uint8_t byte) { return byte >= 0x20 && byte < 0x7f; }

/// Whether a number of characters are the same as the one before, or follow the one before that:
/// tables of 16-bit numbers do so.
bool isTable(std::string_view text)
{
    std::size_t same = 0;
    std::size_t rising = 0;
    for (std::size_t i = 1; i < text.size(); ++i) {
        same += text[i] == text[i - 1] ? 1 : 0;
        rising += i > 1 && text[i] == text[i - 2] + 1 ? 1 : 0;
        if (i > 1 && text[i] == text[i - 1] && text[i] == text[i - 2])
            return true;
    }
    return same * 4 >= text.size() || rising * 3 >= text.size();
}

/// Whether each character comes twice, as in tables of sizes for both directions.
bool isOfPairs(std::string_view text)
{
    std::size_t same = 0;
    for (std::size_t i = 1; i < text.size(); ++i)
        same += text[i] == text[i - 1] ? 1 : 0;
    return same * 2 >= text.size();
}

/// Whether every second character is higher than the one two before, nearly: as where tables of
/// Java's classes say which line comes from which place. One of a hundred random texts does so.
bool isOfRisingPairs(std::string_view text)
{
    constexpr std::size_t fewest = 12;
    std::array<std::size_t, 2> falls {};
    for (std::size_t i = 2; i < text.size(); ++i)
        falls[i % 2] += text[i] <= text[i - 2] ? 1 : 0;
    return text.size() >= fewest && std::min(falls[0], falls[1]) <= 1
        && (falls[0] + falls[1]) * 4 <= text.size() - 2;
}

bool isSecret(std::string_view text)
{
    if (isOfRisingPairs(text))
        return false;
    return (chosenText(text) == ChosenText::Likely && !isOfPairs(text))
        || (text.size() >= shortestGenerated && generatedScore(text) >= enough && !isTable(text));
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
        while (end < bytes.size() && isPrintable(bytes[end]))
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
