// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/base64view.h"

#include "scanner/rules/codec.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::size_t leastCharacters = 24;
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

/// The characters of one run, with the lines they stand in.
struct Run {
    SecretBytes characters;
    std::vector<ViewLine> lines;
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
        while (at + leastCharacters <= m_bytes.size() && at < m_window.freshEnd) {
            // From the right: whatever is no base64 there rules out all starts before it.
            std::size_t i = leastCharacters;
            while (i > 0 && isBase64(m_bytes[at + i - 1]))
                --i;
            at = i > 0 ? at + i : takeRun(at);
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
        if (end > m_window.freshBegin)
            decodeRun();
        return end;
    }

    void decodeRun()
    {
        m_run.characters.clear();
        for (const ViewLine& line : m_run.lines)
            m_run.characters.insert(
                m_run.characters.end(),
                m_bytes.begin() + static_cast<std::ptrdiff_t>(line.windowBegin),
                m_bytes.begin() + static_cast<std::ptrdiff_t>(line.windowBegin + line.size));
        const unsigned starts = asciiStarts() | derStarts();
        for (std::size_t start = 0; start < 4; ++start)
            if (starts & (1U << start))
                decodeFrom(start);
    }

    /// The starts of decoding that give ASCII somewhere in the run, as bits.
    unsigned asciiStarts() const
    {
        static const AsciiTables tables = makeAsciiTables();
        const SecretBytes& c = m_run.characters;
        unsigned found = 0;
        std::array<unsigned, quadsOfAscii> last {};
        for (std::size_t i = 0, quad = 0; i + 4 <= c.size();
             i += 4, quad = (quad + 1) % quadsOfAscii) {
            last[quad]
                = tables[0][c[i]] & tables[1][c[i + 1]] & tables[2][c[i + 2]] & tables[3][c[i + 3]];
            found |= last[0] & last[1] & last[2] & last[3] & last[4];
        }
        return found;
    }

    /// The starts from which something decodes that may begin a key in DER: a SEQUENCE with a long
    /// length ("MII", "MIG" and so on), or a short one with a version number ("MHcCAQE").
    unsigned derStarts() const
    {
        const SecretBytes& c = m_run.characters;
        unsigned found = 0;
        for (std::size_t i = 0; i + 6 <= c.size(); ++i) {
            if (c[i] != 'M')
                continue;
            const bool isLong = c[i + 1] == 'I' && c[i + 2] >= 'G' && c[i + 2] <= 'J';
            const bool isShort = c[i + 3] == 'C' && c[i + 4] == 'A' && c[i + 5] == 'Q';
            if (isLong || isShort)
                found |= 1U << (i % 4);
        }
        return found;
    }

    void decodeFrom(std::size_t start)
    {
        const SecretBytes& c = m_run.characters;
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
