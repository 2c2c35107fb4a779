// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/hexview/hexcells.h"
#include "widgets/hexview/hexgeometry.h"
#include "widgets/theme/tokens.h"

#include <QStaticText>

#include <array>

class QPainter;

namespace coredact {

/// Every character that a row can show, laid out once for a font. Holds all values alike, so it
/// tells nothing about a dump.
class HexGlyphs {
public:
    HexGlyphs() = default;
    explicit HexGlyphs(const QFont& font);

    const QFont& font() const { return m_font; }
    const QStaticText& pair(std::uint8_t byte) const { return m_pairs[byte]; }
    /// The printable ASCII character, or the middle dot for other bytes.
    const QStaticText& letter(std::uint8_t byte) const;
    const QStaticText& digit(unsigned value) const { return m_digits[value]; }
    const QStaticText& bullet() const { return m_bullet; }
    const QStaticText& question() const { return letter('?'); }
    static bool printable(std::uint8_t byte) { return byte >= 0x20 && byte < 0x7f; }

private:
    QFont m_font;
    std::array<QStaticText, 256> m_pairs;
    std::array<QStaticText, 95> m_letters;
    std::array<QStaticText, 16> m_digits;
    QStaticText m_middleDot;
    QStaticText m_bullet;
};

/// What a row looks like besides its bytes.
struct HexRowState {
    bool alternate = false;
    std::optional<unsigned> cursor; ///< column
    HexPane focusPane = HexPane::Hex;
    bool focused = false; ///< the view has the keyboard
    std::array<bool, bytesPerRow> selected {};
    std::array<bool, bytesPerRow> bookmarked {};
    enum class Change : std::uint8_t { None, Expected, Unexpected };
    std::array<Change, bytesPerRow> changed {};
};

/// Paints rows, character by character; no text of a row is ever put together. Notices are in
/// the font that the painter had.
class HexPainter {
public:
    HexPainter(QPainter& painter, const HexGeometry& geometry, const HexGlyphs& glyphs,
               const Tokens& tokens, const HexMarks& marks);

    void paintBytes(const LayoutRow& row, const HexCells& cells, const HexRowState& state, int y,
                    int width);
    /// A dashed box with a centred text over the given height.
    void paintNotice(const QString& text, int y, int height, int width);

private:
    void paintNumber(std::uint64_t value, int digits, int x, int y);
    void paintBackgrounds(HexPane pane, const HexCells& cells, const HexRowState& state, int y);
    void paintRun(const QRectF& box, const HexMark& mark);
    void paintCell(HexPane pane, const HexCell& cell, const QRectF& box);
    void paintCharacters(const HexCell& cell, HexPane pane, const QRectF& box, const QColor& ink);
    void paintBookmarks(const HexRowState& state, int y);
    void paintChanges(const HexCells& cells, const HexRowState& state, int y);
    void paintCursor(const HexRowState& state, int y);
    void draw(double x, double y, const QStaticText& glyph);

    QPainter& m_painter;
    const HexGeometry& m_geometry;
    const HexGlyphs& m_glyphs;
    const Tokens& m_tokens;
    QColor m_offsetInk; ///< of what recedes, and must be read
    const HexMarks& m_marks;
    QFont m_noticeFont;
    QColor m_background;
    double m_ascent;
};

} // namespace coredact
