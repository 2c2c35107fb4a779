// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/validators/verdicts.h"

namespace coredact {

namespace {

/// The check digit of ICAO 9303: weights 7, 3, 1; letters from 10, the filler 0.
bool checkHolds(std::string_view field, char check)
{
    constexpr unsigned weights[] = {7, 3, 1};
    unsigned sum = 0;
    for (std::size_t i = 0; i < field.size(); ++i) {
        const char c = field[i];
        const unsigned value = c == '<' ? 0
            : c <= '9'                  ? static_cast<unsigned>(c - '0')
                                        : static_cast<unsigned>(c - 'A' + 10);
        sum += value * weights[i % 3];
    }
    return check == '<' ? sum == 0 : sum % 10 == static_cast<unsigned>(check - '0');
}

/// The lines without what ends them.
std::string joined(std::string_view text)
{
    std::string out;
    for (const char c : text)
        if (c > ' ')
            out += c;
    return out;
}

Validation byZone(bool holds, std::string_view state)
{
    if (!holds)
        return {.proof = Proof::Absurd};
    Validation validation;
    validation.because = "all check digits hold";
    validation.identity = Identity {"issuing-state", shown(state)};
    return validation;
}

} // namespace

/// The machine readable zone of a travel document, in two lines of 44 or 36 or three of 30.
Validation mrzValidator(const Candidate& candidate)
{
    const std::string zone = joined(candidate.matchText());
    const std::string_view text = zone;
    if (text.size() == 90) {
        const std::string_view second = text.substr(30, 30);
        const std::string all = std::string(text.substr(5, 25)) + std::string(second.substr(0, 7))
            + std::string(second.substr(8, 7)) + std::string(second.substr(18, 11));
        return byZone(
            checkHolds(text.substr(5, 9), text[14]) && checkHolds(second.substr(0, 6), second[6])
                && checkHolds(second.substr(8, 6), second[14]) && checkHolds(all, second[29]),
            text.substr(2, 3));
    }
    if (text.size() != 88 && text.size() != 72)
        return {.proof = Proof::Absurd};
    const std::size_t width = text.size() / 2;
    const std::string_view second = text.substr(width);
    const bool fields = checkHolds(second.substr(0, 9), second[9])
        && checkHolds(second.substr(13, 6), second[19])
        && checkHolds(second.substr(21, 6), second[27]);
    const std::string all = std::string(second.substr(0, 10)) + std::string(second.substr(13, 7))
        + std::string(second.substr(21, width - 22));
    return byZone(fields && checkHolds(all, second[width - 1]), text.substr(2, 3));
}

} // namespace coredact
