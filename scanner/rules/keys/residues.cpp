// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/residues.h"

#include "scanner/base/memoryword.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <optional>
#include <span>

namespace coredact {

namespace {

constexpr std::size_t wordBytes = 8;
constexpr unsigned digitBits = 52;
/// The primes of the shortest modulus that this code serves, RSA-2048, have 20 digits: among them
/// lie sampleWords words of every sampleStride, wherever they begin.
constexpr std::size_t fewestWords = 20;
constexpr std::size_t sampleWords = 8;
constexpr std::size_t sampleStride = (fewestWords - sampleWords) * wordBytes;
/// What of a run is looked at: a window holds so much behind any place.
constexpr std::size_t mostWords = (walkReach - 2 * sampleStride) / wordBytes;
constexpr std::size_t longestTable = std::size_t {1} << 16; ///< bytes
constexpr std::size_t mostRuns = 32;

std::uint64_t wordAt(ByteView bytes, std::size_t at)
{
    return littleWord<std::uint64_t>(bytes.data() + at);
}

bool isDigit(std::uint64_t word) { return word != 0 && word >> digitBits == 0; }

/// One random digit in 32 is not, and no address of a program is.
bool isLarge(std::uint64_t word) { return word >> 47 != 0; }

/// Of random digits hardly a byte is zero, and neighbours are far apart: tables of smaller numbers
/// and of addresses in order are neither.
bool looksRandom(std::span<const std::uint64_t> words)
{
    std::bitset<256> tops;
    std::size_t zeros = 0;
    std::size_t large = 0;
    for (const std::uint64_t word : words) {
        large += isLarge(word) ? 1 : 0;
        tops.set(word >> (digitBits - 8));
        for (unsigned byte = 0; byte < digitBits / 8; ++byte)
            zeros += (word >> 8 * byte & 0xff) == 0 ? 1 : 0;
    }
    return large >= words.size() / 2 && zeros <= words.size() / 2
        && tops.count() >= words.size() / 2 + 1;
}

bool isSample(ByteView bytes, std::size_t at)
{
    std::array<std::uint64_t, sampleWords> words {};
    for (std::size_t i = 0; i < sampleWords; ++i) {
        words[i] = wordAt(bytes, at + i * wordBytes);
        if (!isDigit(words[i]))
            return false;
    }
    return looksRandom(words);
}

BigNumber numberOfDigits(std::span<const std::uint64_t> digits)
{
    SecretBytes bytes((digits.size() * digitBits + 7) / 8 + wordBytes);
    for (std::size_t i = 0; i < digits.size(); ++i)
        for (unsigned bit = 0; bit < digitBits; bit += 4) {
            const std::size_t place = i * digitBits + bit;
            const unsigned half = digits[i] >> bit & 15U;
            bytes[place / 8] = static_cast<std::uint8_t>(bytes[place / 8] | half << place % 8);
        }
    return BigNumber::fromLittleEndian(bytes);
}

std::optional<BigNumber> commonPrime(const BigNumber& multiple, const BigNumber& n)
{
    BigNumber divisor = multiple.greatestCommonDivisor(n);
    if (divisor.bits() > 1 && divisor < n)
        return divisor;
    return std::nullopt;
}

/// No factor of a modulus is small.
bool sharesPrime(const BigNumber& multiple, const BigNumber& product)
{
    return !multiple.isZero() && multiple.greatestCommonDivisor(product % multiple).bits() > 1;
}

/// Words as entries of a table for primes of so many digits; those for both primes take turns.
class TableWords {
public:
    TableWords(std::span<const std::uint64_t> words, std::size_t digits)
        : m_words(words)
        , m_digits(digits)
        , m_step(2 * digits)
        , m_power(BigNumber::powerOfTwo(static_cast<unsigned>(digits * digitBits)))
    {
    }

    /// A prime of n that the words give away.
    std::optional<BigNumber> primeOf(const BigNumber& n) const
    {
        for (std::size_t at = 0; at < m_step && at + m_digits <= m_words.size(); ++at) {
            if (!mayBeEntry(at))
                continue;
            if (auto prime = commonPrime(m_power - entry(at), n))
                return prime;
            if (holds(at, 3))
                if (auto prime = commonPrime(multiple(at), n))
                    return prime;
        }
        return std::nullopt;
    }

    /// Whether the words give away a prime of one of the moduli that `product` is of: one division
    /// of it is less work than a greatest divisor for each of them.
    bool givePrimeAwayOf(const BigNumber& product) const
    {
        for (std::size_t at = 0; at < m_step && at + m_digits <= m_words.size(); ++at)
            if (mayBeEntry(at)
                && (sharesPrime(m_power - entry(at), product)
                    || (holds(at, 3) && sharesPrime(multiple(at), product))))
                return true;
        return false;
    }

