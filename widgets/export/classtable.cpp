// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/export/classtable.h"

#include "models/figures.h"
#include "models/texts.h"

#include <QComboBox>
#include <QHeaderView>

#include <algorithm>

namespace coredact {

namespace {

enum Column { Name, Size, Choice, ColumnCount };
constexpr int shownRows = 5;
constexpr int margin = 24; ///< pixels around a choice

} // namespace

ClassTable::ClassTable(QWidget* parent)
    : QTableWidget(0, ColumnCount, parent)
{
    setHorizontalHeaderLabels({tr("Kind of bytes"), tr("Bytes"), tr("What becomes of them")});
    horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    horizontalHeader()->setSectionResizeMode(Name, QHeaderView::Stretch);
    horizontalHeader()->setSectionResizeMode(Choice, QHeaderView::Fixed);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    verticalHeader()->hide();
    setSelectionMode(QAbstractItemView::NoSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setShowGrid(false);
    setAccessibleName(tr("What becomes of each kind of bytes"));
}

void ClassTable::showShares(const std::vector<ClassShare>& shares, bool ownThreads)
{
    m_ownThreads = ownThreads;
    std::vector<DumpClass> rows;
    for (const ClassShare& share : shares)
        rows.push_back(share.kind);
    if (rows == m_rows)
        return;
    m_rows = std::move(rows);
    setRowCount(0);
    for (const ClassShare& share : shares)
        addRow(share);
    const int row = m_rows.empty() ? 0 : rowHeight(0);
    setFixedHeight(horizontalHeader()->sizeHint().height() + shownRows * row + 2 * frameWidth());
}

void ClassTable::addRow(const ClassShare& share)
{
    const int row = rowCount();
    insertRow(row);
    setItem(row, Name, new QTableWidgetItem(Texts::dumpClass(share.kind)));
    auto* size = new QTableWidgetItem(byteSizeText(share.bytes));
    size->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    setItem(row, Size, size);
    auto* choice = new QComboBox(this);
    for (const ClassUse use : {ClassUse::Scan, ClassUse::Keep, ClassUse::Fill})
        choice->addItem(Texts::classUse(use), static_cast<int>(use));
    choice->setCurrentIndex(choice->findData(static_cast<int>(m_chosen[share.kind])));
    choice->setAccessibleName(Texts::dumpClass(share.kind));
    setCellWidget(row, Choice, choice);
    // The style's margins are not in what the header would ask for.
    choice->ensurePolished();
    setColumnWidth(Choice, std::max(columnWidth(Choice), choice->sizeHint().width() + margin));
    connect(choice, &QComboBox::currentIndexChanged, this, [this, choice, kind = share.kind] {
        m_chosen[kind] = static_cast<ClassUse>(choice->currentData().toInt());
        emit changed();
    });
}

std::vector<ClassChoice> ClassTable::choices() const
{
    std::vector<ClassChoice> choices;
    for (const auto& [kind, use] : m_chosen)
        if (use != ClassUse::Scan)
            choices.push_back({kind, use});
    return choices;
}

QString ClassTable::costs() const
{
    QStringList lines;
    for (const ClassChoice& choice : choices())
        if (choice.use == ClassUse::Fill)
            if (const QString cost = Texts::costOfFilling(choice.kind, m_ownThreads);
                !cost.isEmpty() && !lines.contains(cost))
                lines << cost;
    return lines.join(QLatin1Char('\n'));
}

} // namespace coredact
