// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/export/checklist.h"

#include "models/figures.h"
#include "models/texts.h"
#include "widgets/theme/looks.h"

#include <QHeaderView>
#include <QLabel>

namespace coredact {

namespace {

enum Column { Name, Outcome, Details, ColumnCount };

}

CheckList::CheckList(QWidget* parent)
    : QTreeWidget(parent)
{
    setColumnCount(ColumnCount);
    setHeaderLabels({tr("Check"), tr("Outcome"), tr("Details")});
    header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    setRootIsDecorated(false);
    setSelectionMode(QAbstractItemView::NoSelection);
    setAccessibleName(tr("Checks of the verification"));
}

QTreeWidgetItem* CheckList::rowOf(std::string_view check)
{
    const QString name = Texts::check(check);
    for (int row = 0; row < topLevelItemCount(); ++row) {
        if (topLevelItem(row)->text(Name) == name)
            return topLevelItem(row);
    }
    return new QTreeWidgetItem(this, {name});
}

void CheckList::expect(std::string_view check) { rowOf(check)->setText(Outcome, tr("waits")); }

void CheckList::tell(const Check& check)
{
    QTreeWidgetItem* row = rowOf(check.name);
    row->setText(Outcome, check.passed ? tr("passed") : tr("failed"));
    row->setForeground(Outcome,
                       legible(check.passed ? keptColour() : severityColour(Severity::Critical),
                               currentTokens().panel));
    row->setText(Details, Texts::fromDump(check.detail));
}

void CheckList::tell(const Violation& violation)
{
    const QString place
        = violation.offset ? tr("offset %1").arg(hexText(*violation.offset)) : QString();
    new QTreeWidgetItem(this,
                        {Texts::check(violation.check), place, Texts::fromDump(violation.message)});
}

QLabel* newPlainLabel(QWidget* parent, const QString& text)
{
    auto* label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

} // namespace coredact
