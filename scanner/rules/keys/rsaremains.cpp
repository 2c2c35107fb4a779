// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/rsaremains.h"

#include "scanner/rules/keys/der.h"
#include "scanner/rules/keys/rsafragments.h"
#include "scanner/rules/keys/rsakey.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

constexpr std::size_t leastBytes = 60; ///< of a prime
constexpr std::size_t mostBytes = 1025;
constexpr std::size_t mostNumbers = 5; ///< p, q, dp, dq, qinv

/// ssh-keygen once made keys with 35 and 37.
constexpr std::array<std::uint64_t, 5> exponents {65537, 3, 17, 35, 37};

bool alike(std::size_t size, std::size_t other) { return size + 3 >= other && other + 3 >= size; }

/// The INTEGER at `position` when it may be one of these numbers.
std::optional<DerItem> numberAt(ByteView bytes, std::size_t position)
{
    const auto item = derHeader(bytes, position);
    if (!item || !item->is(DerTag::Integer) || item->end > bytes.size() || item->size() < leastBytes
        || item->size() > mostBytes || bytes[item->begin] >= 0x80)
        return std::nullopt;
    return item;
}

/// Numbers of one size that stand behind one another, from `position` on.
std::vector<DerItem> numbersFrom(ByteView bytes, std::size_t position)
{
    std::vector<DerItem> numbers;
    while (const auto item = numberAt(bytes, position)) {
        if (!numbers.empty() && !alike(item->size(), numbers.front().size()))
            break;
        numbers.push_back(*item);
        if (numbers.size() > mostNumbers)
            break;
        position = item->end;
    }
    return numbers;
}

/// Whether a number of about this size ends at `position`.
bool endsAt(ByteView bytes, std::size_t position, std::size_t size)
{
    constexpr std::size_t widestHead = 4;
    for (std::size_t back = size; back <= size + 3 + widestHead && back <= position; ++back) {
        const auto item = numberAt(bytes, position - back);
        if (item && item->end == position && alike(item->size(), size))
            return true;
    }
    return false;
}

BigNumber numberOf(ByteView bytes, const DerItem& item)
{
    return BigNumber::fromBigEndian(bytes.subspan(item.begin, item.size()));
}

/// exponent1, exponent2 and coefficient, which any end has, and the primes as far as they are left.
struct End {
    std::optional<BigNumber> p;
    std::optional<BigNumber> q;
    BigNumber dp;
    BigNumber dq;
    BigNumber qinv;
};

bool undoes(std::uint64_t e, const BigNumber& exponent, const BigNumber& prime)
{
    const BigNumber one(1);
    return one < prime && (BigNumber(e) * exponent) % (prime - one) == one;
}

/// The prime that is there when it fits, else all that may be it.
std::vector<BigNumber> primesOf(std::uint64_t e, const BigNumber& exponent,
                                const std::optional<BigNumber>& left)
{
    if (left)
        return undoes(e, exponent, *left) ? std::vector {*left} : std::vector<BigNumber>();
    return primesFromCrtExponent(e, exponent);
}

std::optional<RsaNumbers> numbersOf(const End& end)
{
    for (const std::uint64_t e : exponents) {
        const auto second = primesOf(e, end.dq, end.q);
        if (second.empty())
            continue;
        for (const BigNumber& p : primesOf(e, end.dp, end.p))
            for (const BigNumber& q : second)
                if (end.qinv < p && (end.qinv * q) % p == BigNumber(1))
                    return rsaFromPrime(p * q, BigNumber(e), p);
    }
    return std::nullopt;
}

} // namespace

std::optional<RsaRemains> readRsaRemains(ByteView bytes, std::size_t position)
{
    const std::vector<DerItem> items = numbersFrom(bytes, position);
    const std::size_t count = items.size();
    if (count < 3 || count > mostNumbers || endsAt(bytes, position, items.front().size()))
        return std::nullopt;
    std::vector<BigNumber> numbers;
    RsaRemains remains;
    for (const DerItem& item : items) {
        if (!looksRandom(bytes.subspan(item.begin, item.size())))
            return std::nullopt;
        numbers.push_back(numberOf(bytes, item));
        remains.numbers.push_back({item.begin, item.end});
    }
    End end {{}, {}, numbers[count - 3], numbers[count - 2], numbers[count - 1]};
    if (count > 3)
        end.q = numbers[count - 4];
    if (count > 4)
        end.p = numbers[count - 5];
    const auto key = numbersOf(end);
    if (!key)
        return std::nullopt;
    remains.key = rsaPrivateKey(*key, Confidence::Verified,
                                "the exponents and the coefficient belong to two primes");
    return remains;
}

} // namespace coredact
