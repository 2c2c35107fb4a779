// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"
#include "scanner/scan/window.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coredact {

/// How the bytes of a view come from the bytes of the window under it.
enum class ViewStep {
    Characters, ///< each from one character, as wide as its line says
    CharactersAfterZeros, ///< each from the zeros before the character and itself
    Base64, ///< three bytes from four characters of one byte
};

/// A run of a view's bytes and where their first one comes from.
struct ViewRun {
    std::size_t viewBegin = 0;
    std::size_t size = 0; ///< bytes in the view
    std::size_t firstLine = 0; ///< index into the lines
    std::size_t firstCharacter = 0; ///< of the first line's run: where decoding begins
};

/// A stretch of characters without line breaks. The characters of a run count through its lines.
struct ViewLine {
    std::size_t characterBegin = 0;
    std::size_t windowBegin = 0; ///< position of its first character in the window under the view
    std::size_t size = 0; ///< characters
    std::size_t width = 1; ///< bytes of a character in the window
};

/// Collects the runs of one view of a window, in the window's order, with a byte between them that
/// ends every token, and knows where each byte comes from. Lives as long as the view's window.
class ViewBuffer : public PositionMap {
public:
    /// `under`: the window that is read another way; must outlive this.
    ViewBuffer(const Window& under, ViewStep step, std::uint8_t separator);

    /// Begins a run whose characters stand in `lines`; decoding begins at `firstCharacter`.
    void begin(std::span<const ViewLine> lines, std::size_t firstCharacter);
    SecretBytes& bytes() { return m_bytes; }
    /// Ends the run that was begun; its bytes have been put to `bytes()`.
    void end();
    /// A whole run, of `count` characters of this width from `windowBegin` on; `byteAt` gives what
    /// the character at a position of the window becomes.
    template <typename ByteAt>
    void addRun(std::size_t windowBegin, std::size_t count, std::size_t width, ByteAt byteAt)
    {
        const ViewLine line {0, windowBegin, count, width};
        begin(std::span(&line, 1), 0);
        const std::size_t viewBegin = m_bytes.size();
        m_bytes.resize(viewBegin + count);
        for (std::size_t i = 0; i < count; ++i)
            m_bytes[viewBegin + i] = byteAt(windowBegin + width * i);
        end();
    }

    bool empty() const { return m_runs.empty(); }
    std::vector<FileRange> fileRanges(std::size_t begin, std::size_t end) const override;
    /// The view, fresh where the window under it is. `encoding` must outlive it.
    Window window(std::string_view encoding) const;

private:
    struct Characters {
        std::size_t begin;
        std::size_t end;
    };
    /// The characters of a run that its bytes [begin, end) were made from.
    Characters charactersOf(std::size_t begin, std::size_t end) const;
    std::size_t windowPosition(const ViewRun& run, std::size_t byte) const;
    void addRanges(const ViewRun& run, std::size_t begin, std::size_t end,
                   std::vector<FileRange>& ranges) const;
    std::size_t firstFrom(std::size_t windowPosition) const;

    const Window& m_under;
    ViewStep m_step;
    std::uint8_t m_separator;
    SecretBytes m_bytes;
    std::vector<ViewRun> m_runs;
    std::vector<ViewLine> m_lines;
};

} // namespace coredact
