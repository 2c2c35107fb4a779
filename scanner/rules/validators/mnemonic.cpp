// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/validators/bip39words.h"
#include "scanner/rules/validators/verdicts.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <vector>

#include <openssl/sha.h>

namespace coredact {

namespace {

std::vector<std::string_view> wordList()
{
    std::vector<std::string_view> words;
    std::string_view rest = bip39Words;
    while (!rest.empty()) {
        words.push_back(rest.substr(0, rest.find(' ')));
        rest.remove_prefix(words.back().size() + 1);
    }
    return words;
}

/// The list by what its words begin with: no two have the same four letters there. Most texts are
/// full of its words.
class WordNumbers {
public:
    WordNumbers()
        : m_words(wordList())
    {
        for (std::size_t i = 0; i < m_words.size(); ++i)
            m_numbers[placeOf(m_words[i])] = static_cast<std::uint16_t>(i + 1);
    }

    std::optional<unsigned> of(std::string_view word) const
    {
        if (word.size() < shortest)
            return std::nullopt;
        const unsigned number = m_numbers[placeOf(word)];
        if (number == 0 || m_words[number - 1] != word)
            return std::nullopt;
        return number - 1;
    }

private:
    static constexpr std::size_t shortest = 3;
    static constexpr std::size_t slots = std::size_t {1} << 13;

    /// The slot of a word's first four letters, or the free one that they would have.
    std::size_t placeOf(std::string_view word) const
    {
        const std::uint32_t letters = lettersOf(word);
        std::size_t at = letters * 0x9e3779b1U >> (32 - 13);
        while (m_numbers[at] != 0 && lettersOf(m_words[m_numbers[at] - 1U]) != letters)
            at = (at + 1) % slots;
        return at;
    }
    static std::uint32_t lettersOf(std::string_view word)
    {
        std::uint32_t letters = 0;
        for (std::size_t i = 0; i < 4; ++i)
            letters = letters << 8U | (i < word.size() ? static_cast<std::uint8_t>(word[i]) : 0U);
        return letters;
    }

    std::vector<std::string_view> m_words;
    std::array<std::uint16_t, slots> m_numbers {}; ///< of words, from one on; 0: free
};

/// The word's number in the list.
std::optional<unsigned> numberOf(std::string_view word)
{
    static const WordNumbers numbers;
    return numbers.of(word);
}

struct Word {
    unsigned number = 0;
    Span place;
};

/// The words of the list that the match begins with.
std::vector<Word> leadingWords(const Candidate& candidate)
{
    std::vector<Word> words;
    const std::string_view text = candidate.matchText();
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t begin
            = std::min(text.find_first_of("abcdefghijklmnopqrstuvwxyz", at), text.size());
        const std::size_t end
            = std::min(text.find_first_not_of("abcdefghijklmnopqrstuvwxyz", begin), text.size());
        const auto number = numberOf(text.substr(begin, end - begin));
        if (!number)
            break;
        words.push_back({*number, {candidate.match.begin + begin, candidate.match.begin + end}});
        at = end;
    }
    return words;
}

/// A word gives 11 bits; the last bits of all are the first of SHA-256 of the bits before.
bool checksumHolds(std::span<const Word> words)
{
    const std::size_t bits = words.size() * 11;
    const std::size_t checksum = bits / 33;
    std::array<std::uint8_t, 33> bytes {};
    for (std::size_t i = 0; i < bits; ++i)
        if (words[i / 11].number >> (10 - i % 11) & 1)
            bytes[i / 8] = static_cast<std::uint8_t>(bytes[i / 8] | 0x80U >> i % 8);
    const std::size_t entropyBytes = (bits - checksum) / 8;
    std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest {};
    SHA256(bytes.data(), entropyBytes, digest.data());
    return bytes[entropyBytes] >> (8 - checksum) == digest[0] >> (8 - checksum);
}

/// Word lists and repetitions are no phrases.
bool looksRandom(std::span<const Word> words)
{
    std::set<unsigned> distinct;
    std::size_t rising = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        distinct.insert(words[i].number);
        rising += i > 0 && words[i].number > words[i - 1].number ? 1U : 0U;
    }
    return distinct.size() * 6 >= words.size() * 5 && rising + 2 < words.size();
}

