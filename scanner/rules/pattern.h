// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/result.h"
#include "scanner/rules/lazyregex.h"
#include "scanner/rules/regex/signprobe.h"
#include "scanner/rules/regex/words.h"
#include "scanner/rules/textrule.h"

#include <memory>

namespace coredact {

/// The widest match of a rule whose expression has no bound and which says no maximum.
inline constexpr std::size_t unboundedSize = 4096;
/// No rule may say more, nor have a longer expression.
inline constexpr std::size_t largestMaximumSize = 32768;
inline constexpr std::size_t largestRegex = 16384;
/// An expression whose tree is no larger compiles, if only when it is first needed: the matching
/// engine has room for four times as many instructions.
inline constexpr std::size_t surelySmall = 40'000;

/// What an automaton looks for instead of an expression, and where.
struct AutomatonProbe {
    enum class Where {
        Tokens, ///< every match of it lies inside a run of token bytes (see textruns.h)
        Text, ///< inside a run of text bytes
        Everywhere, ///< it is the whole expression, and nothing is known of its bytes
        Words, ///< near one of some words, and inside a run of text bytes like it
        Sign, ///< a sign right before, behind or inside such a run, and what stands around it
    };
    Where where = Where::Everywhere;
    std::string text;
    std::optional<SignProbe> sign {};
    std::optional<Words> words {};
};

/// A rule's expression, ready to match bytes.
struct Pattern {
    /// With the edges: group 1 is the match, group 1 + k the rule's group k.
    std::string text;
    std::unique_ptr<const LazyRegex> confirm;
    std::size_t groups = 0; ///< of `text`
    std::size_t width = 0; ///< the widest match in bytes, edges included
    AutomatonProbe probe; ///< every match holds one of it
};

/// Rewrites an expression of a rule file for bytes in memory: the guard that text scanners put at
/// a token's right end becomes "no byte of a token", since in memory a token ends at NUL or at
/// anything else; so do ^ and $; `(?x)` at the beginning is worked out. Fails where `(?x)` stands
/// elsewhere.
Result<std::string> forMemory(std::string_view regex);

/// Compiles a rule's expression for both engines. Fails, with a reason for the rule's author, when
/// one of them cannot take it, when it matches the empty text, or when it is too large.
Result<Pattern> compile(const TextRule& rule);

} // namespace coredact
