// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/ciphers/foldedcamellia.h"

#include "scanner/rules/ciphers/camelliasubkeys.h"

#include <array>
#include <bit>
#include <utility>
#include <vector>

namespace coredact {

namespace {

using enum CamelliaPart;

/// Subkeys of 64 bits; the second and the last are not among those that are kept.
using Subkeys = std::vector<std::uint64_t, WipingAllocator<std::uint64_t>>;

constexpr std::size_t group = 8; ///< six rounds, then two subkeys of FL and its inverse
constexpr std::size_t firstRound = 2;
/// Subkeys that FL and its inverse have stay as they are, and are parts of the key.
constexpr std::size_t firstBetween = 8;

std::uint64_t joined(std::uint32_t high, std::uint32_t low)
{
    return std::uint64_t {high} << 32 | low;
}
std::uint32_t highOf(std::uint64_t word) { return static_cast<std::uint32_t>(word >> 32); }
std::uint32_t lowOf(std::uint64_t word) { return static_cast<std::uint32_t>(word & 0xffffffff); }

/// What becomes of a subkey on the other side of FL or its inverse with this key.
std::uint64_t moved(std::uint64_t subkey, std::uint64_t key)
{
    const std::uint32_t high = highOf(subkey) ^ (lowOf(subkey) & ~lowOf(key));
    return joined(high, lowOf(subkey) ^ std::rotl(high & highOf(key), 1));
}

/// Works the second subkey, and the last, into the others.
void absorbWhitening(Subkeys& keys)
{
    const std::size_t last = keys.size() - 1;
    std::uint64_t whitening = keys[1];
    for (std::size_t at = 0; at < last - 1; at += group) {
        if (at > 0)
            whitening = moved(whitening, keys[at + 1]);
        for (const std::size_t round : {3U, 5U, 7U})
            keys[at + round] ^= whitening;
    }
    keys[last - 1] ^= whitening;
    whitening = keys[last];
    for (std::size_t at = last - 1; at > 0; at -= group) {
        for (const std::size_t before : {2U, 4U, 6U})
            keys[at - before] ^= whitening;
        if (at > group)
            whitening = moved(whitening, keys[at - group]);
    }
    keys[0] ^= whitening;
}

/// From the subkeys of RFC 3713 what libraries keep.
Subkeys folded(Subkeys keys)
{
    absorbWhitening(keys);
    const std::size_t whitening = keys.size() - 2; // the first of the two at the end
    Subkeys kept(keys.size());
    kept[0] = keys[0] ^ keys[firstRound];
    kept[whitening] = keys[whitening] ^ keys[whitening - 1];
    for (std::size_t i = firstRound; i < whitening; ++i) {
        const std::size_t inGroup = i % group;
        if (inGroup < firstRound) {
            kept[i] = keys[i];
            continue;
        }
        // A round has the subkeys of its neighbours, also across FL and its inverse.
        if (i > firstRound)
            kept[i] = inGroup == firstRound ? moved(keys[i - 3], keys[i - 1]) : keys[i - 1];
        if (i + 1 < whitening)
            kept[i] ^= inGroup == group - 1 ? moved(keys[i + 3], keys[i + 1]) : keys[i + 1];
    }
    return kept;
}

/// How a library lays them out.
struct Order {
    bool isBackwards = false;
    bool isInWords = false; ///< of 32 bits
    bool isFromThird = false;
};
constexpr std::array orders {Order {}, Order {true, false, false}, Order {false, true, true}};

/// The subkeys as they stand in bytes, from the one on that the order begins with.
class Kept {
public:
    Kept(ByteView bytes, Order order, std::size_t count)
        : m_bytes(bytes)
        , m_order(order)
        , m_count(count)
    {
    }
    std::size_t size() const { return 8 * (m_count - (m_order.isFromThird ? 3 : 2)); }
    bool isThere() const { return m_bytes.size() >= size(); }
    std::uint64_t operator[](std::size_t subkey) const
    {
        std::size_t place = subkey == 0 ? 0 : subkey - 1;
        if (m_order.isBackwards)
            place = m_count - 3 - place;
        if (m_order.isFromThird)
            place -= 1;
        const auto word = littleWord<std::uint64_t>(m_bytes.data() + 8 * place);
        return m_order.isInWords ? std::rotl(word, 32) : word;
    }
    CamelliaWhole whole(std::size_t first, unsigned turn) const
    {
        return camelliaTurned({(*this)[first], (*this)[first + 1]}, 128 - turn);
    }
    bool areAll(const Subkeys& kept) const
    {
        for (std::size_t i = m_order.isFromThird ? firstRound : 0; i + 1 < kept.size(); ++i)
            if (i != 1 && (*this)[i] != kept[i])
                return false;
        return true;
    }

private:
    ByteView m_bytes;
    Order m_order;
    std::size_t m_count;
};

/// The parts of the key where a subkey says that they are of one: two of its neighbours' subkeys,
/// in which whitening cancels out.
std::optional<CamelliaValues> shortValues(const Kept& kept)
{
    const CamelliaWhole mixed = kept.whole(firstBetween, 30);
    const CamelliaWhole left = kept.whole(firstBetween + group, 77);
    if (kept[3] != (mixed.high ^ camelliaTurned(left, 15).high))
        return std::nullopt;
    return CamelliaValues {left, std::nullopt, mixed, std::nullopt};
}

std::optional<CamelliaValues> longValues(const Kept& kept)
{
    const CamelliaWhole right = kept.whole(firstBetween, 30);
    const CamelliaWhole left = kept.whole(firstBetween + group, 60);
    const CamelliaWhole mixed = kept.whole(firstBetween + 2 * group, 77);
    const CamelliaWhole third = camelliaTurned(right, 15);
    if (kept[5] != (third.high ^ camelliaTurned(mixed, 15).high))
        return std::nullopt;
    const CamelliaWhole second {kept[3] ^ third.high, kept[4] ^ third.low};
    return CamelliaValues {left, right, mixed, second};
}

Subkeys subkeysOf(const CamelliaValues& values, CamelliaLayout layout)
{
    Subkeys keys;
    for (std::size_t i = 0; i < layout.size(); ++i) {
        const CamelliaWhole both = camelliaSubkeys(values, layout, i);
        keys.push_back(both.high);
        keys.push_back(both.low);
    }
    return keys;
}

std::vector<SecretBytes> layoutsOf(const Subkeys& kept)
{
    SecretBytes forwards;
    putLittle(forwards, kept[0]);
    SecretBytes words;
    for (std::size_t i = firstRound; i + 1 < kept.size(); ++i) {
        putLittle(forwards, kept[i]);
        putLittle(words, std::rotl(kept[i], 32));
    }
    SecretBytes backwards;
    for (std::size_t i = kept.size() - 2; i >= firstRound; --i)
        putLittle(backwards, kept[i]);
    putLittle(backwards, kept[0]);
    return {std::move(forwards), std::move(backwards), std::move(words)};
}

} // namespace

std::optional<FoldedCamellia> foldedCamelliaAt(ByteView bytes)
{
    for (const CamelliaLayout layout : {shortCamellia(), longCamellia()})
        for (const Order& order : orders) {
            const Kept kept(bytes, order, 2 * layout.size());
            if (!kept.isThere())
                continue;
            const bool isLong = layout.size() == longCamellia().size();
            const auto values = isLong ? longValues(kept) : shortValues(kept);
            if (!values)
                continue;
            const Subkeys computed = folded(subkeysOf(*values, layout));
            if (!kept.areAll(computed))
                continue;
            SecretBytes apart;
            if (order.isFromThird)
                putLittle(apart, std::rotl(computed[0], 32));
            return FoldedCamellia {
                {kept.size(), camelliaKey(*values)}, layoutsOf(computed), std::move(apart)};
        }
    return std::nullopt;
}

} // namespace coredact
