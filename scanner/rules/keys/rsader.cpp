// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/rsader.h"

#include "scanner/rules/keys/der.h"
#include "scanner/rules/keys/rsakey.h"

#include <array>

namespace coredact {

namespace {

constexpr std::size_t widestInteger = 2050;

/// The integers that are whole, from the modulus on.
struct Integers {
    std::array<DerItem, 8> items;
    std::array<BigNumber, 8> numbers;
    std::size_t count = 0;
};

Integers readIntegers(ByteView bytes, DerReader reader)
{
    Integers integers;
    while (integers.count < integers.items.size()) {
        const auto item = reader.next(DerTag::Integer);
        if (!item || item->size() == 0 || item->size() > widestInteger
            || bytes[item->begin] >= 0x80)
            break;
        integers.items[integers.count] = *item;
        integers.numbers[integers.count]
            = BigNumber::fromBigEndian(bytes.subspan(item->begin, item->size()));
        ++integers.count;
    }
    return integers;
}

RsaNumbers numbersOf(const Integers& integers)
{
    const auto& numbers = integers.numbers;
    return {numbers[0], numbers[1], numbers[2], numbers[3],
            numbers[4], numbers[5], numbers[6], numbers[7]};
}

/// A whole key: proven, or at least of fitting sizes.
std::optional<PrivateKey> wholeKey(const RsaNumbers& numbers)
{
    if (provesRsa(numbers))
        return rsaPrivateKey(numbers, Confidence::Verified,
                             "p·q equals n, e·d is 1 mod lcm(p-1, "
                             "q-1), and the CRT values follow");
    if (plausibleRsa(numbers))
        return rsaPrivateKey(numbers, Confidence::Likely, {});
    return std::nullopt;
}

/// A key of which only the first integers are sound.
std::optional<PrivateKey> partialKey(const RsaNumbers& numbers)
{
    for (const BigNumber* prime : {&numbers.p, &numbers.q})
        if (prime->bits() >= 128)
            if (const auto complete = rsaFromPrime(numbers.n, numbers.e, *prime))
                return rsaPrivateKey(*complete, Confidence::Verified,
                                     "a prime of it divides the modulus");
    RsaNumbers known = numbers;
    known.p = known.q = known.dp = known.dq = known.qinv = BigNumber();
    if (exponentsMatch(numbers.n, numbers.e, numbers.d)) {
        PrivateKey key = rsaPrivateKey(known, Confidence::Verified,
                                       "the private exponent undoes the public one");
        key.value = numbers.d.bigEndian();
        return key;
    }
    if (numbers.d.bits() * 4 < numbers.n.bits() || !(numbers.d < numbers.n))
        return std::nullopt;
    PrivateKey key = rsaPrivateKey(known, Confidence::Likely, {});
    key.value = numbers.d.bigEndian();
    return key;
}

} // namespace

std::optional<DerKey> readPkcs1(ByteView bytes, std::size_t position)
{
    const auto sequence = derHeader(bytes, position);
    if (!sequence || !sequence->is(DerTag::Sequence) || sequence->size() > maximumDerKey)
        return std::nullopt;
    DerReader reader(bytes, sequence->begin, sequence->end);
    const auto version = reader.next(DerTag::Integer);
    if (!version || version->size() != 1 || bytes[version->begin] > 1)
        return std::nullopt;
    const Integers integers = readIntegers(bytes, reader);
    if (integers.count < 3 || !plausibleRsaPublic(integers.numbers[0], integers.numbers[1]))
        return std::nullopt;
    const RsaNumbers numbers = numbersOf(integers);
    auto key = integers.count == 8 ? wholeKey(numbers) : std::nullopt;
    if (!key)
        key = partialKey(numbers);
    if (!key)
        return std::nullopt;
    DerKey der {DerFamily::Rsa, std::move(*key), {}};
    for (std::size_t i = 2; i < integers.count; ++i)
        der.secrets.push_back({integers.items[i].begin, integers.items[i].end});
    return der;
}

} // namespace coredact
