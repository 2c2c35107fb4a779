// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/findings/findingdelegate.h"

#include "models/figures.h"
#include "models/findingsmodel.h"
#include "models/texts.h"
#include "widgets/theme/looks.h"
#include "widgets/theme/pills.h"

#include <QPainter>

namespace coredact {

namespace {

constexpr int margin = 12;
constexpr int shapeSize = 11;
constexpr int textLeft = 38;
constexpr int lineGap = 3;
constexpr int rowPadding = 9;

QFont boldOf(QFont font)
{
    font.setBold(true);
    return font;
}

QColor backgroundOf(const QStyleOptionViewItem& option, const Tokens& tokens)
{
    if (option.state.testFlag(QStyle::State_Selected))
        return tokens.selection;
    return option.state.testFlag(QStyle::State_MouseOver)
        ? blend(tokens.selection, tokens.panel, 0.35)
        : tokens.panel;
}

void paintBackground(QPainter& painter, const QStyleOptionViewItem& option, const QColor& colour,
                     const Tokens& tokens)
{
    painter.fillRect(option.rect, colour);
    painter.fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
                     tokens.line);
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter.setPen(tokens.accent);
        painter.drawRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -1.5));
    }
}

/// Paints the title and "×7" behind it, the latter in `dim`; both share `box`.
void paintTitle(QPainter& painter, const QRect& box, const QModelIndex& index, const QFont& font,
                const QColor& text, const QColor& dim)
{
    const QFont bold = boldOf(font);
    const QString count
        = QStringLiteral("×") + countText(index.data(FindingsModel::PlacesRole).toUInt());
    const int countWidth = QFontMetrics(font).horizontalAdvance(count);
    const QFontMetrics metrics(bold);
    const QString title = metrics.elidedText(index.data(FindingsModel::TitleRole).toString(),
                                             Qt::ElideRight, box.width() - countWidth - 8);
    painter.setFont(bold);
    painter.setPen(text);
    painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, title);
    painter.setFont(font);
    painter.setPen(dim);
    painter.drawText(box.adjusted(metrics.horizontalAdvance(title) + 8, 0, 0, 0),
                     Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, count);
}

} // namespace

void FindingDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const
{
    const Tokens& tokens = currentTokens();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QColor under = backgroundOf(option, tokens);
    const QColor dim = legible(tokens.dim, under);
    paintBackground(*painter, option, under, tokens);

    const auto severity = static_cast<Severity>(index.data(FindingsModel::SeverityRole).toInt());
    const QRect shape(option.rect.left() + margin,
                      option.rect.top() + (option.rect.height() - shapeSize) / 2, shapeSize,
                      shapeSize);
    paintSeverity(*painter, severity, shape);

    const auto verdict = static_cast<Verdict>(index.data(FindingsModel::VerdictRole).toInt());
    const Pill pill = verdictPill(Texts::verdict(verdict), verdict, tokens, under);
    const QSize pillBox = pillSize(pill, option.font);
    const int line = option.fontMetrics.height();
    const int right = option.rect.right() - margin;
    const QRect title(option.rect.left() + textLeft, option.rect.top() + rowPadding,
                      right - option.rect.left() - textLeft, line);
    paintTitle(*painter, title, index, option.font, tokens.text, dim);

    // The verdict stands in the second line, so that the title has all of the first.
    QRect below = title.translated(0, line + lineGap);
    const QRectF pillPlace(right - pillBox.width(), below.center().y() + 1 - pillBox.height() / 2.0,
                           pillBox.width(), pillBox.height());
    paintPill(*painter, pillPlace, pill, option.font);
    below.setRight(static_cast<int>(pillPlace.left()) - 10);
    painter->setFont(option.font);
    painter->setPen(dim);
    painter->drawText(
        below, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
        option.fontMetrics.elidedText(index.data(FindingsModel::ContextRole).toString(),
                                      Qt::ElideRight, below.width()));
    painter->restore();
}

QSize FindingDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const
{
    return {200, 2 * option.fontMetrics.height() + lineGap + 2 * rowPadding};
}

} // namespace coredact
