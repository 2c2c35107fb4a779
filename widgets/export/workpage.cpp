// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/export/workpage.h"

#include "models/texts.h"
#include "widgets/export/checklist.h"

#include <QLabel>
#include <QProgressBar>
#include <QVBoxLayout>

namespace coredact {

WorkPage::WorkPage(QWidget* parent)
    : QWidget(parent)
    , m_progress(newPlainLabel(this))
    , m_bar(new QProgressBar(this))
    , m_checks(new CheckList(this))
{
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(8);
    m_bar->setAccessibleName(tr("Progress of the export"));
    QLabel* words = newPlainLabel(
        this, tr("The copy gets its name only after a fresh engine has verified it."));
    words->setProperty("rank", QStringLiteral("dim"));
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
        m_checks->expect(name);
    m_bar->setRange(0, 0);
    say(Texts::stage("export"));
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

void WorkPage::showCheck(const Check& check) { m_checks->tell(check); }

void WorkPage::say(const QString& text) { m_progress->setText(text); }

} // namespace coredact
