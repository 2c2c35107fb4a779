// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/preview/previewview.h"

#include "widgets/theme/fonts.h"
#include "widgets/theme/looks.h"

#include <KSyntaxHighlighting/AbstractHighlighter>
#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Format>
#include <KSyntaxHighlighting/State>
#include <KSyntaxHighlighting/Theme>

#include <QEvent>
#include <QPainter>

#include <algorithm>

namespace coredact {

namespace {

constexpr int padding = 10;
constexpr int mostLines = 40;

/// Collects the coloured ranges of one line after the other.
class Collector : public KSyntaxHighlighting::AbstractHighlighter {
public:
    struct Range {
        int begin;
        int length;
        QColor ink;
        bool bold;
    };

    std::vector<Range> line(const QString& text)
    {
        m_ranges.clear();
        m_state = highlightLine(text, m_state);
        return std::move(m_ranges);
    }

protected:
    void applyFormat(int offset, int length, const KSyntaxHighlighting::Format& format) override
    {
        if (length <= 0)
            return;
        const QColor ink = format.hasTextColor(theme()) ? format.textColor(theme()) : QColor();
        m_ranges.push_back({offset, length, ink, format.isBold(theme())});
    }

private:
    KSyntaxHighlighting::State m_state;
    std::vector<Range> m_ranges;
};

} // namespace

PreviewView::PreviewView(QWidget* parent)
    : QWidget(parent)
    , m_font(scaled(monospaceFont(font()), 92))
{
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("Text around the secret, masked"));
}

void PreviewView::showText(TextPreview preview)
{
    m_preview = std::move(preview);
    highlight();
    updateGeometry();
    update();
}

void PreviewView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        highlight();
    if (event->type() == QEvent::FontChange)
        m_font = scaled(monospaceFont(font()), 92);
    QWidget::changeEvent(event);
}

void PreviewView::highlight()
{
    m_lines.clear();
    const Tokens& tokens = currentTokens();
    Collector collector;
    collector.setDefinition(m_repository.definitionForName(m_preview.syntax));
    collector.setTheme(
        m_repository.defaultTheme(tokens.dark() ? KSyntaxHighlighting::Repository::DarkTheme
                                                : KSyntaxHighlighting::Repository::LightTheme));
    int begin = 0;
    const QStringList lines = m_preview.text.split(QLatin1Char('\n'));
    for (const QString& line : lines) {
        if (m_lines.size() >= mostLines)
            break;
        const int length = static_cast<int>(line.size());
        std::vector<Run> runs;
        int done = 0;
        for (const auto& range : collector.line(line)) {
            if (range.begin > done)
                runs.push_back({begin + done, range.begin - done, {}, false, false, {}});
            // The highlighter's themes are made for backgrounds of their own.
            const QColor ink
                = range.ink.isValid() ? legible(range.ink, tokens.hexBackground) : QColor();
            runs.push_back({begin + range.begin, range.length, ink, range.bold, false, {}});
            done = range.begin + range.length;
        }
        if (done < length)
            runs.push_back({begin + done, length - done, {}, false, false, {}});
        m_lines.push_back(cut(runs));
        begin += length + 1;
    }
}

std::vector<PreviewView::Run> PreviewView::cut(const std::vector<Run>& runs) const
{
    std::vector<Run> pieces;
    for (const Run& run : runs) {
        int at = run.begin;
        const int end = run.begin + run.length;
        for (const TextPreview::Mask& mask : m_preview.masks) {
            const int from = std::max(at, mask.begin);
            const int to = std::min(end, mask.begin + mask.length);
            if (from >= to)
                continue;
            if (from > at)
                pieces.push_back({at, from - at, run.ink, run.bold, false, {}});
            pieces.push_back({from, to - from, {}, false, true, mask.severity});
            at = to;
        }
        if (at < end)
            pieces.push_back({at, end - at, run.ink, run.bold, false, {}});
    }
    return pieces;
}

int PreviewView::columns(int width) const
{
    const int letter = std::max(1, QFontMetrics(m_font).horizontalAdvance(QLatin1Char('0')));
    return std::max(8, (width - 2 * padding) / letter);
}

/// Calls `place(run, column, line)` for each piece of a run that fits into a line, and returns
/// the number of lines.
template <typename Place> int PreviewView::layOut(int width, Place place) const
{
    const int most = columns(width);
    int line = 0;
    for (const std::vector<Run>& runs : m_lines) {
        int column = 0;
        for (Run run : runs) {
            while (run.length > 0) {
                if (column >= most) {
                    column = 0;
                    ++line;
                }
                Run piece = run;
                piece.length = std::min(run.length, most - column);
                place(piece, column, line);
                column += piece.length;
                run.begin += piece.length;
                run.length -= piece.length;
            }
        }
        ++line;
    }
    return line;
}

int PreviewView::heightForWidth(int width) const
{
    if (isEmpty())
        return 0;
    const int lines = layOut(width, [](const Run&, int, int) {});
    return lines * (QFontMetrics(m_font).height() + 3) + 2 * padding;
}

QSize PreviewView::sizeHint() const { return {240, heightForWidth(std::max(width(), 240))}; }

void PreviewView::paintEvent(QPaintEvent*)
{
    if (isEmpty())
        return;
    const Tokens& tokens = currentTokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(tokens.line);
    painter.setBrush(tokens.hexBackground);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);
    const QFontMetrics metrics(m_font);
    const int letter = metrics.horizontalAdvance(QLatin1Char('0'));
    const int height = metrics.height() + 3;
    layOut(width(), [&](const Run& run, int column, int line) {
        const QRect box(padding + column * letter, padding + line * height, run.length * letter,
                        height);
        QFont font = m_font;
        font.setBold(run.bold);
        painter.setFont(font);
        QColor ink = run.ink.isValid() ? run.ink : tokens.text;
        if (run.masked) {
            const BytesLook look
                = bytesLook(run.severity, Verdict::Pending, tokens, tokens.hexBackground);
            painter.fillRect(box.adjusted(0, 1, 0, -1), look.fill);
            ink = look.text;
        }
        painter.setPen(ink);
        // Character by character: columns stay even, and no string of the line is built.
        for (int at = 0; at < run.length; ++at) {
            const QRect place(box.left() + at * letter, box.top(), letter + 1, height);
            painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter,
                             QString(m_preview.text.at(run.begin + at)));
        }
    });
}

} // namespace coredact
