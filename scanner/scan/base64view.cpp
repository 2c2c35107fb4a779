// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/base64view.h"

#include "scanner/rules/codec.h"
#include "scanner/scan/streammagic.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace coredact {

namespace {

constexpr std::size_t leastLine = 40; ///< characters of a line that another one may follow
constexpr std::size_t widestIndent = 16;
constexpr std::size_t quadsOfAscii = 5; ///< 20 characters, 15 bytes

bool isBase64(std::uint8_t byte) { return base64Values[byte] != 0xff; }

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

struct HeadText {
    std::string_view text;
    std::size_t toGroup; ///< how many characters behind it a group begins
};

/// What the heads a1 44 03 42 00 04 and so on look like in base64, as far as they decide it, where
/// they begin with a group of characters, one byte behind it, and two: of points of 32 and 48
/// bytes, of 64 (after 81 85 03 81 82) and of 66.
constexpr std::array ecPublicHeads {
    HeadText {"oUQDQgA", 0},   HeadText {"FEA0IAB", 2},    HeadText {"hRANCAA", 1},
    HeadText {"oWQDYgA", 0},   HeadText {"FkA2IAB", 2},    HeadText {"hZANiAA", 1},
    HeadText {"oYGFA4GCA", 0}, HeadText {"GBhQOBggAE", 2}, HeadText {"hgYUDgYIA", 1},
    HeadText {"oYGJA4GGA", 0}, HeadText {"GBiQOBhgAE", 2}, HeadText {"hgYkDgYYA", 1}};

/// The same of 02 15 00, 02 1d 00 and 02 21 00, with which q of DSA begins.
constexpr std::array dsaOrderHeads {HeadText {"AhUA", 0}, HeadText {"IVA", 2}, HeadText {"CFQ", 1},
                                    HeadText {"Ah0A", 0}, HeadText {"IdA", 2}, HeadText {"CHQ", 1},
                                    HeadText {"AiEA", 0}, HeadText {"IhA", 2}, HeadText {"CIQ", 1}};

/// The starts from which one of these heads decodes somewhere in these characters.
unsigned startsOf(std::span<const HeadText> heads, ByteView c)
{
    unsigned found = 0;
    for (const HeadText& head : heads)
        for (auto at = c.begin();; ++at) {
            at = std::search(at, c.end(), head.text.begin(), head.text.end());
            if (at == c.end())
                break;
            found |= 1U << (static_cast<std::size_t>(at - c.begin()) + head.toGroup) % 4;
        }
    return found;
}

} // namespace

Base64Views::Base64Views(const Window& window, std::span<const std::uint64_t> masks)
    : decoded {ViewBuffer(window, ViewStep::Base64, base64Separator),
               ViewBuffer(window, ViewStep::Base64, base64Separator),
               ViewBuffer(window, ViewStep::Base64, base64Separator),
               ViewBuffer(window, ViewStep::Base64, base64Separator)}
    , m_bytes(window.bytes)
    , m_masks(masks)
{
    find();
    m_masks = {};
}

namespace {

/// Where runs of 24 bytes end: where one of half as many does, and one before it.
std::uint64_t longRuns(std::uint64_t mask, std::uint64_t before)
{
    const std::uint64_t twoBefore = before & before << 1;
    const std::uint64_t fourBefore = twoBefore & twoBefore << 2;
    const std::uint64_t eightBefore = fourBefore & fourBefore << 4;
    const std::uint64_t two = mask & moved(mask, before, 1);
    const std::uint64_t four = two & moved(two, twoBefore, 2);
    const std::uint64_t eight = four & moved(four, fourBefore, 4);
    return eight & moved(eight, eightBefore, 8) & moved(eight, eightBefore, 16);
}

} // namespace

/// A run of 24 bytes holds two whole groups of eight, one after the other; most blocks of 64 do
/// not have these.
void Base64Views::find()
{
    constexpr std::uint64_t ones = 0x0101010101010101U;
    std::uint64_t before = 0; // a bit above each whole group of the last block
    bool again = false; // a run whose second group ends a block may reach 24 bytes in the next one
    for (std::size_t i = 0; i < m_masks.size(); ++i) {
        const std::uint64_t mask = m_masks[i];
        const std::uint64_t whole = (~mask - ones) & mask & ones << 7;
        const std::uint64_t two = whole & moved(whole, before, 8);
        if (two != 0 || again)
            takeRuns(64 * i, longRuns(mask, i == 0 ? 0 : m_masks[i - 1]));
        again = two >> 63 != 0;
        before = whole;
    }
}

/// `ends`: where in the block at `at` runs are as long as counts.
void Base64Views::takeRuns(std::size_t at, std::uint64_t ends)
{
    while (ends != 0) {
        const std::size_t last = at + static_cast<std::size_t>(std::countr_zero(ends));
        if (last >= m_end)
            m_end = takeRun(std::max(m_end, runBegin(m_masks, last)));
        if (m_end >= at + 64)
            return;
        ends &= m_end > at ? ~std::uint64_t(0) << (m_end - at) : ends - 1;
    }
}

