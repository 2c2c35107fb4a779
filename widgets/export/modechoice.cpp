// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/export/modechoice.h"

#include "models/texts.h"
#include "widgets/export/checklist.h"

#include <QGridLayout>
#include <QLabel>
#include <QRadioButton>

namespace coredact {

ModeChoice::ModeChoice(QWidget* parent)
    : QWidget(parent)
    , m_whole(new QRadioButton(tr("&Redact"), this))
    , m_minimised(new QRadioButton(tr("&Minimise"), this))
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(16);
    grid->setColumnStretch(1, 1);
    m_wholePromise = addMode(m_whole, 0);
    m_minimisedPromise = addMode(m_minimised, 1);
    m_whole->setChecked(true);
    m_whole->setToolTip(tr("All but the secrets stays in the copy."));
    m_minimised->setToolTip(tr("What backtraces do not need goes from the copy, and the secrets "
                               "from the rest."));
    showPromises(0);
    connect(m_minimised, &QRadioButton::toggled, this, &ModeChoice::changed);
}

QLabel* ModeChoice::addMode(QRadioButton* choice, int row)
{
    QLabel* promise = newPlainLabel(this);
    promise->setProperty("rank", QStringLiteral("dim"));
    auto* grid = static_cast<QGridLayout*>(layout());
    grid->addWidget(choice, row, 0);
    grid->addWidget(promise, row, 1);
    return promise;
}

Form ModeChoice::form() const { return m_minimised->isChecked() ? Form::Minimised : Form::Whole; }

void ModeChoice::showPromises(int secrets)
{
    m_wholePromise->setText(Texts::promise(Form::Whole, secrets));
    m_minimisedPromise->setText(Texts::promise(Form::Minimised, secrets));
    m_whole->setAccessibleDescription(m_wholePromise->text());
    m_minimised->setAccessibleDescription(m_minimisedPromise->text());
}

} // namespace coredact
