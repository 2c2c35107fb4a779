// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/streammagic.h"

#include "scanner/base/memoryword.h"

#include <algorithm>
#include <array>
#include <bit>

#if COREDACT_X86
#include <immintrin.h>
#endif

namespace coredact {

namespace {

using Pair = std::array<std::uint8_t, 2>;

constexpr std::array<Pair, 10> pairs {{{0x78, 0x01},
                                       {0x78, 0x5e},
                                       {0x78, 0x9c},
                                       {0x78, 0xda}, // zlib
                                       {0x1f, 0x8b},
                                       {0x28, 0xb5},
                                       {0x04, 0x22}, // gzip, zstd, lz4
                                       {0xfd, 0x37},
                                       {'B', 'Z'},
                                       {'P', 'K'}}}; // xz, bzip2, members of ZIP files

} // namespace

bool isStreamMagic(std::uint8_t first, std::uint8_t second)
{
    return std::any_of(pairs.begin(), pairs.end(),
                       [&](const Pair& pair) { return pair[0] == first && pair[1] == second; });
}

namespace {

std::size_t searchPortable(ByteView bytes, std::size_t from, std::size_t to)
{
    for (; from < to && from + 1 < bytes.size(); ++from)
        if (isStreamMagic(bytes[from], bytes[from + 1]))
            return from;
    return to;
}

#if COREDACT_X86

/// For each value of half a byte the pairs, as bits, whose byte has it; the last three share one.
struct PairTables {
    alignas(16) std::array<std::array<std::uint8_t, 16>, 4> halves {};

    constexpr PairTables()
    {
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            const auto bit = static_cast<std::uint8_t>(1U << std::min<std::size_t>(i, 7));
            for (std::size_t byte = 0; byte < 2; ++byte) {
                halves[2 * byte][pairs[i][byte] & 15U] |= bit;
                halves[2 * byte + 1][pairs[i][byte] >> 4U] |= bit;
            }
        }
    }
};

constexpr PairTables tables;

__attribute__((target("avx2"))) inline __m256i table(std::size_t index)
{
    return _mm256_broadcastsi128_si256(
        _mm_load_si128(reinterpret_cast<const __m128i*>(tables.halves[index].data())));
}

__attribute__((target("avx2"))) inline __m256i bitsOf(__m256i bytes, __m256i low, __m256i high)
{
    const __m256i nibble = _mm256_set1_epi8(15);
    return _mm256_and_si256(
        _mm256_shuffle_epi8(low, _mm256_and_si256(bytes, nibble)),
        _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble)));
}

__attribute__((target("avx2"))) std::size_t searchAvx2(ByteView bytes, std::size_t from,
                                                       std::size_t to)
{
    const __m256i first0 = table(0);
    const __m256i first1 = table(1);
    const __m256i second0 = table(2);
    const __m256i second1 = table(3);
    const auto load = [&](std::size_t at) __attribute__((target("avx2")))
    {
        return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes.data() + at));
    };
    for (; from < to && bytes.size() - from >= 33; from += 32) {
        const __m256i both = _mm256_and_si256(bitsOf(load(from), first0, first1),
                                              bitsOf(load(from + 1), second0, second1));
        const __m256i none = _mm256_cmpeq_epi8(both, _mm256_setzero_si256());
        auto mask = ~static_cast<std::uint32_t>(_mm256_movemask_epi8(none));
        for (; mask != 0; mask &= mask - 1) {
            const std::size_t at = from + static_cast<std::size_t>(std::countr_zero(mask));
            if (at >= to)
                return to;
            if (isStreamMagic(bytes[at], bytes[at + 1]))
                return at;
        }
    }
    return searchPortable(bytes, from, to);
}

#define AVX512 __attribute__((target("avx512f,avx512bw")))

AVX512 inline __m512i wideTable(std::size_t index)
{
    return _mm512_maskz_broadcast_i32x4(
        0xffff, _mm_load_si128(reinterpret_cast<const __m128i*>(tables.halves[index].data())));
}

AVX512 inline __m512i wideBitsOf(const std::uint8_t* at, __m512i low, __m512i high)
{
    const __m512i nibble = _mm512_set1_epi8(15);
    const __m512i bytes = _mm512_loadu_si512(at);
    return _mm512_and_si512(
        _mm512_shuffle_epi8(low, _mm512_and_si512(bytes, nibble)),
        _mm512_shuffle_epi8(high, _mm512_and_si512(_mm512_srli_epi16(bytes, 4), nibble)));
}

AVX512 std::size_t searchAvx512(ByteView bytes, std::size_t from, std::size_t to)
{
    const __m512i first0 = wideTable(0);
    const __m512i first1 = wideTable(1);
    const __m512i second0 = wideTable(2);
    const __m512i second1 = wideTable(3);
    for (; from < to && bytes.size() - from >= 65; from += 64) {
        std::uint64_t mask
            = _mm512_test_epi8_mask(wideBitsOf(bytes.data() + from, first0, first1),
                                    wideBitsOf(bytes.data() + from + 1, second0, second1));
        for (; mask != 0; mask &= mask - 1) {
            const std::size_t at = from + static_cast<std::size_t>(std::countr_zero(mask));
            if (at >= to)
                return to;
            if (isStreamMagic(bytes[at], bytes[at + 1]))
                return at;
        }
    }
    return searchPortable(bytes, from, to);
}

#undef AVX512

#else

constexpr StreamMagicSearch searchAvx2 = nullptr;
constexpr StreamMagicSearch searchAvx512 = nullptr;

