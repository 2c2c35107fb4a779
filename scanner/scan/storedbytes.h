// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/streamwalk.h"

namespace coredact {

/// Whether what a stream of deflate gave before it broke off stands as it is in its own bytes, at
/// least half of it: two bytes that look like a header, and the number -1 beside zeros behind them,
/// make a stored block (RFC 1951, 3.2.4) of any 64 KiB of memory. The search of the bytes
/// themselves sees what stands there. Streams that are written in a text, or longer than 1 MiB, are
/// not judged. `stream` was taken; `open` gives its bytes.
bool isStoredByChance(const StreamTree& stream, const FeedMaker& open, StreamWalk& walk);

/// How many bytes of `unpacked` stand in `packed` in runs of sixteen and more.
std::size_t storedBytes(ByteView unpacked, ByteView packed);

} // namespace coredact