    /// Both primes, where there are entries enough to need no modulus.
    std::optional<std::pair<BigNumber, BigNumber>> primes(unsigned bits) const
    {
        for (std::size_t at = 0; at < m_digits; ++at)
            if (auto first = commonDivisor(at, bits))
                if (auto second = commonDivisor(at + m_digits, bits))
                    return std::pair {std::move(*first), std::move(*second)};
        return std::nullopt;
    }

private:
    bool holds(std::size_t at, std::size_t entries) const
    {
        return at + (entries - 1) * m_step + m_digits <= m_words.size();
    }
    bool mayBeEntry(std::size_t at) const { return looksRandom(m_words.subspan(at, m_digits)); }
    BigNumber entry(std::size_t at) const { return numberOfDigits(m_words.subspan(at, m_digits)); }
    /// Of the prime, from three entries.
    BigNumber multiple(std::size_t at) const
    {
        const BigNumber middle = entry(at + m_step);
        return middle * middle - entry(at) * entry(at + 2 * m_step);
    }
    /// What the multiples have in common, where it has the size of a prime: those of other
    /// numbers have hardly anything.
    std::optional<BigNumber> commonDivisor(std::size_t at, unsigned bits) const
    {
        constexpr std::size_t enough = 6;
        if (!holds(at, enough) || !mayBeEntry(at))
            return std::nullopt;
        BigNumber divisor = multiple(at);
        for (std::size_t i = 1; i + 2 < enough && divisor.bits() >= bits; ++i)
            divisor = divisor.greatestCommonDivisor(multiple(at + i * m_step));
        // By chance they have a small factor in common, too.
        for (const std::uint64_t factor : {2U, 3U, 5U, 7U, 11U, 13U, 17U, 19U, 23U, 29U, 31U})
            while (divisor.bits() > bits && divisor.remainder(factor) == 0)
                divisor = *divisor.dividedBy(BigNumber(factor));
        if (divisor.bits() != bits || !divisor.isOdd())
            return std::nullopt;
        return divisor;
    }

    std::span<const std::uint64_t> m_words;
    std::size_t m_digits;
    std::size_t m_step;
    BigNumber m_power;
};

/// Of a prime of so many bits.
std::size_t digitsOf(std::size_t bits) { return (bits + digitBits - 1) / digitBits; }

/// A modulus with one of its primes.
struct Given {
    BigNumber n;
    BigNumber e;
    BigNumber prime;
};

/// Moduli whose primes have so many digits, and their product.
struct Alike {
    std::vector<const PublicRsa*> moduli;
    BigNumber product {1};
};
using ByDigits = std::map<std::size_t, Alike>;

ByDigits byDigits(const std::vector<PublicRsa>& moduli)
{
    ByDigits all;
    for (const PublicRsa& one : moduli) {
        Alike& alike = all[digitsOf(one.n.bits() / 2)];
        alike.moduli.push_back(&one);
        alike.product = alike.product * one.n;
    }
    return all;
}

std::optional<Given> givenAway(std::span<const std::uint64_t> words, const ByDigits& all)
{
    for (const auto& [digits, alike] : all) {
        const TableWords table(words, digits);
        if (!table.givePrimeAwayOf(alike.product))
            continue;
        for (const PublicRsa* one : alike.moduli)
            if (auto prime = table.primeOf(one->n))
                return Given {one->n, one->e, std::move(*prime)};
    }
    for (const unsigned bits : {1024U, 1536U, 2048U})
        if (auto primes = TableWords(words, digitsOf(bits)).primes(bits))
            return Given {primes->first * primes->second, BigNumber(65537),
                          std::move(primes->first)};
    return std::nullopt;
}

} // namespace

void ResidueSearch::look(const Window& window)
{
    constexpr std::size_t size = sampleWords * wordBytes;
    for (std::size_t at = alignedFresh(window, wordBytes);
         at < window.freshEnd && at + size <= window.bytes.size(); at += sampleStride)
        if (isSample(window.bytes, at))
            add(window, at);
}

void ResidueSearch::add(const Window& window, std::size_t sample)
{
    std::size_t begin = sample;
    while (begin >= wordBytes && isDigit(wordAt(window.bytes, begin - wordBytes))) {
        begin -= wordBytes;
        if (sample - begin >= sampleStride)
            return; // an earlier sample was in it
    }
    Run run;
    std::size_t end = begin;
    while (window.bytes.size() - end >= wordBytes && run.words.size() < mostWords
           && isDigit(wordAt(window.bytes, end))) {
        run.words.push_back(wordAt(window.bytes, end));
        end += wordBytes;
    }
    if (run.words.size() < fewestWords)
        return;
    run.places = window.map->fileRanges(begin, end);
    m_runs.emplace(run.places.front().first(), std::move(run));
    keepFirst(m_runs, mostRuns);
}

void ResidueSearch::join(ResidueSearch& other)
{
    m_runs.merge(other.m_runs);
    keepFirst(m_runs, mostRuns);
}

std::vector<ResidueSearch::Found> ResidueSearch::proven(const std::vector<PublicRsa>& moduli,
                                                        const Source& source) const
{
    std::vector<Found> found;
    const ByDigits all = m_runs.empty() ? ByDigits() : byDigits(moduli);
    for (const auto& [place, run] : m_runs)
        if (auto given = givenAway(run.words, all))
            found.push_back({wholeRun(run, source), std::move(given->n), std::move(given->e),
                             std::move(given->prime)});
    return found;
}

/// With what goes on in the file where no window held all of it.
std::vector<FileRange> ResidueSearch::wholeRun(const Run& run, const Source& source)
{
    std::vector<FileRange> places = run.places;
    if (run.words.size() < mostWords)
        return places;
    const FileRange last = places.back();
    std::uint64_t size = last.size();
    std::array<std::uint8_t, wordBytes> word {};
    while (size < longestTable && source.readAt(last.first() + size, word).ok()
           && isDigit(wordAt(word, 0)))
        size += wordBytes;
    places.back() = *FileRange::make(last.first(), size);
    return places;
}

} // namespace coredact
