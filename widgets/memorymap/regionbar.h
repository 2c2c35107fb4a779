// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace coredact {

/// Paints the findings column: a number and a bar whose length is the share of the densest region
/// and whose colours are the severities. In the kind column, a square in the kind's colour;
/// addresses are in the font of the bytes.
class RegionBar : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;
};

} // namespace coredact
