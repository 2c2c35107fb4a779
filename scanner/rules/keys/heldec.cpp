// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/heldec.h"

#include "scanner/rules/keys/eckey.h"
#include "scanner/rules/keys/needles.h"

#include <algorithm>

namespace coredact {

namespace {

/// More guarded numbers of a curve's size than this are no keys.
constexpr std::size_t mostCandidates = 256;

/// Trying every number as a coordinate of every candidate stays below a second.
constexpr std::size_t mostProjected = std::size_t {1} << 16;

/// A number that may be a private key on a curve.
struct Candidate {
    const HeldNumber* held;
    const EcCurve* curve;
    EcPoint point;
    bool proven = false;
};

std::vector<Candidate> candidatesAmong(const std::vector<HeldNumber>& numbers)
{
    std::vector<Candidate> candidates;
    std::vector<const BigNumber*> seen;
    for (const HeldNumber& held : numbers) {
        if (!held.guarded)
            continue;
        const bool known = std::any_of(seen.begin(), seen.end(), [&](const BigNumber* number) {
            return *number == held.value;
        });
        if (!known && seen.size() >= mostCandidates)
            continue;
        for (const EcCurve& curve : ecCurves()) {
            // A scalar fills its curve's words but for one time in 2^64.
            if ((held.value.bits() + 63) / 64 != (curve.bytes + 7) / 8)
                continue;
            if (auto point = ecPublicPoint(curve, held.value))
                candidates.push_back({&held, &curve, std::move(*point)});
        }
        if (!known)
            seen.push_back(&held.value);
    }
    return candidates;
}

/// The dump's bytes that would prove the candidate.
void addNeedles(NeedleSearch& search, const Candidate& candidate, std::size_t index)
{
    const std::size_t words = (candidate.curve->bytes + 7) / 8 * 8;
    search.add(candidate.point.x.bigEndian(candidate.curve->bytes), index);
    search.add(candidate.point.x.littleEndian(words), index);
    search.add(ecMontgomery(*candidate.curve, candidate.point.x), index);
}

bool smaller(const BigNumber* a, const BigNumber* b) { return *a < *b; }

/// A key that was made in this process, not loaded, has its public point as the calculation left
/// it: in Jacobian coordinates, whose X and Z are among the numbers.
bool standsProjected(const Candidate& candidate, const std::vector<const BigNumber*>& sorted)
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

void proveByProjection(std::vector<Candidate>& candidates, const std::vector<HeldNumber>& numbers)
{
    std::vector<const BigNumber*> sorted;
    for (const HeldNumber& held : numbers)
        if (held.value.bits() <= 528)
            sorted.push_back(&held.value);
    std::sort(sorted.begin(), sorted.end(), smaller);
    const auto unproven = static_cast<std::size_t>(
        std::count_if(candidates.begin(), candidates.end(),
                      [](const Candidate& candidate) { return !candidate.proven; }));
    if (unproven * sorted.size() > mostProjected)
        return;
    for (Candidate& candidate : candidates)
        candidate.proven = candidate.proven || standsProjected(candidate, sorted);
}

/// Only the one curve that was proven, or the first that fits, is told of a number.
bool speaksFor(const std::vector<Candidate>& candidates, std::size_t index)
{
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        if (i == index || !(candidates[i].held->value == candidates[index].held->value)
            || candidates[i].curve == candidates[index].curve)
            continue;
        if (candidates[i].proven != candidates[index].proven ? candidates[i].proven : i < index)
            return false;
    }
    return true;
}

} // namespace

Result<std::vector<HeldKey>> heldEcKeys(const WalkContext& context,
                                        const std::vector<HeldNumber>& numbers)
{
    std::vector<Candidate> candidates = candidatesAmong(numbers);
    std::vector<HeldKey> keys;
    if (candidates.empty())
        return keys;
    NeedleSearch search;
    for (std::size_t i = 0; i < candidates.size(); ++i)
        addNeedles(search, candidates[i], i);
    search.build();
    const Status status
        = forEachChunk(context, NeedleSearch::overlap, [&](const StreamChunk& chunk) {
              search.look(chunk.bytes, chunk.fresh,
                          [&](std::size_t index) { candidates[index].proven = true; });
          });
    if (!status)
        return status.error();
    proveByProjection(candidates, numbers);
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const Candidate& candidate = candidates[i];
        if (!speaksFor(candidates, i))
            continue;
        const BigNumber& d = candidate.held->value;
        // Arrays of small numbers and pointers look like structures too, in a JVM by the dozen.
        if (!candidate.proven && !looksRandom(d.bigEndian()))
            continue;
        keys.push_back(
            {ecPrivateKey(*candidate.curve, d, candidate.point,
                          candidate.proven ? Confidence::Verified : Confidence::Likely,
                          candidate.proven ? "d·G stands in the dump as a public key" : ""),
             candidate.held->places});
    }
    return keys;
}

} // namespace coredact