bool Base64Views::startsWith(std::size_t at, std::string_view text) const
{
    return asText(m_bytes.subspan(at)).starts_with(text);
}

/// Where the next line of the same base64 begins, when one follows the line that ends at `at`.
std::size_t Base64Views::nextLine(std::size_t at) const
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
std::size_t Base64Views::takeRun(std::size_t begin)
{
    m_lines.clear();
    std::size_t end = runEnd(m_masks, begin, m_bytes.size());
    m_lines.push_back({0, begin, end - begin});
    while (m_lines.back().size >= leastLine) {
        const std::size_t next = nextLine(end);
        if (next == end)
            break;
        const ViewLine& last = m_lines.back();
        end = runEnd(m_masks, next, m_bytes.size());
        m_lines.push_back({last.characterBegin + last.size, next, end - next});
    }
    decodeRun();
    return end;
}

void Base64Views::decodeRun()
{
    const auto bytesOf
        = [&](const ViewLine& line) { return m_bytes.subspan(line.windowBegin, line.size); };
    m_characters = bytesOf(m_lines.front());
    if (m_lines.size() > 1) {
        m_joined.clear();
        for (const ViewLine& line : m_lines) {
            const ByteView part = bytesOf(line);
            m_joined.insert(m_joined.end(), part.begin(), part.end());
        }
        m_characters = m_joined;
    }
    const unsigned starts = asciiStarts() | derStarts() | remainsStarts() | streamStarts();
    for (std::size_t start = 0; start < 4; ++start)
        if (starts & (1U << start))
            decodeFrom(start);
}

/// The starts of decoding that give ASCII somewhere in the run, as bits: for which five groups
/// of four in a row may be ASCII. Any five in a row hold every fifth group of the run, so most
/// groups need no look.
unsigned Base64Views::asciiStarts() const
{
    static const AsciiTables tables = makeAsciiTables();
    const ByteView c = m_characters;
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
unsigned Base64Views::derStarts() const
{
    const ByteView c = m_characters;
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

/// The starts from which what follows a lost head decodes: the public key of an EC key ([1] with a
/// BIT STRING, RFC 5915), and q of a DSA key. What is left of the text of such a key may have
/// neither its first line nor its head. Such texts are short.
unsigned Base64Views::remainsStarts() const
{
    constexpr std::size_t leastEc = 100; // a compressed point would be less, and is met nowhere
    constexpr std::size_t mostEc = 1024;
    constexpr std::size_t leastDsa = 200; // from q on, of 1024 bits
    constexpr std::size_t mostDsa = 2048; // of 3072 bits
    const std::size_t size = m_characters.size();
    return (size >= leastEc && size <= mostEc ? startsOf(ecPublicHeads, m_characters) : 0)
        | (size >= leastDsa && size <= mostDsa ? startsOf(dsaOrderHeads, m_characters) : 0);
}

/// The starts from which the head of a compressed stream decodes. Bare deflate begins where the
/// text does: "SAMLRequest=...".
unsigned Base64Views::streamStarts() const
{
    const ByteView c = m_characters;
    const auto bitsAt = [&](std::size_t at) {
        return static_cast<std::uint32_t>(base64Values[c[at]]) << 18
            | static_cast<std::uint32_t>(base64Values[c[at + 1]]) << 12
            | static_cast<std::uint32_t>(base64Values[c[at + 2]]) << 6 | base64Values[c[at + 3]];
    };
    unsigned found = 0;
    if (c.size() < 7) // no run is that short
        return found;
    std::uint64_t fronts = bitsAt(0); // of all four starts, six bits apart
    for (std::size_t at = 4; at < 7; ++at)
        fronts = fronts << 6 | base64Values[c[at]];
    for (std::size_t start = 0; start < 4; ++start) {
        const auto front = static_cast<std::uint32_t>(fronts >> 6 * (3 - start)) & 0xffffffU;
        const bool mayBeBare = start == 0 && (front >> 17 & 3) == 2;
        if (!mayBeBare
            && !isStreamMagic(static_cast<std::uint8_t>(front >> 16),
                              static_cast<std::uint8_t>(front >> 8)))
            continue;
        std::array<std::uint8_t, 33> head;
        std::size_t size = 0;
        for (std::size_t at = start; at + 4 <= c.size() && size < head.size(); at += 4)
            for (const unsigned shift : {16U, 8U, 0U})
                head[size++] = static_cast<std::uint8_t>(bitsAt(at) >> shift);
        const ByteView bytes = ByteView(head).first(size);
        if (streamHead(bytes) || (mayBeBare && mayBeBareDeflate(bytes)))
            found |= 1U << start;
    }
    return found;
}

void Base64Views::decodeFrom(std::size_t start)
{
    const ByteView c = m_characters;
    ViewBuffer& buffer = decoded[start];
    buffer.begin(m_lines, start);
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
        out[to++]
            = static_cast<std::uint8_t>(base64Values[c[i + 1]] << 4 | base64Values[c[i + 2]] >> 2);
    buffer.end();
}

} // namespace coredact
