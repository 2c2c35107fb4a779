// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/decompress.h"
#include "scanner/scan/feed.h"
#include "scanner/scan/windows.h"

#include <functional>

namespace coredact {

/// The bytes of an extent from some position on. Holes, and what cannot be read, are zeros.
/// Source, data and extent must outlive it; `unreadable` is told what cannot be read.
class ExtentReader : public Feed {
public:
    ExtentReader(const Source& source, const DataRuns& data, const Extent& extent,
                 std::uint64_t position, std::function<void(const Unreadable&)> unreadable);

    std::size_t read(MutableByteView buffer) override;

private:
    const Source& m_source;
    const DataRuns& m_data;
    const Extent& m_extent;
    std::uint64_t m_position;
    std::function<void(const Unreadable&)> m_unreadable;
};

/// What became of one stream.
struct Unpacked {
    enum class End : std::uint8_t {
        Whole, ///< complete, and its checksum right
        Cut, ///< the bytes ended first, are damaged, or give nothing any more
        Limit, ///< gives more than was asked for
        TooWide, ///< asks for more memory than it is given
        Chance, ///< too short to be a stream; nothing was shown
        Stopped, ///< the visitor had enough
    };
    End end = End::Chance;
    std::uint64_t consumed = 0; ///< packed bytes, trailer included
    std::uint64_t produced = 0; ///< unpacked bytes
};

/// Unpacks streams window by window; one for each thread. Its buffers are wiped when dropped.
class StreamReader {
public:
    /// `shape`: of the windows of unpacked bytes.
    explicit StreamReader(const WindowShape& shape);

    /// A window of unpacked bytes whose first one is number `position` of the stream. The bytes are
    /// valid during the call, and 16 more after them may be read. False stops.
    struct Part {
        ByteView bytes;
        std::size_t freshBegin = 0;
        std::size_t freshEnd = 0;
        std::uint64_t position = 0;
    };
    using Visit = std::function<bool(const Part&)>;

    /// Shows `limit` unpacked bytes at most.
    Unpacked read(Feed& in, StreamCodec codec, std::uint64_t limit, const Visit& visit);

private:
    void fill(Feed& in, Decompressor& decompressor, std::uint64_t limit);
    bool show(const Visit& visit);

    WindowShape m_shape;
    SecureBuffer m_in;
    SecureBuffer m_out;
    std::size_t m_inBegin = 0;
    std::size_t m_inEnd = 0;
    std::size_t m_filled = 0; ///< unpacked bytes in the buffer
    std::size_t m_fresh = 0; ///< those before it were shown as fresh
    std::uint64_t m_position = 0; ///< of the buffer's first byte in the unpacked stream
    std::uint64_t m_consumed = 0;
    std::uint64_t m_barren = 0; ///< packed bytes taken since the last unpacked one
    bool m_ended = false;
    Unpacked::End m_end = Unpacked::End::Cut;
};

} // namespace coredact
