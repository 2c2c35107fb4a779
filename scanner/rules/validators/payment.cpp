// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/validators/digits.h"
#include "scanner/rules/validators/verdicts.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

namespace coredact {

namespace {

/// Numbers of a scheme: those whose first digits lie in a range.
struct Issuer {
    std::string_view name;
    unsigned digits; ///< how many first digits are compared
    unsigned from;
    unsigned to;
    std::array<std::size_t, 4> lengths;
};

constexpr auto issuers = std::to_array<Issuer>({
    {"Visa", 1, 4, 4, {13, 16, 19}},
    {"Mastercard", 2, 51, 55, {16}},
    {"Mastercard", 4, 2221, 2720, {16}},
    {"American Express", 2, 34, 34, {15}},
    {"American Express", 2, 37, 37, {15}},
    {"Discover", 4, 6011, 6011, {16, 19}},
    {"Discover", 3, 644, 649, {16, 19}},
    {"Discover", 2, 65, 65, {16, 19}},
    {"Diners Club", 3, 300, 305, {14, 16, 19}},
    {"Diners Club", 2, 36, 36, {14, 16, 19}},
    {"Diners Club", 2, 38, 39, {14, 16, 19}},
    {"JCB", 4, 3528, 3589, {16, 19}},
    {"UnionPay", 2, 62, 62, {16, 17, 18, 19}},
    {"Maestro", 4, 5018, 5018, {13, 16, 18, 19}},
    {"Maestro", 4, 6304, 6304, {13, 16, 18, 19}},
    {"Mir", 4, 2200, 2204, {16, 17, 18, 19}},
});

std::string_view issuerOf(std::string_view number)
{
    for (const Issuer& issuer : issuers) {
        unsigned first = 0;
        for (const char c : number.substr(0, issuer.digits))
            first = first * 10 + static_cast<unsigned>(c - '0');
        const auto& lengths = issuer.lengths;
        if (first >= issuer.from && first <= issuer.to
            && std::find(lengths.begin(), lengths.end(), number.size()) != lengths.end())
            return issuer.name;
    }
    return {};
}

/// Numbers that card schemes and payment services publish for tests.
bool isTestNumber(std::string_view number)
{
    constexpr auto known = std::to_array<std::string_view>(
        {"4111111111111111", "4012888888881881", "4222222222222",    "4242424242424242",
         "4000056655665556", "5555555555554444", "5105105105105100", "2223003122003222",
         "5200828282828210", "378282246310005",  "371449635398431",  "6011111111111117",
         "6011000990139424", "30569309025904",   "38520000023237",   "3056930009020004",
         "3566002020360505", "3530111333300000", "6200000000000005", "4000000000000002",
         "5454545454545454", "4917610000000000", "4444333322221111", "4012000033330026"});
    return std::find(known.begin(), known.end(), number) != known.end();
}

Identity shownCard(std::string_view issuer, std::string_view number)
{
    return {"card",
            std::string(issuer) + " " + std::string(number.substr(0, 6)) + "..."
                + std::string(number.substr(number.size() - 4))};
}

/// Whether four digits are the year and month of a card's expiry.
bool isExpiry(std::string_view text)
{
    const int month = (text[2] - '0') * 10 + text[3] - '0';
    return month >= 1 && month <= 12;
}

/// Whether the match is the whole of a quoted text, of an XML element, or of what stands between
/// two NULs.
bool isWholeValue(const Candidate& candidate)
{
    constexpr std::string_view before("\"'>\0", 4);
    constexpr std::string_view after("\"'<\0", 4);
    const auto is = [&](std::string_view signs, std::size_t at) {
        return signs.find(static_cast<char>(candidate.window[at])) != signs.npos;
    };
    return candidate.match.begin > 0 && candidate.match.end < candidate.window.size()
        && is(before, candidate.match.begin - 1) && is(after, candidate.match.end);
}

/// Whether a word of four hexadecimal digits begins at `at`.
bool isGroupAt(std::string_view text, std::size_t at)
{
    const auto isHex = [](char character) {
        const auto byte = static_cast<unsigned char>(character);
        return std::isxdigit(byte) != 0;
    };
    const auto endsWord = [&](std::size_t place) {
        return place >= text.size() || std::isalnum(static_cast<unsigned char>(text[place])) == 0;
    };
    return at < text.size() && (at == 0 || endsWord(at - 1)) && endsWord(at + 4)
        && std::ranges::all_of(text.substr(at, 4), isHex);
}

/// Whether groups of four go on before and behind the match, as in a table of codes.
bool isInTable(const Candidate& candidate)
{
    const auto* bytes = reinterpret_cast<const char*>(candidate.window.data());
    const std::string_view text(bytes, candidate.window.size());
    return candidate.match.begin >= 5 && isGroupAt(text, candidate.match.begin - 5)
        && isGroupAt(text, candidate.match.end + 1);
}

} // namespace

/// The number of a payment card: known first digits, right length, Luhn. Where nothing says "card",
/// a part of a table is none, and what is written without gaps and is not all that stands there may
/// be any number: one in fifty random ones looks like a card.
Validation cardValidator(const Candidate& candidate)
{
    const std::string_view text = candidate.secretText();
    const std::string number = digitsOf(text);
    const std::string_view issuer = issuerOf(number);
    if (issuer.empty() || !luhnHolds(number)
        || std::set<char>(number.begin(), number.end()).size() < 4)
        return {.proof = Proof::Absurd};
    const bool gaps = text.size() > number.size();
    const bool nameIsPart = candidate.secret.begin > candidate.match.begin;
    const bool named = nameIsPart
        || hasWordBefore(candidate, {"card", "pan", "cc_", "ccnum", "credit", "visa", "payment"},
                         64);
    if (!named && (gaps ? isInTable(candidate) : !isWholeValue(candidate)))
        return {.proof = Proof::Absurd};
    Validation validation;
    validation.title = std::string(issuer) + " card number";
    validation.identity = shownCard(issuer, number);
    validation.confidence = gaps || named ? Confidence::Likely : Confidence::Possible;
    if (isTestNumber(number)) {
        validation.severity = Severity::Info;
        validation.title += ", published for tests";
    }
    return validation;
}

/// A track of a magnetic stripe: number and expiry as groups 1 and 2.
Validation cardtrackValidator(const Candidate& candidate)
{
    const std::string_view number = candidate.group(1);
    const std::string_view issuer = issuerOf(number);
    if (!luhnHolds(number) || !isExpiry(candidate.group(2)))
        return {.proof = Proof::Absurd};
    Validation validation;
    validation.identity = shownCard(issuer.empty() ? "unknown scheme" : issuer, number);
    if (isTestNumber(number))
        validation.severity = Severity::Info;
    return validation;
}

/// Length by country, and the number modulo 97 must be 1 (ISO 13616).
Validation ibanValidator(const Candidate& candidate)
{
    struct Country {
        std::string_view code;
        std::size_t length;
    };
    static constexpr auto countries = std::to_array<Country>(
        {{"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16},
         {"BG", 22}, {"BH", 22}, {"BR", 29}, {"BY", 28}, {"CH", 21}, {"CR", 22}, {"CY", 28},
         {"CZ", 24}, {"DE", 22}, {"DK", 18}, {"DO", 28}, {"EE", 20}, {"EG", 29}, {"ES", 24},
         {"FI", 18}, {"FO", 18}, {"FR", 27}, {"GB", 22}, {"GE", 22}, {"GI", 23}, {"GL", 18},
         {"GR", 27}, {"GT", 28}, {"HR", 21}, {"HU", 28}, {"IE", 22}, {"IL", 23}, {"IQ", 23},
         {"IS", 26}, {"IT", 27}, {"JO", 30}, {"KW", 30}, {"KZ", 20}, {"LB", 28}, {"LC", 32},
         {"LI", 21}, {"LT", 20}, {"LU", 20}, {"LV", 21}, {"MC", 27}, {"MD", 24}, {"ME", 22},
         {"MK", 19}, {"MR", 27}, {"MT", 31}, {"MU", 30}, {"NL", 18}, {"NO", 15}, {"PK", 24},
         {"PL", 28}, {"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22}, {"SA", 24},
         {"SC", 31}, {"SE", 24}, {"SI", 19}, {"SK", 24}, {"SM", 27}, {"SV", 28}, {"TL", 23},
         {"TN", 24}, {"TR", 26}, {"UA", 29}, {"VA", 22}, {"VG", 24}, {"XK", 20}});
    std::string number;
    for (const char c : candidate.matchText())
        if (c != ' ')
            number += c;
    const auto country = std::find_if(countries.begin(), countries.end(), [&](const auto& one) {
        return number.starts_with(one.code);
    });
    if (country == countries.end() || number.size() != country->length)
        return {.proof = Proof::Absurd};
    std::rotate(number.begin(), number.begin() + 4, number.end());
    unsigned rest = 0;
    for (const char c : number)
        rest = c <= '9' ? (rest * 10 + static_cast<unsigned>(c - '0')) % 97
                        : (rest * 100 + static_cast<unsigned>(c - 'A' + 10)) % 97;
    if (rest != 1)
        return {.proof = Proof::Absurd};
    Validation validation;
    validation.because = "country, length and check digits agree";
    validation.identity = Identity {"country", std::string(country->code)};
    return validation;
}

} // namespace coredact
