// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/unpacking.h"

#include <algorithm>
#include <array>
#include <bzlib.h>
#include <climits>
#include <cstring>
#include <lz4frame.h>
#include <lzma.h>
#include <new>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

namespace coredact::unpacking {

namespace {

using namespace std::string_view_literals;

constexpr std::uint64_t mostMemory = 128U << 20; ///< of one stream
constexpr int widestZstd = 27; ///< as a power of two

unsigned sizeOf(std::size_t size)
{
    return static_cast<unsigned>(std::min<std::size_t>(size, UINT_MAX));
}

/// A stream that lacks memory to be unpacked is not one that is damaged: there may be a value in
/// it.
void require(bool memory)
{
    if (!memory)
        throw std::bad_alloc();
}

class Deflate : public Codec {
public:
    static constexpr int zlibOrGzip = MAX_WBITS + 32;
    static constexpr int bare = -MAX_WBITS;

    explicit Deflate(int wrapping = zlibOrGzip)
    {
        require(inflateInit2(&m_state, wrapping) == Z_OK);
    }
    ~Deflate() override { inflateEnd(&m_state); }
    Deflate(const Deflate&) = delete;
    Deflate& operator=(const Deflate&) = delete;

    Step step(ByteView in, MutableByteView out) override
    {
        m_state.next_in = const_cast<Bytef*>(in.data());
        m_state.avail_in = sizeOf(in.size());
        m_state.next_out = out.data();
        m_state.avail_out = sizeOf(out.size());
        const int code = inflate(&m_state, Z_NO_FLUSH);
        require(code != Z_MEM_ERROR);
        return {in.size() - m_state.avail_in, out.size() - m_state.avail_out, code == Z_STREAM_END,
                code != Z_STREAM_END && code != Z_OK && code != Z_BUF_ERROR};
    }

private:
    z_stream m_state {};
};

/// A ZIP file's local header (30 bytes, then a name and more of given lengths) and what it is of.
class ZipEntry : public Codec {
public:
    Step step(ByteView in, MutableByteView out) override
    {
        std::size_t header = 0;
        while (header < in.size() && m_at < m_end)
            takeOfHeader(in[header++]);
        Step step;
        if (m_at == m_end)
            step = m_body.step(in.subspan(header), out);
        step.taken += header;
        return step;
    }

private:
    void takeOfHeader(std::uint8_t byte)
    {
        if (m_at == 26 || m_at == 28)
            m_end += byte;
        else if (m_at == 27 || m_at == 29)
            m_end += std::size_t {256} * byte;
        ++m_at;
    }

    std::size_t m_at = 0;
    std::size_t m_end = 30;
    Deflate m_body {Deflate::bare};
};

class Zstandard : public Codec {
public:
    Zstandard()
        : m_state(ZSTD_createDStream())
    {
        require(m_state != nullptr);
        ZSTD_DCtx_setParameter(m_state, ZSTD_d_windowLogMax, widestZstd);
    }
    ~Zstandard() override { ZSTD_freeDStream(m_state); }
    Zstandard(const Zstandard&) = delete;
    Zstandard& operator=(const Zstandard&) = delete;

    Step step(ByteView in, MutableByteView out) override
    {
        ZSTD_inBuffer from {in.data(), in.size(), 0};
        ZSTD_outBuffer to {out.data(), out.size(), 0};
        const std::size_t left = ZSTD_decompressStream(m_state, &to, &from);
        require(ZSTD_getErrorCode(left) != ZSTD_error_memory_allocation);
        return {from.pos, to.pos, left == 0, ZSTD_isError(left) != 0};
    }

private:
    ZSTD_DStream* m_state;
};

class Lz4 : public Codec {
public:
    Lz4() { require(LZ4F_isError(LZ4F_createDecompressionContext(&m_state, LZ4F_VERSION)) == 0); }
    ~Lz4() override { LZ4F_freeDecompressionContext(m_state); }
    Lz4(const Lz4&) = delete;
    Lz4& operator=(const Lz4&) = delete;

    Step step(ByteView in, MutableByteView out) override
    {
        std::size_t taken = in.size();
        std::size_t given = out.size();
        const std::size_t left
            = LZ4F_decompress(m_state, out.data(), &given, in.data(), &taken, nullptr);
        const bool failed = LZ4F_isError(left) != 0;
        require(!failed || LZ4F_getErrorName(left) != "ERROR_allocation_failed"sv);
        return failed ? Step {0, 0, false, true} : Step {taken, given, left == 0, false};
    }

private:
    LZ4F_dctx* m_state = nullptr;
};

class Xz : public Codec {
public:
    Xz() { require(lzma_stream_decoder(&m_state, mostMemory, 0) == LZMA_OK); }
    ~Xz() override { lzma_end(&m_state); }
    Xz(const Xz&) = delete;
    Xz& operator=(const Xz&) = delete;

