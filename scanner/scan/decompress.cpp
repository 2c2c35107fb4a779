// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/decompress.h"

#include "scanner/base/memoryword.h"

#include <algorithm>
#include <array>
#include <new>
#include <string_view>

#include <bzlib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

namespace coredact {

namespace {

using namespace std::string_view_literals;

constexpr std::uint64_t widestState = 128U << 20; ///< bytes of one decompressor's memory
constexpr int widestZstdWindow = 27; ///< as a power of two
constexpr int noWrapping = -MAX_WBITS; ///< as zlib is asked for it

void require(bool good)
{
    if (!good)
        throw std::bad_alloc();
}

/// Several of the libraries count in 32 bits and take input that they do not write to by a
/// pointer that is not const.
template <typename Stream> void give(Stream& stream, ByteView in, MutableByteView out)
{
    constexpr std::size_t most = 1U << 30;
    using Bytes = decltype(stream.next_out);
    stream.next_in = reinterpret_cast<Bytes>(const_cast<std::uint8_t*>(in.data()));
    stream.avail_in = static_cast<unsigned>(std::min(in.size(), most));
    stream.next_out = reinterpret_cast<Bytes>(out.data());
    stream.avail_out = static_cast<unsigned>(std::min(out.size(), most));
}

class Inflater : public Decompressor {
public:
    explicit Inflater(int windowBits) { require(inflateInit2(&m_stream, windowBits) == Z_OK); }
    ~Inflater() override { inflateEnd(&m_stream); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    Progress step(ByteView in, MutableByteView out) override
    {
        give(m_stream, in, out);
        const unsigned input = m_stream.avail_in;
        const unsigned room = m_stream.avail_out;
        const int code = inflate(&m_stream, Z_SYNC_FLUSH);
        Progress progress {input - m_stream.avail_in, room - m_stream.avail_out, State::More};
        if (code == Z_STREAM_END)
            progress.state = State::End;
        else if (code == Z_MEM_ERROR)
            progress.state = State::TooWide;
        else if (code != Z_OK && code != Z_BUF_ERROR)
            progress.state = State::Damaged;
        return progress;
    }
    void restart() override { require(inflateReset(&m_stream) == Z_OK); }

private:
    z_stream m_stream {};
};

/// The header of a ZIP member says how long it is itself; what is left of it is not looked at.
class ZipMemberReader : public Decompressor {
public:
    Progress step(ByteView in, MutableByteView out) override
    {
        std::size_t taken = 0;
        for (; taken < in.size() && m_seen < m_header; ++taken, ++m_seen) {
            if (m_seen < m_fixedPart.size())
                m_fixedPart[m_seen] = in[taken];
            if (m_seen + 1 == m_fixedPart.size())
                m_header = wholeZipHeader(m_fixedPart);
        }
        if (m_seen < m_header)
            return {taken, 0, State::More};
        Progress progress = m_body.step(in.subspan(taken), out);
        progress.consumed += taken;
        return progress;
    }
    void restart() override
    {
        m_seen = 0;
        m_header = zipHeaderSize;
        m_body.restart();
    }

private:
    std::array<std::uint8_t, zipHeaderSize> m_fixedPart {};
    std::size_t m_seen = 0; ///< of the header
    std::size_t m_header = zipHeaderSize;
    Inflater m_body {noWrapping};
};

class ZstdReader : public Decompressor {
public:
    ZstdReader()
        : m_context(ZSTD_createDCtx())
    {
        require(m_context != nullptr);
        ZSTD_DCtx_setParameter(m_context, ZSTD_d_windowLogMax, widestZstdWindow);
    }
    ~ZstdReader() override { ZSTD_freeDCtx(m_context); }
    ZstdReader(const ZstdReader&) = delete;
    ZstdReader& operator=(const ZstdReader&) = delete;

    Progress step(ByteView in, MutableByteView out) override
    {
        ZSTD_inBuffer from {in.data(), in.size(), 0};
        ZSTD_outBuffer to {out.data(), out.size(), 0};
        const std::size_t left = ZSTD_decompressStream(m_context, &to, &from);
        Progress progress {from.pos, to.pos, State::More};
        if (ZSTD_getErrorCode(left) == ZSTD_error_memory_allocation)
            progress.state = State::TooWide;
        else if (ZSTD_isError(left) != 0)
            // A frame too wide is not told apart: the magic in the code of the library itself, with
            // whatever follows it, reads as one.
            progress.state = State::Damaged;
        else if (left == 0)
            progress.state = State::End;
        return progress;
    }
    void restart() override { ZSTD_DCtx_reset(m_context, ZSTD_reset_session_only); }

private:
    ZSTD_DCtx* m_context;
};

class Lz4Reader : public Decompressor {
public:
    Lz4Reader()
    {
        require(LZ4F_isError(LZ4F_createDecompressionContext(&m_context, LZ4F_VERSION)) == 0);
    }
    ~Lz4Reader() override { LZ4F_freeDecompressionContext(m_context); }
    Lz4Reader(const Lz4Reader&) = delete;
    Lz4Reader& operator=(const Lz4Reader&) = delete;

