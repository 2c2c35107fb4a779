// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/validators/digits.h"

#include <algorithm>

namespace coredact {

std::string digitsOf(std::string_view text)
{
    std::string digits;
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
                 [](char c) { return c >= '0' && c <= '9'; });
    return digits;
}

bool luhnHolds(std::string_view digits)
{
    unsigned sum = 0;
    bool twice = false;
    for (auto it = digits.rbegin(); it != digits.rend(); ++it) {
        const auto digit = static_cast<unsigned>(*it - '0');
        sum += twice ? (digit > 4 ? 2 * digit - 9 : 2 * digit) : digit;
        twice = !twice;
    }
    return !digits.empty() && sum % 10 == 0;
}

unsigned weighted(std::string_view digits, std::initializer_list<unsigned> weights)
{
    unsigned sum = 0;
    std::size_t i = 0;
    for (const unsigned weight : weights)
        if (i < digits.size())
            sum += weight * static_cast<unsigned>(digits[i++] - '0');
    return sum;
}

bool hasWordBefore(const Candidate& candidate, std::initializer_list<std::string_view> words,
                   std::size_t reach)
{
    const std::size_t size = std::min(candidate.match.begin, reach);
    std::string text(candidate.text({candidate.match.begin - size, candidate.match.begin}));
    for (char& c : text)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + 32);
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

} // namespace coredact