    Step step(ByteView in, MutableByteView out) override
    {
        m_state.next_in = in.data();
        m_state.avail_in = in.size();
        m_state.next_out = out.data();
        m_state.avail_out = out.size();
        const lzma_ret code = lzma_code(&m_state, LZMA_RUN);
        require(code != LZMA_MEM_ERROR);
        return {in.size() - m_state.avail_in, out.size() - m_state.avail_out,
                code == LZMA_STREAM_END,
                code != LZMA_STREAM_END && code != LZMA_OK && code != LZMA_BUF_ERROR};
    }

private:
    lzma_stream m_state = LZMA_STREAM_INIT;
};

class Bzip2 : public Codec {
public:
    Bzip2() { require(BZ2_bzDecompressInit(&m_state, 0, 0) == BZ_OK); }
    ~Bzip2() override { BZ2_bzDecompressEnd(&m_state); }
    Bzip2(const Bzip2&) = delete;
    Bzip2& operator=(const Bzip2&) = delete;

    Step step(ByteView in, MutableByteView out) override
    {
        m_state.next_in = const_cast<char*>(reinterpret_cast<const char*>(in.data()));
        m_state.avail_in = sizeOf(in.size());
        m_state.next_out = reinterpret_cast<char*>(out.data());
        m_state.avail_out = sizeOf(out.size());
        const int code = BZ2_bzDecompress(&m_state);
        require(code != BZ_MEM_ERROR);
        return {in.size() - m_state.avail_in, out.size() - m_state.avail_out, code == BZ_STREAM_END,
                code != BZ_STREAM_END && code != BZ_OK};
    }

private:
    bz_stream m_state {};
};

struct Magic {
    std::string_view name;
    std::string_view bytes;
    std::unique_ptr<Codec> (*make)();
};

template <typename Kind> std::unique_ptr<Codec> make() { return std::make_unique<Kind>(); }

constexpr std::array<Magic, 10> magics {{
    {"gzip", "\x1f\x8b\x08"sv, make<Deflate>},
    {"zlib", "\x78\x01"sv, make<Deflate>},
    {"zlib", "\x78\x5e"sv, make<Deflate>},
    {"zlib", "\x78\x9c"sv, make<Deflate>},
    {"zlib", "\x78\xda"sv, make<Deflate>},
    {"zstd", "\x28\xb5\x2f\xfd"sv, make<Zstandard>},
    {"lz4", "\x04\x22\x4d\x18"sv, make<Lz4>},
    {"xz", "\xfd\x37zXZ\0"sv, make<Xz>},
    {"bzip2", "BZh"sv, make<Bzip2>},
    {"zip", "PK\x03\x04"sv, make<ZipEntry>},
}};

using Block [[gnu::vector_size(16)]] = std::uint8_t;

Block blockAt(const std::uint8_t* bytes)
{
    Block block;
    std::memcpy(&block, bytes, sizeof block);
    return block;
}

bool isMagic(const std::uint8_t* bytes)
{
    const bool inText = bytes[0] == 'e' ? bytes[1] == 'J' || bytes[1] == 'N'
        : bytes[0] == 'H'               ? bytes[1] == '4'
        : bytes[0] == 'U'               ? bytes[1] == 'E'
                                        : bytes[0] == 'K' && bytes[1] == 'L';
    return inText || std::any_of(magics.begin(), magics.end(), [&](const Magic& magic) {
               return std::memcmp(bytes, magic.bytes.data(), 2) == 0;
           });
}

} // namespace

void findMagics(const std::uint8_t* bytes, std::size_t begin, std::size_t end,
                std::vector<std::size_t>& positions)
{
    positions.clear();
    for (std::size_t at = begin; at < end; at += sizeof(Block)) {
        const Block a = blockAt(bytes + at);
        const Block b = blockAt(bytes + at + 1);
        const auto any = ((a == 0x78) & ((b == 0x01) | (b == 0x5e) | (b == 0x9c) | (b == 0xda)))
            | ((a == 0x1f) & (b == 0x8b)) | ((a == 0x28) & (b == 0xb5))
            | ((a == 0x04) & (b == 0x22)) | ((a == 0xfd) & (b == 0x37)) | ((a == 'B') & (b == 'Z'))
            | ((a == 'P') & (b == 'K')) | ((a == 'H') & (b == '4')) | ((a == 'K') & (b == 'L'))
            | ((a == 'U') & (b == 'E')) | ((a == 'e') & ((b == 'J') | (b == 'N')));
        using Words [[gnu::vector_size(16)]] = std::uint64_t;
        const auto words = reinterpret_cast<Words>(any);
        if ((words[0] | words[1]) == 0)
            continue;
        for (std::size_t i = at; i < std::min(at + sizeof(Block), end); ++i)
            if (isMagic(bytes + i))
                positions.push_back(i);
    }
}

bool isTextMagic(std::uint8_t first)
{
    return first == 'H' || first == 'K' || first == 'U' || first == 'e';
}

Opened open(ByteView head)
{
    for (const Magic& magic : magics)
        if (asText(head).starts_with(magic.bytes))
            return {magic.name, magic.make()};
    return {};
}

} // namespace coredact::unpacking
