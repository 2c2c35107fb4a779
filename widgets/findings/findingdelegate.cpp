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

void paintBackground(QPainter& painter, const QStyleOptionViewItem& option, const Tokens& tokens)
{
    if (option.state.testFlag(QStyle::State_Selected))
        painter.fillRect(option.rect, tokens.selection);
    else if (option.state.testFlag(QStyle::State_MouseOver))
        painter.fillRect(option.rect, blend(tokens.selection, tokens.panel, 0.35));
    painter.fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
                     tokens.line);
}

/// Paints the title and "×7" behind it; both share `box`.
void paintTitle(QPainter& painter, const QRect& box, const QModelIndex& index, const QFont& font,
                const Tokens& tokens)
{
    const QFont bold = boldOf(font);
    const QString count
        = QStringLiteral("×") + countText(index.data(FindingsModel::PlacesRole).toUInt());
    const int countWidth = QFontMetrics(font).horizontalAdvance(count);
    const QFontMetrics metrics(bold);
    const QString title = metrics.elidedText(index.data(FindingsModel::TitleRole).toString(),
                                             Qt::ElideRight, box.width() - countWidth - 8);
    painter.setFont(bold);
    painter.setPen(tokens.text);
    painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, title);
    painter.setFont(font);
    painter.setPen(tokens.dim);
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
    paintBackground(*painter, option, tokens);

    const auto severity = static_cast<Severity>(index.data(FindingsModel::SeverityRole).toInt());
    const QRectF shape(option.rect.left() + margin,
                       option.rect.top() + (option.rect.height() - shapeSize) / 2, shapeSize,
                       shapeSize);
    paintSeverity(*painter, severity, shape);

    const auto verdict = static_cast<Verdict>(index.data(FindingsModel::VerdictRole).toInt());
    const Pill pill = verdictPill(Texts::verdict(verdict), verdict, tokens);
    const QSize pillBox = pillSize(pill, option.font);
    const int line = option.fontMetrics.height();
    const int right = option.rect.right() - margin;
    const QRect title(option.rect.left() + textLeft, option.rect.top() + rowPadding,
                      right - option.rect.left() - textLeft, line);
    paintTitle(*painter, title, index, option.font, tokens);

    // The verdict stands in the second line, so that the title has all of the first.
    QRect below = title.translated(0, line + lineGap);
    const QRectF pillPlace(right - pillBox.width(), below.center().y() + 1 - pillBox.height() / 2.0,
                           pillBox.width(), pillBox.height());
    paintPill(*painter, pillPlace, pill, option.font);
    below.setRight(static_cast<int>(pillPlace.left()) - 10);
    painter->setFont(option.font);
    painter->setPen(tokens.dim);
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
