// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/detector.h"

#include <optional>

namespace coredact {

/// Where the state of a hash stands in a context of libcrypto that has taken one whole block and
/// nothing more, as the inner and the outer one of an HMAC (RFC 2104) do. `count` is where the
/// context counts the bits that it took. Only little-endian contexts are known.
std::optional<Span> hashStateAt(ByteView bytes, std::size_t count);

} // namespace coredact