    Progress step(ByteView in, MutableByteView out) override
    {
        std::size_t consumed = in.size();
        std::size_t produced = out.size();
        const std::size_t left
            = LZ4F_decompress(m_context, out.data(), &produced, in.data(), &consumed, nullptr);
        if (LZ4F_isError(left) != 0)
            return {0, 0,
                    LZ4F_getErrorName(left) == "ERROR_allocation_failed"sv ? State::TooWide
                                                                           : State::Damaged};
        return {consumed, produced, left == 0 ? State::End : State::More};
    }
    void restart() override { LZ4F_resetDecompressionContext(m_context); }

private:
    LZ4F_dctx* m_context = nullptr;
};

class XzReader : public Decompressor {
public:
    XzReader() { begin(); }
    ~XzReader() override { lzma_end(&m_stream); }
    XzReader(const XzReader&) = delete;
    XzReader& operator=(const XzReader&) = delete;

    Progress step(ByteView in, MutableByteView out) override
    {
        m_stream.next_in = in.data();
        m_stream.avail_in = in.size();
        m_stream.next_out = out.data();
        m_stream.avail_out = out.size();
        const lzma_ret code = lzma_code(&m_stream, LZMA_RUN);
        Progress progress {in.size() - m_stream.avail_in, out.size() - m_stream.avail_out,
                           State::More};
        if (code == LZMA_STREAM_END)
            progress.state = State::End;
        else if (code == LZMA_MEMLIMIT_ERROR || code == LZMA_MEM_ERROR)
            progress.state = State::TooWide;
        else if (code != LZMA_OK && code != LZMA_BUF_ERROR)
            progress.state = State::Damaged;
        return progress;
    }
    void restart() override { begin(); }

private:
    void begin() { require(lzma_stream_decoder(&m_stream, widestState, 0) == LZMA_OK); }

    lzma_stream m_stream = LZMA_STREAM_INIT;
};

class Bzip2Reader : public Decompressor {
public:
    Bzip2Reader() { begin(); }
    ~Bzip2Reader() override { BZ2_bzDecompressEnd(&m_stream); }
    Bzip2Reader(const Bzip2Reader&) = delete;
    Bzip2Reader& operator=(const Bzip2Reader&) = delete;

    Progress step(ByteView in, MutableByteView out) override
    {
        give(m_stream, in, out);
        const unsigned input = m_stream.avail_in;
        const unsigned room = m_stream.avail_out;
        const int code = BZ2_bzDecompress(&m_stream);
        Progress progress {input - m_stream.avail_in, room - m_stream.avail_out, State::More};
        if (code == BZ_STREAM_END)
            progress.state = State::End;
        else if (code == BZ_MEM_ERROR)
            progress.state = State::TooWide;
        else if (code != BZ_OK)
            progress.state = State::Damaged;
        return progress;
    }
    void restart() override
    {
        BZ2_bzDecompressEnd(&m_stream);
        begin();
    }

private:
    void begin()
    {
        m_stream = {};
        require(BZ2_bzDecompressInit(&m_stream, 0, 0) == BZ_OK);
    }

    bz_stream m_stream {};
};

} // namespace

std::size_t wholeZipHeader(ByteView fixedPart)
{
    return zipHeaderSize + littleWord<std::uint16_t>(fixedPart.data() + 26)
        + littleWord<std::uint16_t>(fixedPart.data() + 28);
}

std::string_view toText(StreamCodec codec)
{
    switch (codec) {
    case StreamCodec::Gzip:
        return "gzip";
    case StreamCodec::Zlib:
        return "zlib";
    case StreamCodec::Zstd:
        return "zstd";
    case StreamCodec::Lz4:
        return "lz4";
    case StreamCodec::Xz:
        return "xz";
    case StreamCodec::Bzip2:
        return "bzip2";
    case StreamCodec::ZipMember:
        return "zip";
    case StreamCodec::Deflate:
        return "deflate";
    }
    return {};
}

std::unique_ptr<Decompressor> newDecompressor(StreamCodec codec)
{
    constexpr int zlibWindow = MAX_WBITS;
    constexpr int gzipWindow = MAX_WBITS + 16; // zlib's way to ask for the other wrapping
    switch (codec) {
    case StreamCodec::Gzip:
        return std::make_unique<Inflater>(gzipWindow);
    case StreamCodec::Zlib:
        return std::make_unique<Inflater>(zlibWindow);
    case StreamCodec::Zstd:
        return std::make_unique<ZstdReader>();
    case StreamCodec::Lz4:
        return std::make_unique<Lz4Reader>();
    case StreamCodec::Xz:
        return std::make_unique<XzReader>();
    case StreamCodec::Bzip2:
        return std::make_unique<Bzip2Reader>();
    case StreamCodec::ZipMember:
        return std::make_unique<ZipMemberReader>();
    case StreamCodec::Deflate:
        return std::make_unique<Inflater>(noWrapping);
    }
    return nullptr;
}

} // namespace coredact
