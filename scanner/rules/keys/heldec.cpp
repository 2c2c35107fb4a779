// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/heldec.h"

#include "scanner/base/memoryword.h"

#include <algorithm>
#include <set>

namespace coredact {

namespace {

/// More guarded numbers of a curve's size than this are not tried, nor more of other libraries;
/// those with the lowest addresses are. It takes a second.
constexpr std::size_t mostCandidates = 2048;

/// Trying every number as a coordinate of every candidate stays below a second. Beyond it a
/// guarded number that looks random is told all the same, without the proof.
constexpr std::size_t mostProjected = std::size_t {1} << 16;

/// Whether a word of the number is an address or less: of a random number one in 16,384 has such.
bool holdsAnAddress(const BigNumber& d, const EcCurve& curve)
{
    const std::size_t words = curve.bytes / 8;
    const SecretBytes bytes = d.littleEndian((words + 1) * 8);
    for (std::size_t i = 0; i < words; ++i)
        if (littleWord<std::uint64_t>(bytes.data() + i * 8) >> 48 == 0)
            return true;
    return false;
}

bool smaller(const BigNumber* a, const BigNumber* b) { return *a < *b; }

} // namespace

HeldEcKeys::HeldEcKeys(std::vector<HeldNumber> numbers)
    : m_numbers(std::move(numbers))
{
    std::set<BigNumber> guarded;
    std::set<BigNumber> foreign;
    for (const HeldNumber& held : m_numbers) {
        if (!held.guarded && !held.foreign)
            continue;
        auto& seen = held.guarded ? guarded : foreign;
        if (seen.size() >= mostCandidates && !seen.contains(held.value)) {
            leaveOut();
            continue;
        }
        if (addCandidates(held))
            seen.insert(held.value);
    }
    for (std::size_t i = 0; i < m_candidates.size(); ++i)
        addNeedles(m_candidates[i], i);
    m_search.build();
}

bool HeldEcKeys::addCandidates(const HeldNumber& held)
{
    bool any = false;
    for (const EcCurve& curve : ecCurves()) {
        // A scalar fills its curve's words but for one time in 2^64.
        if ((held.value.bits() + 63) / 64 != (curve.bytes + 7) / 8)
            continue;
        auto point = ecPublicPoint(curve, held.value);
        if (!point || ecIsMontgomeryOne(curve, held.value))
            continue;
        m_candidates.push_back({&held, &curve, std::move(*point)});
        any = true;
    }
    return any;
}

/// The dump's bytes that would prove the candidate.
void HeldEcKeys::addNeedles(const Candidate& candidate, std::size_t index)
{
    const std::size_t words = (candidate.curve->bytes + 7) / 8 * 8;
    m_search.add(candidate.point.x.bigEndian(candidate.curve->bytes), index);
    m_search.add(candidate.point.x.littleEndian(words), index);
    m_search.add(ecMontgomery(*candidate.curve, candidate.point.x), index);
}

void HeldEcKeys::look(const Window& window, Proven& proven) const
{
    m_search.look(window.bytes.subspan(window.freshBegin), window.freshEnd - window.freshBegin,
                  [&](std::size_t index, std::size_t) { proven[index] = true; });
}

/// Words that are not filled hold no run of bytes of the number.
bool HeldEcKeys::standsAsNumber(const Candidate& candidate,
                                const std::vector<const BigNumber*>& sorted) const
{
    return std::binary_search(sorted.begin(), sorted.end(), &candidate.point.x, smaller);
}

/// A key that was made in this process, not loaded, has its public point as the calculation left
/// it: in Jacobian coordinates, whose X and Z are among the numbers.
bool HeldEcKeys::standsProjected(const Candidate& candidate,
                                 const std::vector<const BigNumber*>& sorted) const
{
    const auto stands = [&](const BigNumber& wanted) {
        return std::binary_search(sorted.begin(), sorted.end(), &wanted, smaller);
    };
    return std::any_of(sorted.begin(), sorted.end(), [&](const BigNumber* z) {
        if (z->bits() > candidate.curve->bytes * 8)
            return false;
        const EcProjected x = ecProjected(*candidate.curve, candidate.point.x, *z);
        return stands(x.plain) || stands(x.montgomery);
    });
}

HeldEcKeys::Proven HeldEcKeys::withProjections(Proven proven) const
{
    std::vector<const BigNumber*> sorted;
    for (const HeldNumber& held : m_numbers)
        if (held.value.bits() <= 528)
            sorted.push_back(&held.value);
    std::sort(sorted.begin(), sorted.end(), smaller);
    for (std::size_t i = 0; i < proven.size(); ++i)
        proven[i] = proven[i] || standsAsNumber(m_candidates[i], sorted);
    const auto isOpen = [&](std::size_t i) { return !proven[i] && m_candidates[i].held->guarded; };
    std::size_t open = 0;
    for (std::size_t i = 0; i < proven.size(); ++i)
        open += isOpen(i) ? 1 : 0;
    if (open * sorted.size() > mostProjected)
        return proven;
    for (std::size_t i = 0; i < proven.size(); ++i)
        if (isOpen(i))
            proven[i] = standsProjected(m_candidates[i], sorted);
    return proven;
}

/// Only the one curve that was proven, or the first that fits, is told of a number.
bool HeldEcKeys::speaksFor(const Proven& proven, std::size_t index) const
{
    for (std::size_t i = 0; i < m_candidates.size(); ++i) {
        if (i == index || !(m_candidates[i].held->value == m_candidates[index].held->value)
            || m_candidates[i].curve == m_candidates[index].curve)
            continue;
        if (proven[i] != proven[index] ? proven[i] : i < index)
            return false;
    }
    return true;
}

std::vector<HeldKey> HeldEcKeys::keys(const Proven& met) const
{
    const Proven proven = withProjections(met);
    std::vector<HeldKey> keys;
    for (std::size_t i = 0; i < m_candidates.size(); ++i) {
        const Candidate& candidate = m_candidates[i];
        if ((!proven[i] && !candidate.held->guarded) || !speaksFor(proven, i))
            continue;
        const BigNumber& d = candidate.held->value;
        // Arrays of small numbers and pointers look like structures too, in a JVM by the dozen;
        // four words with two addresses and a hash among them even look random.
        if (!proven[i] && (!looksRandom(d.bigEndian()) || holdsAnAddress(d, *candidate.curve)))
            continue;
        keys.push_back({ecPrivateKey(*candidate.curve, d, candidate.point,
                                     proven[i] ? Confidence::Verified : Confidence::Likely,
                                     proven[i] ? "d·G stands in the dump as a public key" : ""),
                        candidate.held->places});
    }
    return keys;
}

} // namespace coredact
