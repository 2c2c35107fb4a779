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

/// The word's number in the list; the list is sorted.
std::optional<unsigned> numberOf(std::string_view word)
{
    static const std::vector<std::string_view> words = wordList();
    const auto it = std::lower_bound(words.begin(), words.end(), word);
    if (it == words.end() || *it != word)
        return std::nullopt;
    return static_cast<unsigned>(it - words.begin());
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

} // namespace

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
