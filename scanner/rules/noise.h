// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace coredact {

/// Shannon entropy in bits for each byte: 0 for "aaaa", 4 for sixteen different bytes.
double entropy(std::string_view text);

/// A value that stands for one: "${PASSWORD}", "<your key>", "changeme", "********", "example".
bool isPlaceholder(std::string_view text);

/// A path, a URL without a query, a file name.
bool isPath(std::string_view text);

/// Program text: a dotted or called name, a constant, a word of letters only, a format.
bool isIdentifier(std::string_view text);

bool isUuid(std::string_view text);

/// A UUID of version 4 (RFC 9562): 122 of its bits were drawn at random, and some services give out
/// such ones as keys. Where a name says that a value is secret, it may be one.
bool isRandomUuid(std::string_view text);

/// Decimal digits only, with signs, points and commas.
bool isNumber(std::string_view text);

} // namespace coredact
