// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/base64view.h"

#include "scanner/rules/codec.h"

#include <algorithm>
#include <bit>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace coredact {

namespace {

constexpr std::size_t leastCharacters = 24;
constexpr std::size_t leastLine = 40; ///< characters of a line that another one may follow
constexpr std::size_t widestIndent = 16;
constexpr std::size_t quadsOfAscii = 5; ///< 20 characters, 15 bytes

bool isBase64(std::uint8_t byte) { return base64Values[byte] != 0xff; }

#ifdef __SSE2__
/// A bit for each of sixteen bytes, set where it is of base64.
unsigned base64Bits(const std::uint8_t* from)
{
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    const auto is = [&](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
    // first <= byte < first + count: moved to begin at the least signed number.
    const auto within = [](__m128i value, char first, int count) {
        const auto least = static_cast<char>(-128);
        const __m128i moved = _mm_add_epi8(value, _mm_set1_epi8(static_cast<char>(least - first)));
        return _mm_cmplt_epi8(moved, _mm_set1_epi8(static_cast<char>(least + count)));
    };
    const __m128i letters = within(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 26);
    const __m128i digits = within(bytes, '/', 11); // '/' stands before '0'
    const __m128i others = _mm_or_si128(is('+'), _mm_or_si128(is('-'), is('_')));
    return static_cast<unsigned>(
        _mm_movemask_epi8(_mm_or_si128(letters, _mm_or_si128(digits, others))));
}
#endif

/// The same for the next 64 bytes, or as many as there are.
std::uint64_t base64Mask(ByteView bytes)
{
    std::uint64_t mask = 0;
#ifdef __SSE2__
    if (bytes.size() >= 64) {
        for (std::size_t i = 0; i < 64; i += 16)
            mask |= static_cast<std::uint64_t>(base64Bits(bytes.data() + i)) << i;
        return mask;
    }
#endif
    for (std::size_t i = 0; i < std::min<std::size_t>(bytes.size(), 64); ++i)
        mask |= static_cast<std::uint64_t>(isBase64(bytes[i])) << i;
    return mask;
}

/// Finds where runs of 24 bytes end, 64 bytes at a time and without a branch for each byte.
class RunEnds {
public:
    /// The bytes of the next mask at which a run reaches 24 bytes or goes on after that.
    std::uint64_t next(std::uint64_t mask)
    {
        // Where a run of so many bytes ends: where one of half as many does, and one before it.
        const std::uint64_t two = mask & (mask << 1 | m_one >> 63);
        const std::uint64_t four = two & (two << 2 | m_two >> 62);
        const std::uint64_t eight = four & (four << 4 | m_four >> 60);
        const std::uint64_t sixteen = eight & (eight << 8 | m_eight >> 56);
        const std::uint64_t all = sixteen & (eight << 16 | m_eight >> 48);
        m_one = mask;
        m_two = two;
        m_four = four;
        m_eight = eight;
        return all;
    }

private:
    std::uint64_t m_one = 0;
    std::uint64_t m_two = 0;
    std::uint64_t m_four = 0;
    std::uint64_t m_eight = 0;
};

/// For each place in a group of four (the table) and each character: a bit for each of the four
/// starts of decoding, set where the character may stand in ASCII bytes. Those have a zero as
/// their top bit, which is bit 5, 3 and 1 of the first, second and third character.
constexpr std::array<std::uint8_t, 3> topBits {0x20, 0x08, 0x02};
using AsciiTables = std::array<std::array<std::uint8_t, 256>, 4>;

AsciiTables makeAsciiTables()
{
    AsciiTables tables {};
    for (std::size_t place = 0; place < 4; ++place)
        for (std::size_t byte = 0; byte < 256; ++byte)
            for (std::size_t start = 0; start < 4; ++start) {
                const std::size_t inGroup = (place + 4 - start) % 4;
                const std::uint8_t value = base64Values[byte];
                if (value != 0xff && (inGroup == 3 || (value & topBits[inGroup]) == 0))
                    tables[place][byte]
                        = static_cast<std::uint8_t>(tables[place][byte] | 1U << start);
            }
    return tables;
}

/// The characters of one run, with the lines they stand in.
struct Run {
    std::vector<ViewLine> lines;
    SecretBytes joined; ///< of several lines
    ByteView characters;
};

/// Finds the runs of one window and decodes those that are worth it.
class Base64Runs {
public:
    Base64Runs(const Window& window, Base64Views& views)
        : m_window(window)
        , m_bytes(window.bytes)
        , m_views(views)
    {
    }

    void find()
    {
        std::size_t at = 0;
        RunEnds ends;
        while (at < m_bytes.size()) {
            const std::uint64_t reached = ends.next(base64Mask(m_bytes.subspan(at)));
            if (reached == 0) {
                at += 64;
                continue;
            }
            const auto last = at + static_cast<std::size_t>(std::countr_zero(reached));
            at = takeRun(last + 1 - leastCharacters);
            ends = {};
        }
    }

private:
    std::size_t lineEnd(std::size_t at) const
    {
        while (at < m_bytes.size() && isBase64(m_bytes[at]))
            ++at;
        return at;
    }

    bool startsWith(std::size_t at, std::string_view text) const
    {
        return asText(m_bytes.subspan(at)).starts_with(text);
    }

    /// Where the next line of the same base64 begins, when one follows the line that ends at `at`.
    std::size_t nextLine(std::size_t at) const
    {
        std::size_t next = at;
        for (const std::string_view lineBreak : {"\r\n", "\n", "\\r\\n", "\\n"})
            if (next == at && startsWith(at, lineBreak))
                next = at + lineBreak.size();
        if (next == at)
            return at;
        const std::size_t most = std::min(m_bytes.size(), next + widestIndent);
        while (next < most && (m_bytes[next] == ' ' || m_bytes[next] == '\t'))
            ++next;
        return next < m_bytes.size() && isBase64(m_bytes[next]) ? next : at;
    }

    /// Takes the run that begins at `begin`; answers where to go on.
    std::size_t takeRun(std::size_t begin)
    {
        m_run.lines.clear();
        std::size_t end = lineEnd(begin);
        m_run.lines.push_back({0, begin, end - begin});
        while (m_run.lines.back().size >= leastLine) {
            const std::size_t next = nextLine(end);
            if (next == end)
                break;
            const ViewLine& last = m_run.lines.back();
            end = lineEnd(next);
            m_run.lines.push_back({last.characterBegin + last.size, next, end - next});
        }
        decodeRun();
        return end;
    }

    void decodeRun()
    {
        const auto bytesOf
            = [&](const ViewLine& line) { return m_bytes.subspan(line.windowBegin, line.size); };
        m_run.characters = bytesOf(m_run.lines.front());
        if (m_run.lines.size() > 1) {
            m_run.joined.clear();
            for (const ViewLine& line : m_run.lines) {
                const ByteView part = bytesOf(line);
                m_run.joined.insert(m_run.joined.end(), part.begin(), part.end());
            }
            m_run.characters = m_run.joined;
        }
        const unsigned starts = asciiStarts() | derStarts();
        for (std::size_t start = 0; start < 4; ++start)
            if (starts & (1U << start))
                decodeFrom(start);
    }

    /// The starts of decoding that give ASCII somewhere in the run, as bits: for which five groups
    /// of four in a row may be ASCII. Any five in a row hold every fifth group of the run, so most
    /// groups need no look.
    unsigned asciiStarts() const
    {
        static const AsciiTables tables = makeAsciiTables();
        const ByteView c = m_run.characters;
        const auto quad = [&](std::size_t index) {
            const std::uint8_t* at = c.data() + 4 * index;
            return static_cast<unsigned>(tables[0][at[0]] & tables[1][at[1]] & tables[2][at[2]]
                                         & tables[3][at[3]]);
        };
        const std::size_t quads = c.size() / 4;
        unsigned found = 0;
        for (std::size_t middle = quadsOfAscii - 1; middle < quads; middle += quadsOfAscii) {
            if (quad(middle) == 0)
                continue;
            const std::size_t last = std::min(quads, middle + quadsOfAscii);
            std::array<unsigned, quadsOfAscii> row {};
            for (std::size_t i = middle + 1 - quadsOfAscii; i < last; ++i) {
                row[i % quadsOfAscii] = quad(i);
                found |= row[0] & row[1] & row[2] & row[3] & row[4];
            }
        }
        return found;
    }

    /// The starts from which something decodes that may begin a key in DER: a SEQUENCE with a long
    /// length ("MII", "MIG" and so on), or a short one with a version number ("MHcCAQE").
    unsigned derStarts() const
    {
        const ByteView c = m_run.characters;
        unsigned found = 0;
        std::size_t i = 0;
        while (i + 6 <= c.size()) {
            const void* const next = std::memchr(c.data() + i, 'M', c.size() - 5 - i);
            if (!next)
                break;
            i = static_cast<std::size_t>(static_cast<const std::uint8_t*>(next) - c.data());
            const bool isLong = c[i + 1] == 'I' && c[i + 2] >= 'G' && c[i + 2] <= 'J';
            const bool isShort = c[i + 3] == 'C' && c[i + 4] == 'A' && c[i + 5] == 'Q';
            if (isLong || isShort)
                found |= 1U << (i % 4);
            ++i;
        }
        return found;
    }

    void decodeFrom(std::size_t start)
    {
        const ByteView c = m_run.characters;
        ViewBuffer& buffer = m_views.decoded[start];
        buffer.begin(m_run.lines, start);
        SecretBytes& out = buffer.bytes();
        std::size_t to = out.size();
        const std::size_t left = start < c.size() ? c.size() - start : 0;
        out.resize(to + left * 3 / 4);
        std::size_t i = start;
        for (; i + 4 <= c.size(); i += 4) {
            const std::uint32_t bits = static_cast<std::uint32_t>(base64Values[c[i]]) << 18
                | static_cast<std::uint32_t>(base64Values[c[i + 1]]) << 12
                | static_cast<std::uint32_t>(base64Values[c[i + 2]]) << 6 | base64Values[c[i + 3]];
            out[to++] = static_cast<std::uint8_t>(bits >> 16);
            out[to++] = static_cast<std::uint8_t>(bits >> 8);
            out[to++] = static_cast<std::uint8_t>(bits);
        }
        if (left % 4 >= 2)
            out[to++]
                = static_cast<std::uint8_t>(base64Values[c[i]] << 2 | base64Values[c[i + 1]] >> 4);
        if (left % 4 == 3)
            out[to++] = static_cast<std::uint8_t>(base64Values[c[i + 1]] << 4
                                                  | base64Values[c[i + 2]] >> 2);
        buffer.end();
    }

    const Window& m_window;
    ByteView m_bytes;
    Base64Views& m_views;
    Run m_run;
};

} // namespace

Base64Views::Base64Views(const Window& window)
    : decoded {ViewBuffer(window, ViewStep::Base64, base64Separator),
               ViewBuffer(window, ViewStep::Base64, base64Separator),
               ViewBuffer(window, ViewStep::Base64, base64Separator),
               ViewBuffer(window, ViewStep::Base64, base64Separator)}
{
    Base64Runs(window, *this).find();
}

} // namespace coredact