#endif

std::uint8_t byteAt(ByteView bytes, std::size_t at) { return at < bytes.size() ? bytes[at] : 0; }

/// Up to 57 bits at a bit position, the lowest bit first, as deflate counts them.
std::uint64_t bitsAt(ByteView bytes, std::size_t bit)
{
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < 8; ++i)
        word |= static_cast<std::uint64_t>(byteAt(bytes, bit / 8 + i)) << (8 * i);
    return word >> (bit % 8);
}

/// Whether a deflate stream may begin here: its first block's kind, the stored block's doubled
/// length, or the dynamic block's counts and the completeness of its first code.
bool mayBeDeflate(ByteView bytes)
{
    const std::uint64_t head = bitsAt(bytes, 0);
    const unsigned kind = head >> 1 & 3;
    if (kind == 0)
        return byteAt(bytes, 1) == (byteAt(bytes, 3) ^ 0xff)
            && byteAt(bytes, 2) == (byteAt(bytes, 4) ^ 0xff);
    if (kind != 2)
        return kind == 1;
    const unsigned literals = head >> 3 & 31;
    const unsigned distances = head >> 8 & 31;
    const unsigned lengths = (head >> 13 & 15) + 4;
    if (literals > 29 || distances > 29)
        return false;
    unsigned space = 0; // in 128ths
    for (unsigned i = 0; i < lengths; ++i)
        if (const unsigned length = bitsAt(bytes, 17 + 3 * std::size_t(i)) & 7; length != 0)
            space += 128U >> length;
    return space == 128;
}

bool startsWith(ByteView bytes, std::string_view magic) { return asText(bytes).starts_with(magic); }

bool isGzip(ByteView bytes)
{
    if (!startsWith(bytes, "\x1f\x8b\x08") || bytes.size() < 18 || (bytes[3] & 0xe0) != 0)
        return false;
    return bytes[3] != 0 || mayBeDeflate(bytes.subspan(10));
}

/// The local header of a member that is deflated and not encrypted. Its sizes may follow it.
bool isZipMember(ByteView bytes)
{
    if (!startsWith(bytes, "PK\x03\x04") || bytes.size() < zipHeaderSize)
        return false;
    constexpr unsigned encrypted = 1U << 0 | 1U << 6 | 1U << 13;
    constexpr unsigned sizesFollow = 1U << 3;
    constexpr std::uint16_t deflated = 8;
    constexpr std::size_t longestHeader = 2048;
    const unsigned flags = littleWord<std::uint16_t>(bytes.data() + 6);
    const bool hasSize
        = (flags & sizesFollow) != 0 || littleWord<std::uint32_t>(bytes.data() + 18) != 0;
    return (flags & encrypted) == 0 && littleWord<std::uint16_t>(bytes.data() + 8) == deflated
        && hasSize && wholeZipHeader(bytes) <= longestHeader;
}

bool isLz4(ByteView bytes)
{
    return startsWith(bytes, "\x04\x22\x4d\x18") && bytes.size() > 7 && (bytes[4] & 0xc2) == 0x40
        && (bytes[5] & 0x8f) == 0 && bytes[5] >= 0x40;
}

} // namespace

std::span<const KernelChoice<StreamMagicSearch>> streamMagicSearches()
{
    static const auto searches
        = usableKernels<StreamMagicSearch>({{Vectors::None, searchPortable},
                                            {Vectors::Avx2, searchAvx2},
                                            {Vectors::Avx512Bytes, searchAvx512}});
    return searches;
}

std::size_t nextStreamMagic(ByteView bytes, std::size_t from, std::size_t to)
{
    static const StreamMagicSearch best = streamMagicSearches().back().kernel;
    return best(bytes, from, to);
}

bool mayBeBareDeflate(ByteView bytes)
{
    constexpr unsigned ownCodes = 2;
    return (byteAt(bytes, 0) >> 1 & 3U) == ownCodes && mayBeDeflate(bytes);
}

bool mayBegin(StreamCodec codec, ByteView bytes)
{
    return codec == StreamCodec::Deflate ? mayBeBareDeflate(bytes) : streamHead(bytes) == codec;
}

std::optional<StreamCodec> streamHead(ByteView bytes)
{
    switch (byteAt(bytes, 0)) {
    case 0x78:
        if (isStreamMagic(0x78, byteAt(bytes, 1)) && mayBeDeflate(bytes.subspan(2)))
            return StreamCodec::Zlib;
        break;
    case 0x1f:
        if (isGzip(bytes))
            return StreamCodec::Gzip;
        break;
    case 0x28:
        if (startsWith(bytes, "\x28\xb5\x2f\xfd") && (byteAt(bytes, 4) & 0x08) == 0)
            return StreamCodec::Zstd;
        break;
    case 0x04:
        if (isLz4(bytes))
            return StreamCodec::Lz4;
        break;
    case 0xfd:
        if (startsWith(bytes,
                       std::string_view("\xfd"
                                        "7zXZ\0\0",
                                        7)))
            return StreamCodec::Xz;
        break;
    case 'B':
        if (startsWith(bytes, "BZh") && byteAt(bytes, 3) >= '1' && byteAt(bytes, 3) <= '9'
            && startsWith(bytes.subspan(4), "\x31\x41\x59\x26\x53\x59"))
            return StreamCodec::Bzip2;
        break;
    case 'P':
        if (isZipMember(bytes))
            return StreamCodec::ZipMember;
        break;
    default:
        break;
    }
    return std::nullopt;
}

} // namespace coredact
