// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/namerarity.h"

#include "scanner/base/ascii.h"

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

/// Nothing for a letter twice, whatever the cases.
int letterRarity(char first, char second)
{
    const auto number
        = [](char letter) { return (static_cast<unsigned char>(letter) | 0x20U) - 'a'; };
    return number(first) == number(second) ? 0
                                           : letterRarities[number(first)][number(second)] - 'i';
}

} // namespace

bool isLikeNoName(std::string_view text)
{
    constexpr std::size_t shortest = 12;
    constexpr int leastRarity = 10;
    if (text.size() < shortest)
        return false;
    Kind before = kindOf(text.front());
    bool hasSmall = before == Kind::Small;
    bool hasCapital = before == Kind::Capital;
    const KindRarities* rarities = kindRarities.data();
    int rarity = 0;
    for (std::size_t i = 1; i < text.size(); ++i) {
        const Kind kind = kindOf(text[i]);
        rarity += (*rarities)[numberOf(before)][numberOf(kind)];
        // A capital behind a small letter begins another word.
        if (isLetter(text[i - 1]) && isLetter(text[i])
            && !(before == Kind::Small && kind == Kind::Capital))
            rarity += letterRarity(text[i - 1], text[i]);
        hasSmall = hasSmall || kind == Kind::Small;
        hasCapital = hasCapital || kind == Kind::Capital;
        rarities = &kindRarities[numberOf(before) + 1];
        before = kind;
    }
    return hasSmall && hasCapital && rarity >= leastRarity;
}

bool isOfNoWord(std::string_view text)
{
    constexpr std::size_t shortest = 8;
    constexpr int leastRarity = 14;
    if (text.size() < shortest || !isLetter(text.front()))
        return false;
    const Kind kind = kindOf(text.back());
    int rarity = 0;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (!isLetter(text[i]) || kindOf(text[i]) != kind)
            return false;
        rarity += letterRarity(text[i - 1], text[i]);
    }
    return rarity >= leastRarity;
}

} // namespace coredact
