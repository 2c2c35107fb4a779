// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/rsafragments.h"

#include "scanner/rules/anchors/tables.h"
#include "scanner/rules/byteanchor.h"
#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/base64lines.h"
#include "scanner/rules/keys/der.h"
#include "scanner/rules/keys/rsakey.h"

#include <algorithm>
#include <array>
#include <map>

namespace coredact {

namespace {

/// What stands behind a modulus, which is public. Those of the hundred roots of a TLS client are
/// half as long as others' moduli, and would be tried as their exponents.
constexpr std::string_view publicExponent("\x02\x03\x01\x00\x01", 5);
/// Trying so many takes some seconds. A server that holds 40 keys needs 150.
constexpr std::uint64_t mostTries = std::uint64_t {1} << 14;
constexpr std::uint64_t triesOfUnusual = 16; ///< what a modulus with an unusual exponent costs
constexpr unsigned smallExponentBits = 17; ///< nearly every key has 65537
constexpr std::size_t mostFragments = std::size_t {1} << 16;
constexpr std::uint64_t divisionsOfExponent = 16; ///< what it costs to see whether one may be d

/// Primes whose product fits a word.
struct PrimeGroup {
    std::uint64_t product = 1;
    std::vector<std::uint64_t> primes;
};

/// All primes that a number below a small exponent may have, in groups.
const std::vector<PrimeGroup>& smallPrimes()
{
    static const std::vector<PrimeGroup> groups = [] {
        constexpr std::uint64_t end = std::uint64_t {1} << smallExponentBits;
        std::vector<bool> composite(end);
        std::vector<PrimeGroup> made(1);
        for (std::uint64_t prime = 2; prime < end; ++prime) {
            if (composite[prime])
                continue;
            for (std::uint64_t multiple = prime * prime; multiple < end; multiple += prime)
                composite[multiple] = true;
            if (made.back().product > ~std::uint64_t {0} / prime)
                made.emplace_back();
            made.back().product *= prime;
            made.back().primes.push_back(prime);
        }
        return made;
    }();
    return groups;
}

/// What divides the number and is below `limit`, from the smallest on.
std::vector<std::uint64_t> divisorsBelow(std::uint64_t limit, const BigNumber& number)
{
    std::vector<std::uint64_t> divisors {1};
    const auto addMultiples = [&](std::uint64_t prime) {
        const std::size_t without = divisors.size();
        for (std::uint64_t power = prime; power < limit && number.remainder(power) == 0;
             power *= prime)
            for (std::size_t i = 0; i < without; ++i)
                if (divisors[i] * power < limit)
                    divisors.push_back(divisors[i] * power);
    };
    for (const PrimeGroup& group : smallPrimes()) {
        if (group.primes.front() >= limit)
            break;
        const std::uint64_t rest = number.remainder(group.product);
        for (const std::uint64_t prime : group.primes)
            if (rest % prime == 0)
                addMultiples(prime);
    }
    std::sort(divisors.begin(), divisors.end());
    return divisors;
}

std::uint64_t wordOf(const BigNumber& small)
{
    std::uint64_t word = 0;
    for (const std::uint8_t byte : small.bigEndian())
        word = word << 8 | byte;
    return word;
}

/// gcd(value, n) when it is a factor.
std::optional<BigNumber> factorIn(const BigNumber& value, const BigNumber& n)
{
    if (value.isZero())
        return std::nullopt;
    BigNumber divisor = value.greatestCommonDivisor(n);
    if (divisor.bits() < 2 || divisor == n)
        return std::nullopt;
    return divisor;
}

/// 63 bits of a/n, for a below n.
std::uint64_t fractionOf(const BigNumber& a, const BigNumber& n)
{
    const BigNumber shifted = a * BigNumber::powerOfTwo(63);
    return wordOf(*(shifted - shifted % n).dividedBy(n));
}

/// For d = e^-1 mod (p-1)(q-1)/g, g·e·d is g above a multiple of (p-1)(q-1) = n - p - q + 1, and
/// that multiple is below g·e: so mod n it lies below n by little more than a prime's size. Then
/// e·d/n is so near to a fraction over g that this, or what it reduces to, is a convergent of it
/// (Legendre), whatever g is.
bool mayBeExponent(const BigNumber& n, const BigNumber& e, const BigNumber& d)
{
    // Of g: 63 bits tell twice as many apart.
    constexpr std::uint64_t greatest = std::uint64_t {1} << 30;
    const BigNumber product = (e * d) % n;
    const auto isNear = [&](std::uint64_t g) {
        const BigNumber distance = n - (product * BigNumber(g)) % n;
        return distance.bits() <= n.bits() / 2 + e.bits() + 12;
    };
    // The continued fraction of the first bits.
    std::uint64_t above = std::uint64_t {1} << 63;
    std::uint64_t below = fractionOf(product, n);
    std::uint64_t before = 0;
    std::uint64_t denominator = 1;
    while (denominator <= greatest) {
        if (isNear(denominator))
            return true;
        if (below == 0 || above / below > greatest)
            return false;
        const std::uint64_t next = above / below * denominator + before;
        before = denominator;
        denominator = next;
        const std::uint64_t rest = above % below;
        above = below;
        below = rest;
    }
    return false;
}

/// Positions where an INTEGER may begin with a length of 126 bytes and more, or of 62 to 65 as the
/// halves of the smallest keys have.
std::vector<std::uint32_t> headsIn(ByteView bytes, std::size_t from, std::size_t to)
{
    using namespace std::string_view_literals;
    static const std::array anchors {
        anchorOf("\x02\x80\0\0"sv, "\xff\xfc\0\0"sv, 0, nullptr),
        anchorOf("\x02\x40\0\0"sv, "\xff\xfe\0\0"sv, 0, nullptr),
        // One in 256 exponents is a byte shorter.
        anchorOf("\x02\x7e\0\0"sv, "\xff\xfe\0\0"sv, 0, nullptr),
        anchorOf("\x02\x3e\0\0"sv, "\xff\xfe\0\0"sv, 0, nullptr),
    };
    static const AnchorTables tables(std::vector<Anchor>(anchors.begin(), anchors.end()));
    std::vector<std::uint32_t> positions;
    if (bytes.size() > 3)
        anchorKernels().back().kernel(tables, bytes, from, std::min(to, bytes.size() - 3),
                                      positions);
    return positions;
}

bool isSize(std::size_t size, std::size_t wanted) { return size + 3 >= wanted && size <= wanted; }

/// The prime p of which `dp` is d mod p-1, when one prime is known: at the cost of a division.
std::optional<BigNumber> primeOfCrtExponent(const PublicRsa& modulus, const BigNumber& prime,
                                            const BigNumber& dp)
{
    const BigNumber one(1);
    for (const BigNumber& p : {prime, modulus.n.dividedBy(prime).value_or(prime)})
        if ((modulus.e * dp) % (p - one) == one)
            return p;
    return std::nullopt;
}

} // namespace

std::vector<BigNumber> primesFromCrtExponent(std::uint64_t e, const BigNumber& dp)
{
    // Which multiple it is follows from e alone: dp is below p-1, so it is below e.
    const BigNumber one(1);
    const BigNumber multiple = BigNumber(e) * dp - one;
    std::vector<BigNumber> primes;
    for (const std::uint64_t factor : divisorsBelow(e, multiple)) {
        BigNumber prime = *multiple.dividedBy(BigNumber(factor)) + one;
        if (prime.isOdd())
            primes.push_back(std::move(prime));
    }
    return primes;
}

std::optional<BigNumber> primeFromExponent(const BigNumber& n, const BigNumber& e,
                                           const BigNumber& d)
{
    const BigNumber one(1);
    BigNumber odd = e * d - one;
    if (odd.isZero())
        return std::nullopt;
    unsigned twos = 0;
    while (!odd.isOdd()) {
        odd = *odd.dividedBy(BigNumber(2));
        ++twos;
    }
    for (const std::uint64_t base : {2U, 3U, 5U, 7U, 11U, 13U, 17U, 19U}) {
        BigNumber root = BigNumber(base).power(odd, n);
        for (unsigned i = 0; i < twos && !(root == one); ++i) {
            if (auto factor = factorIn(root - one, n))
                return factor;
            root = (root * root) % n;
        }
        if (!(root == one) && !(root == n - one))
            return std::nullopt;
    }
    return std::nullopt;
}

std::optional<BigNumber> primeFromCrtExponent(const BigNumber& n, const BigNumber& e,
                                              const BigNumber& dp)
{
    // 2^(e·dp) is 2 mod p and, but by chance, not mod q.
    const BigNumber two(2);
    return factorIn(two.power(e * dp, n) - two, n);
}

FragmentSearch::FragmentSearch(const std::vector<PublicRsa>& moduli, std::uint64_t divisions)
    : m_moduli(moduli)
    , m_divisions(divisions)
    , m_tries(mostTries)
{
    for (const PublicRsa& modulus : moduli)
        m_sizes.insert(modulus.n.bytes());
}

void FragmentSearch::look(const Window& window)
{
    const ByteView bytes = window.bytes;
    lookIn(bytes, window.freshBegin, window.freshEnd,
           [&](std::size_t begin, std::size_t end) { return window.map->fileRanges(begin, end); });
    forEachBase64Block(window, walkReach, [&](const Base64Lines& lines) {
        lookIn(lines.bytes, 0, lines.bytes.size(), [&](std::size_t begin, std::size_t end) {
            const Span span = lines.span(begin, end);
            return window.map->fileRanges(span.begin, span.end);
        });
    });
}

void FragmentSearch::lookIn(ByteView bytes, std::size_t from, std::size_t to, const Place& place)
{
    for (const std::uint32_t at : headsIn(bytes, from, to)) {
        const auto item = derHeader(bytes, at);
        if (!item || item->end > bytes.size() || item->size() < 60 || item->size() > 2049
            || bytes[item->begin] >= 0x80 || standsAt(bytes, item->end, publicExponent))
            continue;
        const std::size_t begin = item->begin + (bytes[item->begin] == 0 ? 1 : 0);
        const ByteView content = bytes.subspan(begin, item->end - begin);
        if (!looksRandom(content))
            continue;
        Fragment fragment {{}, BigNumber::fromBigEndian(content), std::nullopt, std::nullopt};
        if (!fitsAModulus(fragment.number))
            continue;
        fragment.places = place(begin, item->end);
        m_fragments.push_back(std::move(fragment));
        trim(2 * mostFragments);
    }
}

bool FragmentSearch::fitsAModulus(const BigNumber& number) const
{
    const std::size_t size = number.bytes();
    return std::any_of(m_sizes.begin(), m_sizes.end(), [&](std::size_t wanted) {
        return isSize(size, wanted) || (isSize(size, wanted / 2) && number.isOdd());
    });
}

void FragmentSearch::join(FragmentSearch& other)
{
    std::move(other.m_fragments.begin(), other.m_fragments.end(), std::back_inserter(m_fragments));
    trim(mostFragments);
}

void FragmentSearch::trim(std::size_t limit)
{
    if (m_fragments.size() <= limit)
        return;
    sort();
    m_fragments.resize(mostFragments);
    leaveOut();
}

void FragmentSearch::sort()
{
    std::sort(m_fragments.begin(), m_fragments.end(),
              [](const Fragment& a, const Fragment& b) { return a.places < b.places; });
}

FragmentSearch::Verdict FragmentSearch::prove(const BigNumber& number)
{
    Verdict verdict;
    for (std::size_t i = 0; i < m_moduli.size(); ++i) {
        const auto& [n, e, limbs, selfSigned] = m_moduli[i];
        if (isSize(number.bytes(), n.bytes()) && number < n) {
            if (m_divisions.take(divisionsOfExponent, *this) && mayBeExponent(n, e, number))
                verdict.prime = primeFromExponent(n, e, number);
        } else if (isSize(number.bytes(), n.bytes() / 2) && number.isOdd()) {
            // Certificate authorities' keys are seldom in a dump, and there are many of them.
            verdict.mayBeHalf = verdict.mayBeHalf || !selfSigned;
            if (m_divisions.take(1, *this) && n.dividedBy(number))
                verdict.prime = number;
        }
        if (verdict.prime) {
            verdict.modulus = i;
            break;
        }
    }
    return verdict;
}

void FragmentSearch::proveAll()
{
    std::map<SecretBytes, Verdict> verdicts; // on numbers, of which there are copies
    std::vector<Fragment> left;
    for (Fragment& fragment : m_fragments) {
        const auto [it, isNew] = verdicts.try_emplace(fragment.number.bigEndian());
        if (isNew)
            it->second = prove(fragment.number);
        fragment.modulus = it->second.modulus;
        fragment.prime = it->second.prime;
        if (fragment.prime || it->second.mayBeHalf)
            left.push_back(std::move(fragment));
    }
    m_fragments = std::move(left);
}

bool FragmentSearch::tryAsCrtExponent(Fragment& fragment, const Primes& known)
{
    std::map<std::uint64_t, std::vector<BigNumber>> primesOf; // by public exponent
    for (std::size_t i = 0; i < m_moduli.size(); ++i) {
        const PublicRsa& modulus = m_moduli[i];
        if (!isSize(fragment.number.bytes(), modulus.n.bytes() / 2))
            continue;
        if (modulus.e.bits() <= smallExponentBits) {
            const std::uint64_t e = wordOf(modulus.e);
            const auto [it, isNew] = primesOf.try_emplace(e);
            if (isNew) {
                if (!m_tries.take(1, *this))
                    return false;
                it->second = primesFromCrtExponent(e, fragment.number);
            }
            const auto prime
                = std::find_if(it->second.begin(), it->second.end(),
                               [&](const BigNumber& p) { return modulus.n.dividedBy(p); });
            if (prime != it->second.end())
                fragment.prime = *prime;
        } else if (known[i]) {
            fragment.prime = primeOfCrtExponent(modulus, *known[i], fragment.number);
        } else if (!modulus.selfSigned) {
            if (!m_tries.take(triesOfUnusual, *this))
                return false;
            fragment.prime = primeFromCrtExponent(modulus.n, modulus.e, fragment.number);
        }
        if (fragment.prime) {
            fragment.modulus = i;
            return true;
        }
    }
    return false;
}

std::vector<FragmentSearch::Fragment> FragmentSearch::proven()
{
    trim(mostFragments);
    sort();
    proveAll();
    Primes known(m_moduli.size());
    for (const Fragment& fragment : m_fragments)
        if (fragment.prime)
            known[*fragment.modulus] = fragment.prime;
    std::vector<Fragment> proven;
    for (Fragment& fragment : m_fragments)
        if (fragment.prime || tryAsCrtExponent(fragment, known))
            proven.push_back(std::move(fragment));
    m_fragments.clear();
    return proven;
}

} // namespace coredact
