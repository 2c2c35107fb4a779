// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/generatedtext.h"

#include "scanner/rules/noise.h"
#include "scanner/rules/textrarity.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace coredact {

namespace {

enum class Kind : std::uint8_t { Small, Capital, Digit, Sign, Program };

constexpr auto kinds = [] {
    std::array<Kind, 256> made {};
    for (std::size_t byte = 0; byte < made.size(); ++byte)
        made[byte] = byte >= 'a' && byte <= 'z' ? Kind::Small
            : byte >= 'A' && byte <= 'Z'        ? Kind::Capital
            : byte >= '0' && byte <= '9'        ? Kind::Digit
            : byte > 0x20 && byte < 0x7f        ? Kind::Sign
                                                : Kind::Program;
    for (const char c : std::string_view("()<>{}[]\"'\\`,;|"))
        made[static_cast<unsigned char>(c)] = Kind::Program;
    return made;
}();

Kind kindOf(char c) { return kinds[static_cast<unsigned char>(c)]; }

bool mayBeGenerated(std::string_view text)
{
    std::array<std::size_t, 5> counts {};
    for (const char c : text)
        ++counts[static_cast<std::size_t>(kindOf(c))];
    const auto count = [&](Kind kind) { return counts[static_cast<std::size_t>(kind)]; };
    // Short names of few vowels are abbreviations ("SJIS-DoCoMo").
    constexpr std::size_t longName = 12;
    // What the fields of a date are called, one after the other (java.text, ICU).
    constexpr std::string_view ofDates = "GyMdkHmsS";
    return text.find(ofDates) == text.npos && count(Kind::Program) == 0 && count(Kind::Small) > 0
        && count(Kind::Capital) > 0 && (count(Kind::Digit) > 0 || text.size() >= longName)
        && count(Kind::Sign) * 4 <= text.size() && !text.starts_with("0x");
}

/// Whether few neighbours stand beside each other more than once.
bool isVaried(std::string_view text)
{
    constexpr std::size_t longest = 256;
    if (text.size() < 2 || text.size() > longest)
        return false;
    std::array<std::uint16_t, longest> pairs {};
    const std::size_t count = text.size() - 1;
    for (std::size_t i = 0; i < count; ++i)
        pairs[i] = static_cast<std::uint16_t>(static_cast<unsigned char>(text[i]) << 8
                                              | static_cast<unsigned char>(text[i + 1]));
    std::sort(pairs.begin(), pairs.begin() + count);
    const auto distinct = std::unique(pairs.begin(), pairs.begin() + count) - pairs.begin();
    return static_cast<std::size_t>(distinct) * 4 >= count * 3;
}

} // namespace

bool isHexWithRest(std::string_view text)
{
    constexpr std::size_t shortestId = 16;
    constexpr std::size_t longestRest = 4;
    for (const std::string_view digits : {"0123456789abcdef", "0123456789ABCDEF"}) {
        const std::size_t begin = text.find_first_of(digits);
        if (begin == text.npos)
            continue;
        const std::size_t end = std::min(text.find_first_not_of(digits, begin), text.size());
        if (end - begin >= shortestId && text.size() - (end - begin) <= longestRest)
            return true;
    }
    return false;
}

int generatedScore(std::string_view text)
{
    if (!mayBeGenerated(text))
        return 0;
    constexpr std::ptrdiff_t costOfSign = 3; // names have more of them
    const std::ptrdiff_t signs
        = std::count_if(text.begin(), text.end(), [](char c) { return kindOf(c) == Kind::Sign; });
    const int score = nameRarity(text) - static_cast<int>(signs * costOfSign);
    return score > 0 && isVaried(text) && !isOfNeighbours(text) && !isHexWithRest(text)
            && !isPath(text) && !isPlaceholder(text)
        ? score
        : 0;
}

std::string_view generatedPart(std::string_view text, int score)
{
    constexpr std::string_view ends = ":=";
    std::string_view part = text;
    for (auto at = text.find_first_of(ends); at != text.npos;
         at = text.find_first_of(ends, at + 1)) {
        if (generatedScore(text.substr(0, at)) >= score)
            break;
        if (generatedScore(text.substr(at + 1)) >= score)
            part = text.substr(at + 1);
    }
    return generatedScore(part) >= score ? part : std::string_view();
}

} // namespace coredact
