// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/export/workpage.h"

#include "models/texts.h"
#include "widgets/theme/looks.h"

#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace coredact {

namespace {

enum Column { Name, Outcome, Details, ColumnCount };

}

WorkPage::WorkPage(QWidget* parent)
    : QWidget(parent)
    , m_progress(new QLabel(this))
    , m_bar(new QProgressBar(this))
    , m_checks(new QTreeWidget(this))
{
    m_progress->setTextFormat(Qt::PlainText);
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(8);
    m_bar->setAccessibleName(tr("Progress of the export"));
    auto* words
        = new QLabel(tr("The copy gets its name only after a fresh engine has verified it."), this);
    words->setTextFormat(Qt::PlainText);
    words->setWordWrap(true);
    words->setProperty("rank", QStringLiteral("dim"));
    m_checks->setColumnCount(ColumnCount);
    m_checks->setHeaderLabels({tr("Check"), tr("Outcome"), tr("Details")});
    m_checks->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_checks->setRootIsDecorated(false);
    m_checks->setSelectionMode(QAbstractItemView::NoSelection);
    m_checks->setAccessibleName(tr("Checks of the verification"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    column->addWidget(m_progress);
    column->addWidget(m_bar);
    column->addWidget(words);
    column->addWidget(m_checks, 1);
}

void WorkPage::begin(bool withValues)
{
    m_checks->clear();
    auto names = checksAgainstOriginal();
    if (!withValues)
        names = names.first(names.size() - 1);
    for (const std::string_view name : names)
        rowOf(Texts::check(name))->setText(Outcome, tr("waits"));
    m_bar->setRange(0, 0);
    say(Texts::stage("export"));
}

QTreeWidgetItem* WorkPage::rowOf(const QString& name)
{
    for (int row = 0; row < m_checks->topLevelItemCount(); ++row) {
        if (m_checks->topLevelItem(row)->text(Name) == name)
            return m_checks->topLevelItem(row);
    }
    return new QTreeWidgetItem(m_checks, {name});
}

void WorkPage::showProgress(const JobProgress& progress)
{
    const bool known = progress.total > 0;
    m_bar->setRange(0, known ? 1000 : 0);
    if (known)
        m_bar->setValue(static_cast<int>(1000.0 * static_cast<double>(progress.done)
                                         / static_cast<double>(progress.total)));
    m_progress->setText(progress.text());
}

void WorkPage::showCheck(const Check& check)
{
    QTreeWidgetItem* row = rowOf(Texts::check(check.name));
    row->setText(Outcome, check.passed ? tr("passed") : tr("failed"));
    row->setForeground(Outcome, check.passed ? keptColour() : severityColour(Severity::Critical));
    row->setText(Details, Texts::fromDump(check.detail));
}

void WorkPage::say(const QString& text) { m_progress->setText(text); }

} // namespace coredact
