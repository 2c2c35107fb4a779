// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/generatedrule.h"

#include "scanner/base/ascii.h"
#include "scanner/rules/chosentext.h"
#include "scanner/rules/generatedtext.h"

#include <algorithm>

namespace coredact {

std::string_view secretPart(std::string_view text)
{
    const std::string_view part = generatedPart(text, enoughWithLength.score);
    if (part.size() >= enoughWithLength.size)
        return part;
    return chosenText(text) == ChosenText::Likely ? text : std::string_view();
}

bool isLikeNoOther(std::string_view text)
{
    constexpr std::size_t shortestHex = 16;
    const auto isHexDigit
        = [](char c) { return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
    if (text.starts_with("_Z"))
        return false; // what compilers make of a name
    if (text.size() >= shortestHex && std::all_of(text.begin(), text.end(), isHexDigit))
        return true;
    return !secretPart(text).empty();
}

} // namespace coredact
