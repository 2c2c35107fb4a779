// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/detector.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coredact {

/// A text match on its way to be judged. Everything lies in the window's bytes.
struct Candidate {
    ByteView window;
    Span match; ///< what the rule's expression matched, without the edges
    Span secret; ///< the part to redact, as the rule says
    std::span<const Span>
        groups; ///< the expression's groups; [0] is the match, empty: took no part

    std::string_view text(const Span& span) const
    {
        return asText(window.subspan(span.begin, span.end - span.begin));
    }
    std::string_view matchText() const { return text(match); }
    std::string_view secretText() const { return text(secret); }
    std::string_view group(std::size_t index) const
    {
        return index < groups.size() ? text(groups[index]) : std::string_view();
    }
};

enum class Proof {
    Holds, ///< a checksum or arithmetic says that it is what it looks like: verified
    Unknown, ///< nothing speaks for or against: the rule's own confidence stays
    Weak, ///< a checksum fails or a part cannot be parsed: possible, and redacted all the same
    Absurd, ///< the shape is common and nothing else speaks for it: not reported
};

/// What a validator says of a candidate. Never holds secret bytes but in `derived`.
struct Validation {
    Proof proof = Proof::Unknown;
    std::string because {}; ///< "the CRC-32 holds"; "" where proof is Unknown
    std::string title {}; ///< replaces the rule's
    std::optional<Severity> severity {};
    std::optional<Identity> identity {};
    std::optional<Confidence> confidence {}; ///< for Unknown: replaces the rule's
    std::vector<DerivedValue> derived {};
    std::vector<Span> spans {}; ///< in the window; replaces the secret where not empty
    std::vector<Span> others {}; ///< in the window; more secrets, each for itself
};

/// Looks at one candidate; a pure function, linear in its size. Any thread.
using Validator = Validation (*)(const Candidate& candidate);

/// Whether bytes may hold what a validator would let pass: a cheap look before any expression, for
/// rules whose expression fits much that a text is made of. The bytes are those of any match, and
/// up to `screenMargin` behind them.
inline constexpr std::size_t screenMargin = 96;
using Screen = bool (*)(ByteView bytes);

/// The validator of that name (one of validators.def), or nullptr.
Validator validatorNamed(std::string_view name);
/// The screen of the validator of that name, or nullptr.
Screen screenNamed(std::string_view name);

/// Bytes of a dump made fit for a report: printable ASCII, at most `most` characters.
std::string shown(std::string_view text, std::size_t most = 80);

} // namespace coredact
