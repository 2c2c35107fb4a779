// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/dump.h"
#include "scanner/redact/classes.h"
#include "scanner/redact/minimise.h"
#include "scanner/scan/scan.h"
#include "scanner/triage/triage.h"

namespace coredact {

enum class Fill { Zero, A5, X, Token };

std::string_view toText(Fill fill); ///< "zero", "a5", "x", "token"
std::optional<Fill> fillFrom(std::string_view text);

/// Bytes to overwrite and why.
struct Edit {
    FileRange range;
    Fill fill = Fill::X;
    std::string reason; ///< rule id of the finding, or "policy:vector-registers" and the like
    std::string finding; ///< id, "" for policy
    std::string token; ///< the text to write where fill is Token; repeated or cut to the range

    bool operator==(const Edit&) const = default;
};

/// A finding's bytes that the plan must not or need not change.
struct Conflict {
    FileRange range;
    std::string finding;
    std::string why; ///< "structural bytes", "kept by f3", ...

    bool operator==(const Conflict&) const = default;
};

struct PlanPolicy {
    Fill fill = Fill::X;
    bool vectorRegisters = true; ///< wipe FP and vector registers whole, control words stay
    bool randomSeed = true; ///< wipe AT_RANDOM's 16 bytes
    bool values = true; ///< fill the values of arguments and of environment variables
    /// Fill notes and streams that the reader does not know, and zero what no part of the file
    /// claims, where the format has such parts.
    bool unknown = false;
    /// Of a custom copy: what becomes of the classes of bytes; not listed ones are scanned.
    std::optional<std::vector<ClassChoice>> classes = {};
    bool roundUp = false; ///< fill up to the end of what holds a secret: see `roundedUp`
};

/// What a plan looks at beside the dump and the findings.
struct PlanGround {
    std::span<const ClassRange> classes = {}; ///< of the dump, where the policy chooses for some
    const Source* source = nullptr; ///< the dump's bytes, where lengths are rounded up
    /// Of the findings, in their order, where pseudonyms are wished for: what can be guessed gets
    /// none. Without them no value is known to be one.
    std::span<const SecretValue> values = {};
    std::span<const KeptRange> kept = {}; ///< of a minimised form: all else is dropped already
    std::span<const FileRange> foundAgain = {}; ///< what was found in an earlier copy
};

/// What a plan says of itself in figures.
struct PlanFigures {
    std::uint64_t lengthsHidden = 0; ///< places whose fill ends with what holds the secret
    std::uint64_t lengthsShown = 0; ///< places of secrets whose length shows
    std::uint64_t withoutToken = 0; ///< secrets without a pseudonym, since it can be guessed

    bool operator==(const PlanFigures&) const = default;
};

/// Why a finding's bytes stay in a class that is kept, as a Conflict says it: followed by the
/// name of the class.
constexpr std::string_view keptWithClass = "kept with its class: ";
/// The reason of a fill that only the check of an earlier copy asked for.
constexpr std::string_view foundInCopy = "policy:found-in-copy";

/// Which bytes get which fill, and why. Invariant: edits are sorted, disjoint, inside the file
/// and off the structure. Never changed after it is made.
class RedactionPlan {
public:
    /// Every occurrence of every finding that is not kept, plus what the policy wipes. Where a
    /// kept and a redacted finding share bytes, redaction wins and the conflict is told; so is
    /// each place of a secret that stays with its class.
    static RedactionPlan make(const Dump& dump, std::span<const Finding> findings,
                              const Triage& triage, const PlanPolicy& policy,
                              const PlanGround& ground = {});
    /// From the parts of a plan that was sent; refuses what breaks the invariant.
    static Result<RedactionPlan> fromEdits(std::vector<Edit> edits, std::uint64_t fileSize,
                                           std::span<const FileRange> structure);

    const std::vector<Edit>& edits() const { return m_edits; }
    const std::vector<Conflict>& conflicts() const { return m_conflicts; }
    std::uint64_t bytes() const; ///< sum of the edits
    const PlanFigures& figures() const { return m_figures; }
    /// Of a custom copy: what becomes of each class that the file has bytes of, in their order.
    const std::vector<ClassShare>& shares() const { return m_shares; }
    /// Of a custom copy: the bytes of the kept classes. Sorted, disjoint, no edit in them.
    const std::vector<ClassRange>& left() const { return m_left; }
    /// "sha256:..." over ranges, fills, tokens and reasons.
    std::string digest() const;

private:
    std::vector<Edit> m_edits;
    std::vector<Conflict> m_conflicts;
    PlanFigures m_figures;
    std::vector<ClassShare> m_shares;
    std::vector<ClassRange> m_left;
};

} // namespace coredact
