// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/chosentext.h"

#include "scanner/base/ascii.h"
#include "scanner/rules/generatedtext.h"
#include "scanner/rules/noise.h"

#include <algorithm>

namespace coredact {

namespace {

/// What rules of passwords ask for, without the signs that programs, paths and patterns are full
/// of.
bool isSign(char c) { return std::string_view("!@#$%?+~").find(c) != std::string_view::npos; }

bool has(std::string_view text, bool (*is)(char))
{
    return std::any_of(text.begin(), text.end(), is);
}

/// Whether a sign tells something before `next`. Before a digit some do not: Java's inner classes
/// ("Policy$1Reader"), numbers of bugs and what URLs escape are written so; and before a letter
/// that does not by which places of a page are called ("RFC6749#Section").
bool tells(char sign, char next)
{
    constexpr std::string_view ofPrograms = "#$%";
    if (isDigit(next))
        return ofPrograms.find(sign) == ofPrograms.npos;
    return sign != '#' || !isLetter(next);
}

std::size_t toldBySigns(std::string_view text)
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
        count += isSign(text[i]) && tells(text[i], i + 1 < text.size() ? text[i + 1] : '\0');
    return count;
}

/// Letters of both cases, digits and signs, a letter first; tables of numbers look the same where
/// signs are many, and alphabets where the text is long.
bool isOfFourKinds(std::string_view text)
{
    constexpr std::size_t shortest = 10;
    constexpr std::size_t longest = 32;
    const std::size_t signs = toldBySigns(text);
    return text.size() >= shortest && text.size() <= longest && isLetter(text.front()) && signs > 0
        && signs * 4 <= text.size() && has(text, isSmall) && has(text, isCapital)
        && has(text, isDigit) && std::all_of(text.begin(), text.end(), [](char c) {
               return isLetter(c) || isDigit(c) || isSign(c);
           });
}

ChosenText byForm(std::string_view text)
{
    constexpr std::size_t fewestLetters = 4;
    constexpr std::size_t mostDigits = 6;
    constexpr std::size_t mostSigns = 3;
    const auto* const digits = std::find_if_not(text.begin(), text.end(), isLetter);
    const auto* const signs = std::find_if_not(digits, text.end(), isDigit);
    const auto letterCount = static_cast<std::size_t>(digits - text.begin());
    const auto digitCount = static_cast<std::size_t>(signs - digits);
    const auto signCount = static_cast<std::size_t>(text.end() - signs);
    if (letterCount >= fewestLetters && digitCount > 0 && digitCount <= mostDigits) {
        if (signCount == 0)
            return letterCount >= 6 && digitCount >= 2 && has(text, isCapital) ? ChosenText::Perhaps
                                                                               : ChosenText::No;
        if (signCount <= mostSigns && std::all_of(signs, text.end(), isSign))
            return ChosenText::Likely;
    }
    return isOfFourKinds(text) ? ChosenText::Likely : ChosenText::No;
}

} // namespace

ChosenText chosenText(std::string_view text)
{
    const ChosenText form = byForm(text);
    const bool isOther
        = form == ChosenText::No || isPlaceholder(text) || isPath(text) || isHexWithRest(text);
    return isOther ? ChosenText::No : form;
}

} // namespace coredact
