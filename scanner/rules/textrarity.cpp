// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/textrarity.h"

#include "scanner/base/ascii.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace coredact {

namespace {

using namespace std::string_view_literals;

// Logarithms, in half bits, of how much rarer something is in names and words than in random
// base64url; by scripts/letterpairs.py from 880,000 names with letters of both cases, the 42,006
// words of three letters or more that 1.5 million names are made of, in libraries, headers, and
// sources in Go, Java, JavaScript and Python, and, counting as much, 225,856 words of what programs
// say in 58 languages.

/// For each letter, how much rarer each other follows it in words: i is as often as in random
/// letters, each letter before i half a bit more often, each behind it half a bit more rarely.
constexpr std::array letterRarities {
    "hffelkhkgjgdfcngndechhkkjj"sv, "gllmgnnogmpgnoimpijnhonrlp"sv, "fmjmgnnfgohijmekqikgjlrpmm"sv,
    "fklhdlmmeonkkkglniililmpnm"sv, "gifeghgkgkgefbkhkbddkhkgkj"sv, "inlmiiopgsqjjmhmrjjkkpqqos"sv,
    "gomneplkhppkmjinshikippros"sv, "gppmgorphpnlmnioqjljkpnror"sv, "fhfgfhgmijhffbfiogdelgoknh"sv,
    "hqrohssslnqqpmkqsqmqlrssss"sv, "fpnngqpmgqkjnlfosjhiinmrop"sv, "elmidllndllflkelpmhhhloqjp"sv,
    "dimldmoofoljimggqmjlhnppos"sv, "elgeeiemekjkkiflpmedhkorjm"sv, "jigglkimikiffcigrdfghhinpm"sv,
    "fnjkfmmjhrmhklfipehiikpplr"sv, "orqnqsssossqqqsqpmnrjsrsso"sv, "dkihbljmdnijhiekohgfhjmpjl"sv,
    "flgkdklhengijkhgljfcfjkojl"sv, "cljlclnhcoljkkejoeggglmmhk"sv, "ihjjikknimjghelioggglmoopm"sv,
    "fnkmfjnpgrqliliilkjllmpppq"sv, "hponjqqojsroomlpsmmposqsno"sv, "mpmnlorplsrpopokrpmjooroqs"sv,
    "kolmlpppmpomklmisnkloqospr"sv, "hppphsqqisppomlpspqomoppno"sv};

enum class Kind : std::uint8_t { Sign, Small, Capital, Digit };

using KindRarities = std::array<std::array<int, 4>, 4>;

/// How much rarer each kind follows another, by what stands before the two.
constexpr std::array<KindRarities, 5> kindRarities {{
    // at the beginning
    {{{{1, 7, -2, 10}}, {{2, -2, 7, 8}}, {{-1, -1, 1, 2}}, {{0, 0, 0, -1}}}},
    // behind a sign
    {{{{-2, -1, 0, 4}}, {{4, -2, 10, 5}}, {{-1, 1, -1, 1}}, {{1, 7, 1, -4}}}},
    // behind a small letter
    {{{{0, -1, 1, 3}}, {{-2, -2, 3, 4}}, {{9, -2, 2, 4}}, {{-1, 2, 3, -4}}}},
    // behind a capital
    {{{{-1, 3, 0, -2}}, {{6, -2, 5, 6}}, {{-4, 3, -1, -1}}, {{-6, 1, 2, -1}}}},
    // behind a digit
    {{{{-4, 2, 0, -1}}, {{1, -2, 10, 1}}, {{5, -2, 1, 7}}, {{-3, 1, -1, 0}}}},
}};

Kind kindOf(char c)
{
    return isSmall(c)  ? Kind::Small
        : isCapital(c) ? Kind::Capital
        : isDigit(c)   ? Kind::Digit
                       : Kind::Sign;
}

std::size_t numberOf(Kind kind) { return static_cast<std::size_t>(kind); }

/// Nothing for a letter twice, whatever the cases, and for a capital behind a small letter, which
/// begins another word.
int letterRarity(char first, char second)
{
    const auto number
        = [](char letter) { return (static_cast<unsigned char>(letter) | 0x20U) - 'a'; };
    return number(first) == number(second) || (isSmall(first) && isCapital(second))
        ? 0
        : letterRarities[number(first)][number(second)] - 'i';
}

/// What two neighbours say for a text that was drawn, in hundredths of a natural logarithm.
int drawnWeight(char first, char second)
{
    constexpr int halfBit = 35;
    if (isLetter(first) && isLetter(second))
        return halfBit * letterRarity(first, second);
    if (isDigit(first) && isDigit(second))
        return -30;
    const bool hasLetter = isLetter(first) || isLetter(second);
    return hasLetter && (isDigit(first) || isDigit(second)) ? 60 : 10;
}

} // namespace

bool isOfNeighbours(std::string_view text)
{
    std::size_t count = 0;
    for (std::size_t i = 1; i < text.size(); ++i) {
        const bool isNext = text[i] == text[i - 1] + 1;
        const bool isOtherCase = isLetter(text[i]) && (text[i] ^ text[i - 1]) == 0x20;
        count += isNext || isOtherCase ? 1 : 0;
    }
    return count * 4 > text.size();
}

int nameRarity(std::string_view text)
{
    if (text.empty())
        return 0;
    const KindRarities* rarities = kindRarities.data();
    Kind before = kindOf(text.front());
    int rarity = 0;
    for (std::size_t i = 1; i < text.size(); ++i) {
        const Kind kind = kindOf(text[i]);
        rarity += (*rarities)[numberOf(before)][numberOf(kind)];
        if (isLetter(text[i - 1]) && isLetter(text[i]))
            rarity += letterRarity(text[i - 1], text[i]);
        rarities = &kindRarities[numberOf(before) + 1];
        before = kind;
    }
    return rarity;
}

bool isLikeNoName(std::string_view text)
{
    constexpr std::size_t shortest = 8;
    constexpr int leastRarity = 10;
    return text.size() >= shortest && std::any_of(text.begin(), text.end(), isSmall)
        && std::any_of(text.begin(), text.end(), isCapital) && nameRarity(text) >= leastRarity
        && !isOfNeighbours(text);
}

bool isOfNoWord(std::string_view text)
{
    constexpr std::size_t shortest = 8;
    constexpr int leastOfOneCase = 14;
    constexpr int leastOfBoth = 4;
    if (text.size() < shortest || !std::all_of(text.begin(), text.end(), isLetter))
        return false;
    const std::string_view rest = text.substr(1); // the first letter may be a capital
    const Kind kind = kindOf(rest.front());
    if (!std::all_of(rest.begin(), rest.end(), [&](char c) { return kindOf(c) == kind; }))
        return nameRarity(text) >= leastOfBoth && !isOfNeighbours(text);
    int rarity = 0;
    for (std::size_t i = 1; i < text.size(); ++i)
        rarity += letterRarity(text[i - 1], text[i]);
    return rarity >= leastOfOneCase;
}

bool isDrawn(std::string_view text)
{
    constexpr std::size_t shortest = 20;
    constexpr int least = 800;
    constexpr int leastForEach = 14;
    if (text.size() < shortest || text.find_first_of(" \\\"") != text.npos)
        return false;
    int sum = 0;
    for (std::size_t i = 1; i < text.size(); ++i)
        sum += drawnWeight(text[i - 1], text[i]);
    return sum >= least && sum >= leastForEach * static_cast<int>(text.size())
        && !isOfNeighbours(text);
}

} // namespace coredact
