// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

#include <bzlib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

namespace coredact::test {

template <typename Byte> Byte* bytesOf(const std::string& text)
{
    return reinterpret_cast<Byte*>(const_cast<char*>(text.data()));
}

/// `windowBits` as zlib counts them: 31 for gzip, 15 for zlib.
inline std::string deflated(const std::string& plain, int windowBits, int level = 6)
{
    z_stream stream {};
    deflateInit2(&stream, level, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&stream, plain.size()) + 64, '\0');
    stream.next_in = bytesOf<Bytef>(plain);
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = bytesOf<Bytef>(packed);
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(packed.size() - stream.avail_out);
    deflateEnd(&stream);
    return packed;
}

/// A ZIP file's local header and what it is of. Where streams are written on the fly, sizes and
/// checksum follow.
inline std::string zipMember(const std::string& plain, const std::string& name = "settings.ini",
                             char method = 8, char flags = 0)
{
    const std::string body = deflated(plain, -15);
    const auto number = [](std::size_t value, unsigned bytes) {
        std::string text;
        for (unsigned i = 0; i < bytes; ++i)
            text += static_cast<char>(value >> (8 * i));
        return text;
    };
    const auto checksum = crc32(0, bytesOf<const Bytef>(plain), static_cast<uInt>(plain.size()));
    const bool sizesFollow = (flags & 8) != 0;
    return std::string("PK\x03\x04\x14\0", 6) + flags + '\0' + method + '\0'
        + number(0x5a21'6b42, 4) + number(sizesFollow ? 0 : checksum, 4)
        + number(sizesFollow ? 0 : body.size(), 4) + number(sizesFollow ? 0 : plain.size(), 4)
        + number(name.size(), 2) + number(5, 2) + name + std::string("UT\x01\0\x03", 5) + body;
}

/// `plain` packed in one of the formats that are told by their first bytes, with the checksum that
/// the format has.
inline std::string packed(const std::string& codec, const std::string& plain)
{
    if (codec == "gzip")
        return deflated(plain, 31);
    if (codec == "zlib")
        return deflated(plain, 15);
    if (codec == "zip")
        return zipMember(plain);
    std::string out(plain.size() * 2 + 100'000, '\0');
    std::size_t size = 0;
    if (codec == "zstd") {
        ZSTD_CCtx* const context = ZSTD_createCCtx();
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
        size = ZSTD_compress2(context, out.data(), out.size(), plain.data(), plain.size());
        ZSTD_freeCCtx(context);
    } else if (codec == "lz4") {
        LZ4F_preferences_t preferences {};
        preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
        size = LZ4F_compressFrame(out.data(), out.size(), plain.data(), plain.size(), &preferences);
    } else if (codec == "xz") {
        lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, nullptr, bytesOf<const std::uint8_t>(plain),
                                plain.size(), bytesOf<std::uint8_t>(out), &size, out.size());
    } else if (codec == "bzip2") {
        auto length = static_cast<unsigned>(out.size());
        BZ2_bzBuffToBuffCompress(out.data(), &length, bytesOf<char>(plain),
                                 static_cast<unsigned>(plain.size()), 1, 0, 0);
        size = length;
    } else {
        std::abort();
    }
    out.resize(size);
    return out;
}

} // namespace coredact::test
