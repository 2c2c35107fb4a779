// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/validators/digits.h"
#include "scanner/rules/validators/verdicts.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

unsigned at(std::string_view digits, std::size_t i)
{
    return static_cast<unsigned>(digits[i] - '0');
}

unsigned last(std::string_view digits) { return at(digits, digits.size() - 1); }

/// The number that the digits write, modulo `modulus`.
unsigned modulo(std::string_view digits, unsigned modulus)
{
    unsigned rest = 0;
    for (std::size_t i = 0; i < digits.size(); ++i)
        rest = (rest * 10 + at(digits, i)) % modulus;
    return rest;
}

bool isDate(unsigned month, unsigned day)
{
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

unsigned two(std::string_view digits, std::size_t i)
{
    return at(digits, i) * 10 + at(digits, i + 1);
}

bool brazilPerson(std::string_view d)
{
    const auto check = [&](std::size_t count) {
        unsigned sum = 0;
        for (std::size_t i = 0; i < count; ++i)
            sum += at(d, i) * static_cast<unsigned>(count + 1 - i);
        return sum * 10 % 11 % 10;
    };
    return d.size() == 11 && check(9) == at(d, 9) && check(10) == at(d, 10);
}

bool brazilCompany(std::string_view d)
{
    if (d.size() != 14)
        return false;
    const unsigned first = weighted(d, {5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2}) % 11;
    const unsigned second = weighted(d, {6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2}) % 11;
    return at(d, 12) == (first < 2 ? 0 : 11 - first) && at(d, 13) == (second < 2 ? 0 : 11 - second);
}

bool netherlands(std::string_view d)
{
    return d.size() == 9 && (weighted(d, {9, 8, 7, 6, 5, 4, 3, 2}) + 10 * last(d)) % 11 == 0;
}

bool poland(std::string_view d)
{
    return d.size() == 11 && (weighted(d, {1, 3, 7, 9, 1, 3, 7, 9, 1, 3}) + last(d)) % 10 == 0
        && isDate(two(d, 2) % 20, two(d, 4));
}

bool bulgaria(std::string_view d)
{
    return d.size() == 10 && weighted(d, {2, 4, 8, 5, 10, 9, 7, 3, 6}) % 11 % 10 == last(d)
        && isDate(two(d, 2) % 20, two(d, 4));
}

bool romania(std::string_view d)
{
    const unsigned rest
        = d.size() == 13 ? weighted(d, {2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9}) % 11 : 0;
    return d.size() == 13 && (rest == 10 ? 1 : rest) == last(d) && isDate(two(d, 3), two(d, 5));
}

bool britishHealth(std::string_view d)
{
    return d.size() == 10 && (weighted(d, {10, 9, 8, 7, 6, 5, 4, 3, 2}) + last(d)) % 11 == 0;
}

bool australiaTax(std::string_view d)
{
    return d.size() == 9 && weighted(d, {1, 4, 3, 7, 5, 8, 6, 9, 10}) % 11 == 0;
}

bool australiaMedicare(std::string_view d)
{
    return (d.size() == 10 || d.size() == 11) && d[0] >= '2' && d[0] <= '6'
        && weighted(d, {1, 3, 7, 9, 1, 3, 7, 9}) % 10 == at(d, 8);
}

/// Verhoeff's check: the group of the five-sided prism's symmetries, and a permutation that each
/// place applies once more.
bool india(std::string_view d)
{
    constexpr std::array<unsigned, 10> permutation {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
    const auto join = [](unsigned a, unsigned b) {
        if (a < 5)
            return b < 5 ? (a + b) % 5 : 5 + (a + b) % 5;
        return b < 5 ? 5 + (a + 5 - b) % 5 : (a + 5 - b) % 5;
    };
    unsigned sum = 0;
    for (std::size_t i = 0; i < d.size(); ++i) {
        unsigned digit = at(d, d.size() - 1 - i);
        for (std::size_t turn = 0; turn < i % 8; ++turn)
            digit = permutation[digit];
        sum = join(sum, digit);
    }
    return d.size() == 12 && d[0] >= '2' && sum == 0;
}

/// ISO 7064, modulus 11 radix 10.
bool hybrid11(std::string_view d)
{
    unsigned rest = 10;
    for (std::size_t i = 0; i + 1 < d.size(); ++i) {
        const unsigned sum = (rest + at(d, i)) % 10;
        rest = 2 * (sum == 0 ? 10 : sum) % 11;
    }
    return (rest + last(d)) % 10 == 1;
}

bool germany(std::string_view d) { return d.size() == 11 && d[0] != '0' && hybrid11(d); }
bool croatia(std::string_view d) { return d.size() == 11 && hybrid11(d); }

bool austria(std::string_view d)
{
    return d.size() == 10
        && (at(d, 0) * 3 + at(d, 1) * 7 + at(d, 2) * 9 + weighted(d.substr(4), {5, 8, 4, 2, 1, 6}))
            % 11
        == at(d, 3);
}

bool belgium(std::string_view d)
{
    if (d.size() != 11)
        return false;
    const unsigned check = two(d, 9);
    const std::string_view number = d.substr(0, 9);
    return 97 - modulo(number, 97) == check || 97 - modulo("2" + std::string(number), 97) == check;
}

bool sweden(std::string_view d)
{
    if (d.size() == 12)
        d.remove_prefix(2);
    return d.size() == 10 && luhnHolds(d) && isDate(two(d, 2), two(d, 4) % 60);
}

bool norway(std::string_view d)
{
    return d.size() == 11 && weighted(d, {3, 7, 6, 1, 8, 9, 4, 5, 2, 1}) % 11 == 0
        && weighted(d, {5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1}) % 11 == 0;
}

bool switzerland(std::string_view d)
{
    return d.size() == 13 && d.starts_with("756")
        && (weighted(d, {1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3}) + last(d)) % 10 == 0;
}

bool czechSlovak(std::string_view d)
{
    const unsigned month = d.size() == 10 ? two(d, 2) % 50 : 0;
    return d.size() == 10 && modulo(d, 11) == 0
        && isDate(month > 20 ? month - 20 : month, two(d, 4));
}

bool portugal(std::string_view d)
{
    const unsigned rest = d.size() == 9 ? weighted(d, {9, 8, 7, 6, 5, 4, 3, 2}) % 11 : 0;
    return d.size() == 9 && last(d) == (rest < 2 ? 0 : 11 - rest);
}

bool turkey(std::string_view d)
{
    if (d.size() != 11 || d[0] == '0')
        return false;
    const unsigned odd = at(d, 0) + at(d, 2) + at(d, 4) + at(d, 6) + at(d, 8);
    const unsigned even = at(d, 1) + at(d, 3) + at(d, 5) + at(d, 7);
    return (odd * 7 + 10 * 10 - even) % 10 == at(d, 9) && (odd + even + at(d, 9)) % 10 == at(d, 10);
}

bool luhnOfNine(std::string_view d) { return d.size() == 9 && luhnHolds(d); }

bool southAfrica(std::string_view d)
{
    return d.size() == 13 && luhnHolds(d) && isDate(two(d, 2), two(d, 4));
}

bool korea(std::string_view d)
{
    return d.size() == 13
        && (11 - weighted(d, {2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5}) % 11) % 10 == last(d)
        && isDate(two(d, 2), two(d, 4));
}

bool japan(std::string_view d)
{
    const unsigned rest = d.size() == 12 ? weighted(d, {6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2}) % 11 : 0;
    return d.size() == 12 && last(d) == (rest < 2 ? 0 : 11 - rest);
}

bool argentina(std::string_view d)
{
    const unsigned rest = d.size() == 11 ? weighted(d, {5, 4, 3, 2, 7, 6, 5, 4, 3, 2}) % 11 : 0;
    return d.size() == 11 && last(d) == (rest == 0 ? 0 : rest == 1 ? 9 : 11 - rest);
}

bool baltic(std::string_view d)
{
    if (d.size() != 11)
        return false;
    unsigned rest = weighted(d, {1, 2, 3, 4, 5, 6, 7, 8, 9, 1}) % 11;
    if (rest == 10)
        rest = weighted(d, {3, 4, 5, 6, 7, 8, 9, 1, 2, 3}) % 11 % 10;
    return rest == last(d) && isDate(two(d, 3), two(d, 5));
}

/// 97 minus the first thirteen digits modulo 97; Corsica's letters stand for numbers.
bool france(std::string_view text)
{
    std::string d;
    for (const char c : text) {
        if (c >= '0' && c <= '9')
            d += c;
        else if (d.size() == 6 && (c == 'A' || c == 'B')) {
            d.back() = '1'; // 2A is 19, 2B is 18
            d += c == 'A' ? '9' : '8';
        }
    }
    return d.size() == 15 && (d[0] == '1' || d[0] == '2')
        && 97 - modulo(d.substr(0, 13), 97) == modulo(d.substr(13), 100);
}

bool spain(std::string_view text)
{
    constexpr std::string_view letters = "TRWAGMYFPDXBNJZSQVHLCKE";
    std::string d;
    if (const std::size_t first = std::string_view("XYZ").find(text[0]);
        first != std::string_view::npos)
        d += static_cast<char>('0' + first);
    d += digitsOf(text);
    return d.size() == 8 && letters[modulo(d, 23)] == text.back();
}

bool chinaResident(std::string_view text)
{
    if (text.size() != 18)
        return false;
    const unsigned rest
        = weighted(text, {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}) % 11;
    const char check = static_cast<char>(text.back() == 'x' ? 'X' : text.back());
    return std::string_view("10X98765432")[rest] == check && isDate(two(text, 10), two(text, 12));
}

bool finland(std::string_view text)
{
    const std::string d = digitsOf(text.substr(0, text.size() - 1));
    return d.size() == 9
        && std::string_view("0123456789ABCDEFHJKLMNPRSTUVWXY")[modulo(d, 31)] == text.back()
        && isDate(two(d, 2), two(d, 0));
}

bool singapore(std::string_view text)
{
    if (text.size() != 9)
        return false;
    unsigned sum = weighted(text.substr(1), {2, 7, 6, 5, 4, 3, 2});
    sum += text[0] == 'T' || text[0] == 'G' ? 4 : text[0] == 'M' ? 3 : 0;
    const std::string_view letters = text[0] == 'S' || text[0] == 'T' ? "JZIHGFEDCBA"
        : text[0] == 'M'                                              ? "KLJNPQRTUWX"
                                                                      : "XWUTRQPNMLK";
    const unsigned rest = text[0] == 'M' ? 10 - sum % 11 : sum % 11;
    return letters[rest] == text.back();
}

bool taiwan(std::string_view text)
{
    constexpr std::string_view letters = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
    const auto region = static_cast<unsigned>(letters.find(text[0])) + 10;
    return text.size() == 10
        && (region / 10 + region % 10 * 9 + weighted(text.substr(1), {8, 7, 6, 5, 4, 3, 2, 1, 1}))
            % 10
        == 0;
}

bool chile(std::string_view text)
{
    const std::string d = digitsOf(text.substr(0, text.size() - 1));
    unsigned sum = 0;
    for (std::size_t i = 0; i < d.size(); ++i)
        sum += at(d, d.size() - 1 - i) * static_cast<unsigned>(2 + i % 6);
    const char check = "0123456789K0"[11 - sum % 11];
    const char written = static_cast<char>(text.back() == 'k' ? 'K' : text.back());
    return (d.size() == 7 || d.size() == 8) && check == written;
}

/// Odd places count by a table of their own.
bool italy(std::string_view text)
{
    constexpr std::array<unsigned, 26> odd {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                            20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
    unsigned sum = 0;
    for (std::size_t i = 0; i < 15; ++i) {
        const char c = text[i];
        const auto value = static_cast<unsigned>(c <= '9' ? c - '0' : c - 'A');
        sum += i % 2 == 0 ? odd[value] : value;
    }
    return static_cast<char>('A' + sum % 26) == text[15];
}

bool mexico(std::string_view text)
{
    unsigned sum = 0;
    for (std::size_t i = 0; i < 17; ++i) {
        const char c = text[i];
        const auto value = static_cast<unsigned>(c <= '9'       ? c - '0'
                                                     : c <= 'N' ? c - 'A' + 10
                                                                : c - 'A' + 11);
        sum += value * static_cast<unsigned>(18 - i);
    }
    return (10 - sum % 10) % 10 == at(text, 17);
}

bool ireland(std::string_view text)
{
    unsigned sum = weighted(text, {8, 7, 6, 5, 4, 3, 2});
    if (text.size() == 9 && text[8] != 'W')
        sum += 9 * static_cast<unsigned>(text[8] - 'A' + 1);
    return "WABCDEFGHIJKLMNOPQRSTUV"[sum % 23] == text[7];
}

/// NPI: Luhn with the prefix of health care in the United States.
bool provider(std::string_view d) { return d.size() == 10 && luhnHolds("80840" + std::string(d)); }

bool drugEnforcement(std::string_view text)
{
    const std::string_view d = text.substr(2);
    return (at(d, 0) + at(d, 2) + at(d, 4) + 2 * (at(d, 1) + at(d, 3) + at(d, 5))) % 10 == at(d, 6);
}

Validation byCheckDigits(bool holds)
{
    if (holds)
        return {.because = "the check digits hold", .confidence = Confidence::Likely};
    return {.proof = Proof::Weak, .because = "the check digits do not hold"};
}

Validation byDigits(const Candidate& candidate, bool (*holds)(std::string_view))
{
    return byCheckDigits(holds(digitsOf(candidate.secretText())));
}

Validation byText(const Candidate& candidate, bool (*holds)(std::string_view))
{
    return byCheckDigits(holds(candidate.secretText()));
}

} // namespace

// One validator for each kind of number.
Validation brazilpersonValidator(const Candidate& c) { return byDigits(c, brazilPerson); }
Validation brazilcompanyValidator(const Candidate& c) { return byDigits(c, brazilCompany); }
Validation netherlandsValidator(const Candidate& c) { return byDigits(c, netherlands); }
Validation polandValidator(const Candidate& c) { return byDigits(c, poland); }
Validation bulgariaValidator(const Candidate& c) { return byDigits(c, bulgaria); }
Validation romaniaValidator(const Candidate& c) { return byDigits(c, romania); }
Validation britishhealthValidator(const Candidate& c) { return byDigits(c, britishHealth); }
Validation australiataxValidator(const Candidate& c) { return byDigits(c, australiaTax); }
Validation australiamedicareValidator(const Candidate& c) { return byDigits(c, australiaMedicare); }
Validation indiaValidator(const Candidate& c) { return byDigits(c, india); }
Validation germanyValidator(const Candidate& c) { return byDigits(c, germany); }
Validation croatiaValidator(const Candidate& c) { return byDigits(c, croatia); }
Validation austriaValidator(const Candidate& c) { return byDigits(c, austria); }
Validation belgiumValidator(const Candidate& c) { return byDigits(c, belgium); }
Validation swedenValidator(const Candidate& c) { return byDigits(c, sweden); }
Validation norwayValidator(const Candidate& c) { return byDigits(c, norway); }
Validation switzerlandValidator(const Candidate& c) { return byDigits(c, switzerland); }
Validation czechslovakValidator(const Candidate& c) { return byDigits(c, czechSlovak); }
Validation portugalValidator(const Candidate& c) { return byDigits(c, portugal); }
Validation turkeyValidator(const Candidate& c) { return byDigits(c, turkey); }
Validation luhnofnineValidator(const Candidate& c) { return byDigits(c, luhnOfNine); }
Validation southafricaValidator(const Candidate& c) { return byDigits(c, southAfrica); }
Validation koreaValidator(const Candidate& c) { return byDigits(c, korea); }
Validation japanValidator(const Candidate& c) { return byDigits(c, japan); }
Validation argentinaValidator(const Candidate& c) { return byDigits(c, argentina); }
Validation balticValidator(const Candidate& c) { return byDigits(c, baltic); }
Validation providerValidator(const Candidate& c) { return byDigits(c, provider); }
Validation franceValidator(const Candidate& c) { return byText(c, france); }
Validation spainValidator(const Candidate& c) { return byText(c, spain); }
Validation chinaresidentValidator(const Candidate& c) { return byText(c, chinaResident); }
Validation finlandValidator(const Candidate& c) { return byText(c, finland); }
Validation singaporeValidator(const Candidate& c) { return byText(c, singapore); }
Validation taiwanValidator(const Candidate& c) { return byText(c, taiwan); }
Validation chileValidator(const Candidate& c) { return byText(c, chile); }
Validation italyValidator(const Candidate& c) { return byText(c, italy); }
Validation mexicoValidator(const Candidate& c) { return byText(c, mexico); }
Validation irelandValidator(const Candidate& c) { return byText(c, ireland); }
Validation drugenforcementValidator(const Candidate& c) { return byText(c, drugEnforcement); }

} // namespace coredact
