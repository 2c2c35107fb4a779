// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/dsaremains.h"

#include "scanner/rules/keys/der.h"
#include "scanner/rules/keys/derkey.h"
#include "scanner/rules/keys/heldlog.h"
#include "scanner/rules/keys/numberkeys.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::size_t leastBytes = 64; ///< of g and p; one in 2^64 keys has a shorter g
constexpr std::size_t mostBytes = 2049;

BigNumber numberOf(ByteView bytes, const DerItem& item)
{
    return BigNumber::fromBigEndian(bytes.subspan(item.begin, item.size()));
}

bool isOfGroup(const DerItem& item)
{
    return item.size() >= leastBytes && item.size() <= mostBytes;
}

/// q, g and x, and y where it stands between them.
struct End {
    DerItem q;
    DerItem g;
    std::optional<DerItem> y;
    DerItem x;
};

std::optional<DerItem> secretBehind(ByteView bytes, const DerItem& wrapped)
{
    const auto x = DerReader(bytes, wrapped.begin, wrapped.end).next(DerTag::Integer);
    return x && x->end == wrapped.end ? x : std::nullopt;
}

std::optional<End> endFrom(ByteView bytes, std::size_t position)
{
    DerReader reader(bytes, position, bytes.size());
    const auto q = reader.next(DerTag::Integer);
    const auto g = q ? reader.next(DerTag::Integer) : std::nullopt;
    if (!g || !isOfGroup(*g))
        return std::nullopt;
    if (const auto wrapped = reader.optional(DerTag::OctetString)) {
        const auto x = secretBehind(bytes, *wrapped);
        return x ? std::optional(End {*q, *g, {}, *x}) : std::nullopt;
    }
    const auto y = reader.next(DerTag::Integer);
    const auto x = y && isOfGroup(*y) ? reader.next(DerTag::Integer) : std::nullopt;
    return x ? std::optional(End {*q, *g, y, *x}) : std::nullopt;
}

/// p when all of it is left before q.
std::optional<DerItem> primeBefore(ByteView bytes, std::size_t end, std::size_t size)
{
    constexpr std::size_t widestHead = 4;
    constexpr std::size_t shorter = 8; // g may be so, and have no zero in front
    for (std::size_t back = size; back <= size + shorter + 1 + widestHead && back <= end; ++back) {
        const auto item = derHeader(bytes, end - back);
        if (item && item->is(DerTag::Integer) && item->end == end && isOfGroup(*item))
            return item;
    }
    return std::nullopt;
}

/// Whether a key that is told as a whole ends with this secret. p begins at `prime`.
bool isPartOfWhole(ByteView bytes, std::size_t prime, const DerItem& secret)
{
    constexpr std::size_t longestHeads = 32;
    for (std::size_t begin = prime - std::min(prime, longestHeads); begin < prime; ++begin) {
        if (bytes[begin] != 0x30)
            continue;
        const auto key = readDerKey(bytes, begin);
        if (key && !key->secrets.empty() && key->secrets.front().end == secret.end)
            return true;
    }
    return false;
}

std::optional<PrivateKey> keyOf(const LogNumbers& numbers)
{
    if (!numbers.p.isZero()) {
        if (!numbers.p.isOdd() || !(numbers.g.power(numbers.q, numbers.p) == BigNumber(1)))
            return std::nullopt;
        return logKeyOf("DSA", numbers);
    }
    PrivateKey key;
    key.name = "DSA";
    key.value = numbers.x.bigEndian();
    return key;
}

} // namespace

std::optional<DsaRemains> readDsaRemains(ByteView bytes, std::size_t position)
{
    const auto end = endFrom(bytes, position);
    if (!end)
        return std::nullopt;
    LogNumbers numbers {{},
                        numberOf(bytes, end->q),
                        numberOf(bytes, end->g),
                        end->y ? numberOf(bytes, *end->y) : BigNumber(),
                        numberOf(bytes, end->x)};
    if (!numbers.q.isOdd() || !isAlmostAsLong(numbers.x, numbers.q)
        || !looksRandom(bytes.subspan(end->x.begin, end->x.size())))
        return std::nullopt;
    if (const auto p = primeBefore(bytes, position, end->g.size())) {
        if (isPartOfWhole(bytes, p->begin, end->x))
            return std::nullopt;
        numbers.p = numberOf(bytes, *p);
    }
    auto key = keyOf(numbers);
    if (!key)
        return std::nullopt;
    return DsaRemains {std::move(*key), {end->x.begin, end->x.end}};
}

} // namespace coredact