bool isLetter(std::uint8_t byte) { return byte >= 'a' && byte <= 'z'; }

bool isListed(ByteView word)
{
    // By their first three letters most words are told from those of the list.
    static const std::vector<bool> known = [] {
        std::vector<bool> begins(std::size_t {32} * 32 * 32);
        for (const std::string_view one : wordList())
            begins[(one[0] & 31U) << 10 | (one[1] & 31U) << 5 | (one[2] & 31U)] = true;
        return begins;
    }();
    return word.size() >= 3 && word.size() <= 8
        && known[(word[0] & 31U) << 10 | (word[1] & 31U) << 5 | (word[2] & 31U)]
        && numberOf(asText(word));
}

/// One letter more than the longest word of the list has, and as many signs as stand between two.
constexpr std::size_t tooLong = 9;
constexpr std::size_t mostSigns = 4;

/// The first word from `at` on; cut off where it is too long for the list, empty where it is far.
Span wordFrom(ByteView bytes, std::size_t at)
{
    const std::size_t near = std::min(bytes.size(), at + mostSigns);
    while (at < near && !isLetter(bytes[at]))
        ++at;
    Span word {at, at};
    while (word.end < std::min(bytes.size(), at + tooLong) && isLetter(bytes[word.end]))
        ++word.end;
    return word;
}

/// The last word before `end`, in the same way.
Span wordBefore(ByteView bytes, std::size_t end)
{
    const std::size_t near = end - std::min(end, mostSigns);
    while (end > near && !isLetter(bytes[end - 1]))
        --end;
    Span word {end, end};
    while (word.begin > end - std::min(end, tooLong) && isLetter(bytes[word.begin - 1]))
        --word.begin;
    return word;
}

/// How many words around the first whole one from `at` on are in the list, without a gap.
std::size_t listedAround(ByteView bytes, std::size_t at)
{
    const std::size_t near = std::min(bytes.size(), at + tooLong);
    while (at < near && isLetter(bytes[at]))
        ++at;
    const auto listed = [&](const Span& word) {
        return isListed(bytes.subspan(word.begin, word.end - word.begin));
    };
    const Span first = wordFrom(bytes, at);
    std::size_t count = 0;
    for (Span word = first; count < 12 && listed(word); word = wordFrom(bytes, word.end))
        ++count;
    for (Span word = wordBefore(bytes, first.begin); count > 0 && count < 12 && listed(word);
         word = wordBefore(bytes, word.begin))
        ++count;
    return count;
}

} // namespace

/// Whether there are twelve words in a row that are in the list: wherever one looks in the
/// first part of such a row, the next whole word is one of them.
bool bip39Screen(ByteView bytes)
{
    constexpr std::size_t stride = 28; // a row has 47 bytes and more
    for (std::size_t at = 0; at + stride <= bytes.size(); at += stride)
        if (listedAround(bytes, at) >= 12)
            return true;
    return false;
}

/// A recovery phrase of BIP 39, in English. The checksum has four to eight bits, and twelve words
/// in a row that are all in the list say the rest.
Validation bip39Validator(const Candidate& candidate)
{
    const std::vector<Word> words = leadingWords(candidate);
    for (const std::size_t count : {24U, 21U, 18U, 15U, 12U}) {
        for (std::size_t first = 0; first + count <= words.size() && first < 3; ++first) {
            const auto part = std::span(words).subspan(first, count);
            if (!looksRandom(part) || !checksumHolds(part))
                continue;
            Validation validation;
            validation.because = "all words are in the list and the checksum holds";
            validation.identity
                = Identity {"recovery-phrase", "English, " + std::to_string(count) + " words"};
            validation.spans.push_back({part.front().place.begin, part.back().place.end});
            return validation;
        }
    }
    return {.proof = Proof::Absurd};
}

} // namespace coredact
