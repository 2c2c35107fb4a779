// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/escapes.h"
#include "scanner/scan/viewbuffer.h"

namespace coredact {

/// Lines of text that are written with escapes, read without them: percent encoding of URLs and
/// forms (three escapes and more, close together), the escapes of JSON, JavaScript and C with a
/// backslash, and the character references of HTML and XML (two and more; of a letter that ASCII
/// does not have one is enough). What stands for a byte is read as that, what stands for a
/// character beyond Latin-1 as its UTF-8. Such a line is read from 256 bytes before the first
/// escape to its end: what stands farther from any escape reads the same as it is. References stand
/// in text that real lines divide as well, as "&#13;" does where XML has a PEM block; there each
/// line is read that has one near it.
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
    ViewBuffer reference;

private:
    void takeMarks(std::size_t at, std::uint64_t marks);
    void take(std::size_t at, ViewBuffer& buffer, std::size_t& end);
    Escape escapeAt(std::size_t at, std::uint8_t mark) const;
    Escape characterEscapeAt(std::size_t at, std::uint8_t mark) const;
    bool isDense(std::size_t at, std::uint8_t mark) const;
    void decode(std::size_t begin, std::uint8_t mark, ViewBuffer& buffer, std::size_t& end);

    ByteView m_bytes;
    std::size_t m_percentEnd = 0; ///< what lies before it was taken
    std::size_t m_backslashEnd = 0;
    std::size_t m_referenceEnd = 0;
    std::vector<ViewLine> m_lines; ///< of the line at hand
};

} // namespace coredact
