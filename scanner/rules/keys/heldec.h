// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/eckey.h"
#include "scanner/rules/keys/heldrsa.h"
#include "scanner/rules/keys/needles.h"
#include "scanner/rules/walk.h"

namespace coredact {

/// EC keys among the numbers: guarded ones, or foreign ones, of a curve's size and below its order.
/// Verified where d·G stands in the dump in any form (octets; its x as words, plain or in
/// Montgomery form; its x among the numbers, whatever their words are; of guarded ones also X and
/// Z of its Jacobian coordinates among them);
/// else the flag alone speaks for those that look random.
class HeldEcKeys : public Bounded {
public:
    /// Which candidates have been met as public points.
    using Proven = std::vector<bool>;

    explicit HeldEcKeys(std::vector<HeldNumber> numbers);
    HeldEcKeys(const HeldEcKeys&) = delete; // candidates point to the numbers
    HeldEcKeys& operator=(const HeldEcKeys&) = delete;

    /// Whether there is anything to look for.
    bool any() const { return !m_candidates.empty(); }
    Proven nothingProven() const { return Proven(m_candidates.size()); }
    /// Looks for public points in the window's fresh part. Any thread.
    void look(const Window& window, Proven& proven) const;
    /// To be called when the whole dump has been looked at.
    std::vector<HeldKey> keys(const Proven& proven) const;

private:
    /// A number that may be a private key on a curve.
    struct Candidate {
        const HeldNumber* held;
        const EcCurve* curve;
        EcPoint point;
    };

    bool addCandidates(const HeldNumber& held);
    void addNeedles(const Candidate& candidate, std::size_t index);
    Proven withProjections(Proven proven) const;
    bool standsAsNumber(const Candidate& candidate,
                        const std::vector<const BigNumber*>& sorted) const;
    bool standsProjected(const Candidate& candidate,
                         const std::vector<const BigNumber*>& sorted) const;
    bool speaksFor(const Proven& proven, std::size_t index) const;

    std::vector<HeldNumber> m_numbers;
    std::vector<Candidate> m_candidates;
    NeedleSearch m_search;
};

/// The round of a walk that looks for the public points of these keys, which must outlive it.
class PublicPointRound : public WalkRound {
public:
    explicit PublicPointRound(const HeldEcKeys& keys)
        : proven(keys.nothingProven())
        , m_keys(keys)
    {
    }
    void look(const Window& window) override { m_keys.look(window, proven); }
    void join(WalkRound& other) override
    {
        const auto& others = static_cast<PublicPointRound&>(other).proven;
        for (std::size_t i = 0; i < proven.size(); ++i)
            proven[i] = proven[i] || others[i];
    }

    HeldEcKeys::Proven proven;

private:
    const HeldEcKeys& m_keys;
};

} // namespace coredact
