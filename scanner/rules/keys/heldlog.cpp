// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/heldlog.h"

#include <algorithm>
#include <set>

namespace coredact {

namespace {

/// Sizes that FIPS 186-4 gives q, and what older programs took.
constexpr unsigned leastOrderBits = 160;
constexpr unsigned mostOrderBits = 512;
constexpr unsigned leastPrimeBits = 512;
/// Divisions of a p by a q: some tenths of a second.
constexpr std::uint64_t mostDivisions = std::uint64_t {1} << 17;
/// Powers, in parts of 256 bits of p, squared, and of the exponent: about a second. Only dumps with
/// a group in them need any.
constexpr std::uint64_t mostPowers = std::uint64_t {1} << 18;

/// The numbers of q elements modulo p.
struct LogGroup {
    const BigNumber* p;
    const BigNumber* q;
    std::vector<const BigNumber*> members; ///< those that are among the numbers
};

class LogSearch {
public:
    LogSearch(const NumbersByValue& numbers, Bounded& owner)
        : m_all(numbers.distinct())
        , m_tests(owner)
        , m_divisions(mostDivisions)
        , m_powers(mostPowers)
        , m_owner(owner)
    {
    }

    std::vector<LogNumbers> keys()
    {
        std::vector<LogNumbers> keys;
        for (LogGroup& group : groups()) {
            gatherMembers(group);
            addKeysOf(group, keys);
        }
        return keys;
    }

private:
    bool mayBeOrder(const BigNumber& number)
    {
        return number.bits() >= leastOrderBits && number.bits() <= mostOrderBits && number.isOdd()
            && m_tests.isPrime(number) == true;
    }

    std::vector<LogGroup> groups();
    std::vector<LogGroup> groupsOf(const BigNumber& p, const std::vector<const BigNumber*>& orders);
    bool takePower(const LogGroup& group)
    {
        const std::uint64_t parts = partsOf(*group.p);
        return m_powers.take(parts * parts * partsOf(*group.q), m_owner);
    }
    void gatherMembers(LogGroup& group);
    void addKeysOf(const LogGroup& group, std::vector<LogNumbers>& keys);

    std::vector<const BigNumber*> m_all; ///< each once, the smallest first
    PrimeTests m_tests;
    Effort m_divisions;
    Effort m_powers;
    Bounded& m_owner;
};

/// Without a number of p's size nothing is tested at all.
std::vector<LogGroup> LogSearch::groups()
{
    std::vector<LogGroup> groups;
    if (m_all.empty() || m_all.back()->bits() < leastPrimeBits)
        return groups;
    std::vector<const BigNumber*> orders;
    for (const BigNumber* number : m_all)
        if (mayBeOrder(*number))
            orders.push_back(number);
    for (const BigNumber* p : m_all)
        if (p->bits() >= leastPrimeBits && p->isOdd())
            for (LogGroup& group : groupsOf(*p, orders))
                groups.push_back(std::move(group));
    return groups;
}

std::vector<LogGroup> LogSearch::groupsOf(const BigNumber& p,
                                          const std::vector<const BigNumber*>& orders)
{
    const BigNumber one(1);
    std::vector<LogGroup> groups;
    for (const BigNumber* q : orders) {
        if (q->bits() * 2 > p.bits())
            break;
        if (!m_divisions.take(1, m_owner))
            break;
        // Calculations modulo a curve's order leave multiples of it and one more.
        if (p % *q == one && m_tests.isPrime(p) != false)
            groups.push_back({&p, q, {}});
    }
    return groups;
}

void LogSearch::gatherMembers(LogGroup& group)
{
    const BigNumber one(1);
    for (const BigNumber* number : m_all) {
        if (!isAlmostAsLong(*number, *group.p))
            continue;
        if (!takePower(group))
            return;
        if (number->power(*group.q, *group.p) == one)
            group.members.push_back(number);
    }
}

void LogSearch::addKeysOf(const LogGroup& group, std::vector<LogNumbers>& keys)
{
    const auto isMember = [&](const BigNumber& number) {
        return std::any_of(group.members.begin(), group.members.end(),
                           [&](const BigNumber* member) { return *member == number; });
    };
    for (const BigNumber* x : m_all) {
        if (group.members.size() < 2 || !isAlmostAsLong(*x, *group.q))
            continue;
        for (const BigNumber* g : group.members) {
            if (!takePower(group))
                return;
            BigNumber y = g->power(*x, *group.p);
            if (!isMember(y))
                continue;
            keys.push_back({*group.p, *group.q, *g, std::move(y), *x});
            break;
        }
    }
}

} // namespace

bool isAlmostAsLong(const BigNumber& number, const BigNumber& limit)
{
    return number.bits() + 64 > limit.bits() && number < limit;
}

std::vector<HeldKey> heldOf(std::string_view algorithm, std::span<const LogNumbers> found,
                            const NumbersByValue& numbers)
{
    std::vector<HeldKey> keys;
    for (const LogNumbers& one : found)
        if (const auto key = logKeyOf(algorithm, one))
            for (const HeldNumber* held : numbers.with(one.x))
                keys.push_back({*key, held->places});
    return keys;
}

std::vector<HeldKey> heldLogKeys(const NumbersByValue& numbers, Bounded& owner)
{
    return heldOf("DSA", LogSearch(numbers, owner).keys(), numbers);
}

} // namespace coredact
