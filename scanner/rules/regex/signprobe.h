// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/regex/tree.h"

#include <cstdint>

namespace coredact {

/// A sign beside a run of token bytes, which every match of an expression holds, and what may stand
/// around it: for expressions that have little else to wait for. An automaton goes slowly over a
/// text with many such signs; few of them stand beside long runs.
struct SignProbe {
    std::uint8_t sign = 0;
    std::vector<ByteSet> before {}; ///< place 0: the byte before the sign
    std::vector<ByteSet> after {}; ///< place 0: the byte after the sign
};

/// The first sign that surely has `least` (up to 24) bytes of the set right before or after it;
/// nothing where there is none.
std::optional<SignProbe> signProbeOf(const RegexNode& regex, const ByteSet& tokens,
                                     std::size_t least);

} // namespace coredact
