// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/heldec.h"

#include "scanner/rules/keys/eckey.h"
#include "scanner/rules/keys/needles.h"

#include <algorithm>

namespace coredact {

namespace {

/// More guarded numbers of a curve's size than this are no keys.
constexpr std::size_t mostCandidates = 256;

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
    const Status status = forEachChunk(context, NeedleSearch::overlap, [&](const StreamChunk& chunk) {
        search.look(chunk.bytes, chunk.fresh, [&](std::size_t index) {
            candidates[index].proven = true;
        });
    });
    if (!status)
        return status.error();
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const Candidate& candidate = candidates[i];
        if (!speaksFor(candidates, i))
            continue;
        const BigNumber& d = candidate.held->value;
        const Confidence unproven
            = looksRandom(d.bigEndian()) ? Confidence::Likely : Confidence::Possible;
        keys.push_back({ecPrivateKey(*candidate.curve, d, candidate.point,
                                     candidate.proven ? Confidence::Verified : unproven,
                                     candidate.proven ? "d·G stands in the dump as a public key"
                                                      : ""),
                        candidate.held->places});
    }
    return keys;
}

} // namespace coredact
