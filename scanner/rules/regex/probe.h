// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/regex/tree.h"

namespace coredact {

/// A part of an expression that stands for the whole: every match holds a match of it. It begins
/// with the most telling bytes of the expression, and has neither edges nor a long tail.
struct Probe {
    RegexNode node;
    /// The bytes of a match that lie next to the probe's, itself included, and are all of the set
    /// that was asked for: at least so many.
    std::size_t run = 0;
    std::size_t told = 0; ///< bits, by the bytes that an automaton can wait for; 0: by none
};

/// The parts of an expression that stand one after the other, none of them a sequence.
std::vector<RegexNode> partsOf(const RegexNode& regex);

/// Whether a part is of bytes of the set only.
bool isOnly(const RegexNode& node, const ByteSet& set);

/// The probe with only bytes of `set`; nothing where every match may be without such bytes.
std::optional<Probe> probeOf(const RegexNode& regex, const ByteSet& set);

} // namespace coredact
