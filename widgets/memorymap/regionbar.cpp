// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/memorymap/regionbar.h"

#include "widgets/memorymap/regionmodel.h"
#include "widgets/theme/fonts.h"
#include "widgets/theme/looks.h"

#include <QPainter>

namespace coredact {

namespace {

void paintPlaces(QPainter& painter, const QRectF& box, const QModelIndex& index)
{
    const auto places = index.data(RegionModel::PlacesRole).value<QList<uint>>();
    const double most = index.data(RegionModel::MostPlacesRole).toUInt();
    if (most <= 0)
        return;
    double left = box.left();
    for (qsizetype severity = 0; severity < places.size(); ++severity) {
        if (places[severity] == 0)
            continue;
        const double width = std::max(box.width() * places[severity] / most, 2.0);
        painter.fillRect(QRectF(left, box.top(), std::min(width, box.right() - left), box.height()),
                         severityColour(static_cast<Severity>(severity)));
        left = std::min(left + width, box.right());
    }
}

} // namespace

void RegionBar::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    if (index.column() == RegionModel::Address)
        option->font = monospaceFont(option->font);
    if (index.column() != RegionModel::Kind)
        return;
    const int side = option->fontMetrics.height() / 2;
    QPixmap square(side, side);
    square.fill(regionColour(static_cast<RegionKind>(index.data(RegionModel::KindRole).toInt())));
    option->icon = QIcon(square);
    option->decorationSize = square.size();
    option->features |= QStyleOptionViewItem::HasDecoration;
}

void RegionBar::paint(QPainter* painter, const QStyleOptionViewItem& option,
                      const QModelIndex& index) const
{
    QStyledItemDelegate::paint(painter, option, index);
    if (index.column() != RegionModel::Findings)
        return;
    const int unit = option.fontMetrics.height();
    const int number = option.fontMetrics.horizontalAdvance(QStringLiteral("000 000")) + 16;
    const QRectF box(option.rect.left() + number, option.rect.center().y() - unit / 4.0,
                     option.rect.width() - number - 12, unit / 2.0);
    if (box.width() > 4)
        paintPlaces(*painter, box, index);
}

} // namespace coredact
