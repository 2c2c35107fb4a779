// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"

#include <memory>

namespace coredact {

/// The compressed formats that are told by their first bytes.
/// A member of a ZIP file is its local header and its deflated bytes. Deflate alone has no first
/// bytes of its own.
enum class StreamCodec : std::uint8_t { Gzip, Zlib, Zstd, Lz4, Xz, Bzip2, ZipMember, Deflate };

/// Bytes of a ZIP member's local header, of which this is the begin: with the name and what else
/// follows its fixed part.
inline constexpr std::size_t zipHeaderSize = 30;
std::size_t wholeZipHeader(ByteView fixedPart);

std::string_view toText(StreamCodec codec); ///< "gzip"

/// Undoes the compression of one stream, fed piece by piece. Not thread-safe. Its own memory is
/// bounded (128 MiB at most, whatever the stream asks for) and is not wiped.
class Decompressor {
public:
    enum class State : std::uint8_t {
        More, ///< needs more bytes, or room
        End, ///< the stream is complete; its checksum, where it has one, is right
        Damaged, ///< what follows is no such stream
        TooWide, ///< the stream asks for more memory than it is given, or than there is
    };
    struct Progress {
        std::size_t consumed = 0;
        std::size_t produced = 0;
        State state = State::More;
    };

    virtual ~Decompressor() = default;
    /// Goes on with `in`, as far as it or `out` reaches. After any state but More nothing more
    /// may be fed.
    virtual Progress step(ByteView in, MutableByteView out) = 0;
    /// Forgets the stream and waits for another one.
    virtual void restart() = 0;
};

/// Packed bytes after which a stream that gave nothing for them is over: zstd takes zeros for empty
/// blocks, and a hole has gigabytes of them. lz4 reads 4 MiB before it gives what they hold.
inline constexpr std::uint64_t mostBarren = 8U << 20;

/// Throws std::bad_alloc.
std::unique_ptr<Decompressor> newDecompressor(StreamCodec codec);

} // namespace coredact
