// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/findings/findingspanel.h"

#include "models/figures.h"
#include "widgets/findings/facetbar.h"
#include "widgets/findings/findingdelegate.h"

#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QScrollBar>
#include <QShortcut>
#include <QVBoxLayout>

namespace coredact {

FindingsPanel::FindingsPanel(FindingsModel& model, FindingsFilter& filter, QWidget* parent)
    : QWidget(parent)
    , m_model(model)
    , m_filter(filter)
    , m_search(new QLineEdit(this))
    , m_list(new QListView(this))
    , m_hint(new QLabel(this))
{
    setProperty("surface", QStringLiteral("panel"));
    setAttribute(Qt::WA_StyledBackground);
    m_search->setPlaceholderText(tr("Filter findings"));
    m_search->setAccessibleName(tr("Filter findings"));
    m_search->setClearButtonEnabled(true);
    m_list->setModel(&filter);
    m_list->setItemDelegate(new FindingDelegate(m_list));
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setUniformItemSizes(true);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setMouseTracking(true);
    m_list->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_list->setAccessibleName(tr("Findings"));
    m_hint->setTextFormat(Qt::PlainText);
    m_hint->setWordWrap(true);
    m_hint->setAlignment(Qt::AlignCenter);
    m_hint->setProperty("rank", QStringLiteral("dim"));

    auto* head = new QVBoxLayout;
    head->setContentsMargins(12, 10, 12, 10);
    head->setSpacing(8);
    head->addWidget(new FacetBar(filter, this));
    head->addWidget(m_search);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(m_list, 1);
    column->addWidget(m_hint, 1);

    connect(m_search, &QLineEdit::textChanged, &filter, &FindingsFilter::setText);
    connectKeys();
    connect(m_list, &QListView::activated, this, &FindingsPanel::activated);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &FindingsPanel::remember);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&filter, signal, this, &FindingsPanel::restore);
    connect(&filter, &QAbstractItemModel::rowsRemoved, this, &FindingsPanel::selectCurrent);
    connect(&filter, &QAbstractItemModel::modelReset, this, &FindingsPanel::restore);
    connect(&model, &QAbstractItemModel::dataChanged, this, &FindingsPanel::summaryChanged);
    updateHint();
}

void FindingsPanel::connectKeys()
{
    const auto on = [this](int key, auto what) {
        auto* shortcut
            = new QShortcut(QKeySequence(key), m_search, nullptr, nullptr, Qt::WidgetShortcut);
        connect(shortcut, &QShortcut::activated, this, what);
    };
    on(Qt::Key_Down, &FindingsPanel::focusList);
    on(Qt::Key_Escape, [this] {
        m_search->clear();
        focusList();
    });
    connect(m_search, &QLineEdit::returnPressed, this, &FindingsPanel::focusList);
}

void FindingsPanel::setContextActions(const QList<QAction*>& actions)
{
    for (QAction* action : actions) {
        if (!action) {
            action = new QAction(m_list);
            action->setSeparator(true);
        }
        m_list->addAction(action);
    }
}

FindingPtr FindingsPanel::current() const
{
    const QModelIndex index = m_filter.mapToSource(m_list->currentIndex());
    return index.isValid() ? m_model.findingAt(index.row()) : nullptr;
}

int FindingsPanel::currentRow() const
{
    return m_list->currentIndex().isValid() ? m_list->currentIndex().row() : -1;
}

std::vector<std::string> FindingsPanel::selectedIds() const
{
    std::vector<std::string> ids;
    for (const QModelIndex& index : m_list->selectionModel()->selectedIndexes())
        ids.push_back(m_model.findingAt(m_filter.mapToSource(index).row())->id);
    return ids;
}

bool FindingsPanel::shows(const QString& id) const
{
    const int row = m_model.rowOf(id);
    return row >= 0 && m_filter.mapFromSource(m_model.index(row)).isValid();
}

void FindingsPanel::select(const QString& id)
{
    const int row = m_model.rowOf(id);
    if (row < 0)
        return;
    QModelIndex shown = m_filter.mapFromSource(m_model.index(row));
    if (!shown.isValid()) {
        m_search->clear();
        m_filter.clear();
        shown = m_filter.mapFromSource(m_model.index(row));
    }
    m_list->setCurrentIndex(shown);
    m_list->scrollTo(shown);
}

bool FindingsPanel::step(Step step, Among among)
{
    const int by = step == Step::Next ? 1 : -1;
    const int rows = m_filter.rowCount();
    // A list that gets the focus makes its first row the current one, without selecting it.
    int row = m_list->selectionModel()->hasSelection() ? currentRow() : -1;
    if (row < 0 && step == Step::Previous)
        row = rows;
    for (row += by; row >= 0 && row < rows; row += by) {
        const QModelIndex index = m_filter.index(row, 0);
        const int pending = static_cast<int>(Verdict::Pending);
        if (among == Among::Undecided && index.data(FindingsModel::VerdictRole).toInt() != pending)
            continue;
        m_list->setCurrentIndex(index);
        m_list->scrollTo(index);
        return true;
    }
    return false;
}

void FindingsPanel::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void FindingsPanel::focusList() { m_list->setFocus(Qt::ShortcutFocusReason); }

void FindingsPanel::setWaiting(const QString& words)
{
    m_waiting = words;
    updateHint();
}

QString FindingsPanel::summary() const
{
    const QString places = tr("%n places", "of secrets", m_filter.placeCount());
    if (m_filter.rowCount() != m_model.rowCount())
        return tr("%1 of %2 secrets · %3", "shown, all, places")
            .arg(countText(static_cast<quint64>(m_filter.rowCount())),
                 countText(static_cast<quint64>(m_model.rowCount())), places);
    return tr("%n secrets", "number of findings", m_model.rowCount()) + QStringLiteral(" · ")
        + places;
}

void FindingsPanel::remember()
{
    if (const FindingPtr finding = current())
        m_currentId = QString::fromStdString(finding->id);
    emit currentChanged();
}

void FindingsPanel::restore()
{
    updateHint();
    emit summaryChanged();
    if (m_list->currentIndex().isValid() || m_currentId.isEmpty())
        return;
    const int row = m_model.rowOf(m_currentId);
    const QModelIndex shown = row < 0 ? QModelIndex() : m_filter.mapFromSource(m_model.index(row));
    if (shown.isValid())
        m_list->setCurrentIndex(shown);
}

void FindingsPanel::selectCurrent()
{
    // Where the filter hides the current row, Qt makes a neighbour the current one, and does not
    // show it.
    QItemSelectionModel* selection = m_list->selectionModel();
    if (selection->currentIndex().isValid() && !selection->hasSelection() && !m_currentId.isEmpty())
        selection->select(selection->currentIndex(), QItemSelectionModel::Select);
}

void FindingsPanel::updateHint()
{
    const bool empty = m_filter.rowCount() == 0;
    m_list->setVisible(!empty);
    m_hint->setVisible(empty);
    const QString none = m_waiting.isEmpty() ? tr("No findings") : m_waiting;
    m_hint->setText(m_model.rowCount() == 0 ? none : tr("No finding passes the filter"));
}

} // namespace coredact
