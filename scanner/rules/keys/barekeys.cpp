// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/barekeys.h"

#include "scanner/base/distinctbytes.h"
#include "scanner/rules/keys/eckey.h"
#include "scanner/rules/keys/okpkey.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace coredact {

namespace {

constexpr std::size_t half = 32;

// Trying so many takes some seconds; a Python process may have ten thousand halves.
constexpr std::size_t mostHalves = 32768;
constexpr std::size_t mostScalars = 8192; ///< of P-256
constexpr std::size_t mostLongScalars = 512; ///< of the others, which take longer

/// By content, each with its first place: copies are found later by the value.
using Distinct = std::map<SecretBytes, std::uint64_t>;

void addDistinct(Distinct& to, const BareString& string, std::size_t most, Bounded& owner)
{
    if (to.size() < most)
        to.emplace(string.bytes, string.address);
    else if (!to.contains(string.bytes))
        owner.leaveOut();
}

/// Pairs of neighbours that stand in the bytes before as well: tables of small numbers, such as
/// Python's of lines and columns, repeat themselves.
std::size_t repeatedPairs(ByteView bytes)
{
    std::set<std::uint16_t> pairs;
    for (std::size_t i = 1; i < bytes.size(); ++i)
        pairs.insert(static_cast<std::uint16_t>(bytes[i - 1] << 8 | bytes[i]));
    return bytes.size() - 1 - pairs.size();
}

SecretBytes copyOf(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

const std::array<const OkpKind*, 2>& okpKinds()
{
    static constexpr std::array<std::uint8_t, 3> x25519 {0x2b, 0x65, 0x6e};
    static const std::array kinds {&ed25519, okpKindByOid(x25519)};
    return kinds;
}

class OkpFinder {
public:
    explicit OkpFinder(const AddressSpace& memory)
        : m_memory(memory)
    {
    }

    /// Whether `isPublic` says so of the public half of what stands at `address`.
    template <typename IsPublic>
    bool tried(std::uint64_t address, ByteView secret, const IsPublic& isPublic)
    {
        for (const OkpKind* kind : okpKinds()) {
            const SecretBytes publicHalf = okpPublicHalf(*kind, secret);
            if (!isPublic(publicHalf))
                continue;
            keys.push_back(
                {okpPrivateKey(*kind, secret, publicHalf), m_memory.fileRanges(address, half)});
            return true;
        }
        return false;
    }

    std::vector<HeldKey> keys;

private:
    const AddressSpace& m_memory;
};

/// The x of points on this curve, the highest byte first.
std::set<SecretBytes> pointsOn(const EcCurve& curve, const std::vector<BareString>& strings,
                               const std::vector<HeldNumber>& numbers)
{
    std::set<SecretBytes> points;
    for (const BareString& string : strings)
        if (string.bytes.size() == 2 * curve.bytes + 1 && string.bytes[0] == 4)
            points.insert(copyOf(ByteView(string.bytes).subspan(1, curve.bytes)));
    for (const HeldNumber& number : numbers)
        if (number.foreign && number.value.bytes() <= curve.bytes
            && number.value.bits() + 64 > curve.bytes * 8)
            points.insert(number.value.bigEndian(curve.bytes));
    return points;
}

} // namespace

bool mayBeBareKey(ByteView bytes)
{
    // Of random keys of 32 bytes one in some thousands has less different bytes, less of the upper
    // half, more small ones, or more repeated pairs.
    constexpr std::size_t fewestDistinct = 23;
    const auto count = [&](auto is) {
        return static_cast<std::size_t>(std::count_if(bytes.begin(), bytes.end(), is));
    };
    return count([](std::uint8_t byte) { return byte >= 0x80; }) * 16 >= bytes.size() * 3
        && count([](std::uint8_t byte) { return byte < 0x20; }) * 8 <= bytes.size() * 3
        && looksRandom(bytes) && distinctBytes(bytes) >= fewestDistinct
        && repeatedPairs(bytes) <= (bytes.size() + 16) / 32;
}

std::vector<HeldKey> bareOkpKeys(const std::vector<BareString>& strings, const AddressSpace& memory,
                                 Bounded& owner)
{
    Distinct pairs;
    Distinct singles;
    for (const BareString& string : strings) {
        if (string.bytes.size() == half)
            addDistinct(singles, string, mostHalves, owner);
        else if (string.bytes.size() == 2 * half)
            addDistinct(pairs, string, mostHalves / 2, owner);
    }
    OkpFinder finder(memory);
    for (const auto& [bytes, address] : pairs) {
        const SecretBytes first = copyOf(ByteView(bytes).first(half));
        const SecretBytes second = copyOf(ByteView(bytes).last(half));
        const auto is = [](const SecretBytes& wanted) {
            return [&](const SecretBytes& publicHalf) { return publicHalf == wanted; };
        };
        if (!finder.tried(address, first, is(second)))
            finder.tried(address + half, second, is(first));
    }
    for (const auto& [bytes, address] : singles)
        finder.tried(address, bytes,
                     [&](const SecretBytes& publicHalf) { return singles.contains(publicHalf); });
    return std::move(finder.keys);
}

std::vector<HeldKey> bareEcKeys(const std::vector<BareString>& strings,
                                const std::vector<HeldNumber>& numbers, const AddressSpace& memory,
                                Bounded& owner)
{
    std::vector<HeldKey> keys;
    for (const EcCurve& curve : ecCurves()) {
        if (curve.sshName.empty())
            continue;
        const auto points = pointsOn(curve, strings, numbers);
        if (points.empty())
            continue;
        Distinct scalars;
        for (const BareString& string : strings)
            if (string.bytes.size() == curve.bytes)
                addDistinct(scalars, string, curve.bytes == half ? mostScalars : mostLongScalars,
                            owner);
        for (const auto& [bytes, address] : scalars) {
            const BigNumber d = BigNumber::fromBigEndian(bytes);
            const auto point = ecPublicPoint(curve, d);
            if (!point || !points.contains(point->x.bigEndian(curve.bytes)))
                continue;
            keys.push_back({ecPrivateKey(curve, d, *point, Confidence::Verified,
                                         "d·G stands in the dump as a public key"),
                            memory.fileRanges(address, curve.bytes)});
        }
    }
    return keys;
}

} // namespace coredact
