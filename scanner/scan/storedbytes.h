// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/range.h"
#include "scanner/scan/streamwalk.h"

#include <span>

namespace coredact {

/// A stream of deflate that takes or gives more is not judged.
inline constexpr std::uint64_t longestJudged = std::uint64_t {1} << 20;

/// Whether all of these places in what a stream of deflate gave before it broke off stand as they
/// are in its own bytes, and what lies around them too: two bytes that look like a header, and the
/// number -1 beside zeros behind them, make a stored block (RFC 1951, 3.2.4) of any 64 KiB of
/// memory. The search of the bytes themselves sees what stands there; what blocks beside it pack
/// only the stream has. Streams that are written in a text are not judged either. `stream` was
/// taken; `open` gives its bytes.
bool areStored(std::span<const FileRange> places, const StreamTree& stream, const FeedMaker& open,
               StreamWalk& walk);

/// The runs of sixteen bytes and more of `unpacked` that stand in `packed`. In rising order,
/// disjoint.
std::vector<FileRange> storedRuns(ByteView unpacked, ByteView packed);

} // namespace coredact
