// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/memorymap/regiontable.h"

#include "models/figures.h"
#include "widgets/memorymap/regionbar.h"
#include "widgets/theme/fonts.h"

#include <QCheckBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QTableView>

#include <algorithm>

namespace coredact {

RegionTable::RegionTable(QWidget* parent)
    : QWidget(parent)
    , m_model(new RegionModel(this))
    , m_filter(new RegionFilter(this))
    , m_words(new QLineEdit(this))
    , m_onlyWithFindings(new QCheckBox(tr("Only with findings"), this))
    , m_count(new QLabel(this))
    , m_table(new QTableView(this))
{
    setProperty("panel", true);
    setAttribute(Qt::WA_StyledBackground);
    m_filter->setSourceModel(m_model);
    m_words->setPlaceholderText(tr("Filter by name, kind, access or address"));
    m_words->setAccessibleName(tr("Filter of the regions"));
    m_words->setClearButtonEnabled(true);
    m_count->setProperty("rank", QStringLiteral("dim"));
    m_table->setModel(m_filter);
    m_table->setAccessibleName(tr("Regions"));
    m_table->setItemDelegate(new RegionBar(m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(RegionModel::Address, Qt::AscendingOrder);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->horizontalHeader()->setStretchLastSection(false);
    m_table->horizontalHeader()->setSectionResizeMode(RegionModel::Name, QHeaderView::Stretch);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setHighlightSections(false);

    auto* line = new QHBoxLayout;
    line->setContentsMargins(12, 8, 12, 8);
    line->setSpacing(12);
    line->addWidget(m_words, 1);
    line->addWidget(m_onlyWithFindings);
    line->addWidget(m_count);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(line);
    column->addWidget(m_table, 1);
    setFocusProxy(m_table);

    connect(m_words, &QLineEdit::textChanged, this, &RegionTable::filterChanged);
    connect(m_onlyWithFindings, &QCheckBox::toggled, this, &RegionTable::filterChanged);
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex& index) {
        emit regionWanted(index.data(RegionModel::AddressRole).toULongLong());
    });
    dress();
    filterChanged();
}

void RegionTable::dress()
{
    const QFontMetrics metrics = fontMetrics();
    m_table->verticalHeader()->setDefaultSectionSize(metrics.height() + 8);
    // As wide as the header's words in any language, and as the usual values.
    const auto widen = [&](int column, int characters) {
        m_table->setColumnWidth(column,
                                std::max(m_table->horizontalHeader()->sectionSizeHint(column) + 16,
                                         metrics.averageCharWidth() * characters + 16));
    };
    m_table->horizontalHeader()->setMinimumSectionSize(metrics.averageCharWidth() * 8 + 16);
    const QFontMetrics fixed(monospaceFont(font()));
    m_table->setColumnWidth(RegionModel::Address,
                            fixed.horizontalAdvance(QStringLiteral("0000000000000000")) + 24);
    widen(RegionModel::Size, 11);
    widen(RegionModel::Saved, 8);
    widen(RegionModel::AccessColumn, 5);
    widen(RegionModel::Kind, 18);
    widen(RegionModel::Findings, 16);
}

void RegionTable::setRows(std::vector<RegionRow> rows)
{
    m_model->setRows(std::move(rows));
    filterChanged();
}

void RegionTable::filterChanged()
{
    m_filter->setWords(m_words->text());
    m_filter->setOnlyWithFindings(m_onlyWithFindings->isChecked());
    const int shown = m_filter->rowCount();
    const int all = m_model->rowCount();
    m_count->setText(shown == all ? tr("%n regions", nullptr, all)
                                  : tr("%1 of %2 regions")
                                        .arg(countText(static_cast<quint64>(shown)),
                                             countText(static_cast<quint64>(all))));
}

void RegionTable::showAddress(std::uint64_t address)
{
    const int row = m_model->rowOf(address);
    if (row < 0)
        return;
    const QModelIndex index = m_filter->mapFromSource(m_model->index(row, RegionModel::Address));
    if (!index.isValid())
        return;
    m_table->setCurrentIndex(index);
    m_table->scrollTo(index);
}

void RegionTable::focusFilter()
{
    m_words->setFocus();
    m_words->selectAll();
}

void RegionTable::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::FontChange)
        dress();
    QWidget::changeEvent(event);
}

} // namespace coredact
