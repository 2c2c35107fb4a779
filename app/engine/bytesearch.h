// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/jobcontrol.h"
#include "scanner/client/protocol.h"
#include "scanner/io/source.h"

namespace coredact::engine {

/// Looks for the nearest place that holds the pattern: the first that begins at or after `from`,
/// or backwards the last that begins at or before it, in file order. Holes are passed over unless
/// the pattern could lie in one. Works in windows; the cost is that of one pass over the bytes.
/// Reports its progress and answers a cancel within one window.
Result<std::optional<FileRange>> find(const Source& source, const protocol::Search& search,
                                      const JobControl& control);

/// The same for a regular expression over bytes. What it matches may be up to 64 KiB long and is
/// not looked for in holes. A match of no bytes is none.
Result<std::optional<FileRange>>
findExpression(const Source& source, const protocol::Search& search, const JobControl& control);

/// The UTF-16LE form of a UTF-8 text; nothing where it is no UTF-8.
std::optional<std::vector<std::uint8_t>> utf16FormOf(ByteView text);

} // namespace coredact::engine
