// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/validator.h"

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace coredact {

/// The decimal digits of a text, what stands between them left out.
std::string digitsOf(std::string_view text);

/// Luhn's check over all digits (ISO 7812-1).
bool luhnHolds(std::string_view digits);

/// The sum of digits times weights, as many as there are weights.
unsigned weighted(std::string_view digits, std::initializer_list<unsigned> weights);

/// Whether one of the words, in lower case, stands in the `reach` bytes before the match.
bool hasWordBefore(const Candidate& candidate, std::initializer_list<std::string_view> words,
                   std::size_t reach);

} // namespace coredact
