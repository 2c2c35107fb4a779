// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace coredact {

/// Whether a text of twelve bytes or more with letters of both cases goes from small letters to
/// capitals, digits and signs, and from letter to letter, as names hardly do ("GzWqfjYkQoxR"): what
/// a generator made. Of the names in programs one of fifty looks so; of random base64url nine in
/// ten of twelve bytes, 98 in 100 of twenty, and all but two of a thousand of 32. Texts of one case
/// ("vcvtwdsz", "HKLM") are not judged. Signs are all other bytes.
bool isLikeNoName(std::string_view text);

} // namespace coredact
