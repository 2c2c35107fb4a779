// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"
#include "scanner/scan/decompress.h"
#include "scanner/scan/feed.h"

#include <functional>

namespace coredact {

/// The unpacked bytes of one stream, for those who read the streams inside it one after the other.
/// Goes back a little at no cost, farther by unpacking anew.
class UnpackedFeed {
public:
    /// `open` gives the packed bytes from the stream's front. `left`: how many bytes may still be
    /// unpacked; counted down, and where none are left the stream ends.
    UnpackedFeed(std::function<std::unique_ptr<Feed>()> open, StreamCodec codec,
                 std::uint64_t& left);

    /// From the unpacked byte `position` on. Refers to this. Those that are read by turns should
    /// be near one another.
    std::unique_ptr<Feed> from(std::uint64_t position);

private:
    class Cursor;

    void restart();
    bool unpackMore();
    std::size_t read(std::uint64_t position, MutableByteView buffer);

    std::function<std::unique_ptr<Feed>()> m_open;
    StreamCodec m_codec;
    std::uint64_t& m_left;
    std::unique_ptr<Feed> m_packed;
    std::unique_ptr<Decompressor> m_decompressor;
    SecureBuffer m_in;
    std::size_t m_inBegin = 0;
    std::size_t m_inEnd = 0;
    SecureBuffer m_out;
    std::size_t m_filled = 0; ///< unpacked bytes in the buffer
    std::uint64_t m_begin = 0; ///< position of the buffer's first one
    bool m_ended = false;
};

} // namespace coredact
