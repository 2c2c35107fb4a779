// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/viewbuffer.h"

#include <optional>

namespace coredact {

/// The byte that a backslash and this character stand for; none where more digits follow, or they
/// stand for nothing.
std::optional<std::uint8_t> namedEscape(std::uint8_t name);

/// Lines of text that are written with escapes, read without them: percent encoding of URLs and
/// forms (three escapes and more, close together), and the escapes of JSON, JavaScript and C with
/// a backslash (two and more). Such a line is read from 256 bytes before the first escape to its
/// end: what stands farther from any escape reads the same as it is.
class EscapeViews {
public:
    explicit EscapeViews(const Window& window);

    /// Takes the lines that show in the next 64 bytes of the window, which begin at `at`; `marks`:
    /// those of them that begin an escape.
    void look(std::size_t at, std::uint64_t marks)
    {
        if (marks != 0)
            takeMarks(at, marks);
    }

    ViewBuffer percent;
    ViewBuffer backslash;

private:
    struct Escape {
        std::size_t size = 0; ///< bytes; 0: it is none
        std::uint8_t value = 0;
    };
    void takeMarks(std::size_t at, std::uint64_t marks);
    void take(std::size_t at, ViewBuffer& buffer, std::size_t& end);
    Escape escapeAt(std::size_t at, std::uint8_t mark) const;
    bool isDense(std::size_t at, std::uint8_t mark) const;
    void decode(std::size_t begin, std::uint8_t mark, ViewBuffer& buffer, std::size_t& end);
    int hexAt(std::size_t at, std::size_t digits) const;

    ByteView m_bytes;
    std::size_t m_percentEnd = 0; ///< what lies before it was taken
    std::size_t m_backslashEnd = 0;
    std::vector<ViewLine> m_lines; ///< of the line at hand
};

} // namespace coredact
