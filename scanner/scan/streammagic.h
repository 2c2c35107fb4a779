// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/vectors.h"
#include "scanner/scan/decompress.h"

#include <optional>
#include <span>

namespace coredact {

/// The first position p in [from, to) where the two bytes that a compressed stream begins with
/// stand; `to` when there is none. Runs at the speed of memory; a candidate only.
std::size_t nextStreamMagic(ByteView bytes, std::size_t from, std::size_t to);

using StreamMagicSearch = std::size_t (*)(ByteView bytes, std::size_t from, std::size_t to);

/// Those that this machine can run, the slowest first. All give the same answers.
std::span<const KernelChoice<StreamMagicSearch>> streamMagicSearches();

/// What the head of a stream at the front of `bytes` says it is, when it is one that may be
/// unpacked: magic numbers, reserved bits and, for deflate, the head of its first block.
/// Judges by the first 32 bytes.
std::optional<StreamCodec> streamHead(ByteView bytes);

/// Whether deflate may begin at the front of `bytes` that has no head of a format before it: a
/// block with codes of its own, of which few that are none seem to be one. By the first 32 bytes.
bool mayBeBareDeflate(ByteView bytes);

/// Whether `bytes` may begin what is packed in this way.
bool mayBegin(StreamCodec codec, ByteView bytes);

/// Whether these are the two bytes that a compressed stream begins with.
bool isStreamMagic(std::uint8_t first, std::uint8_t second);

} // namespace coredact
