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
    , m_custom(new QRadioButton(tr("C&ustom"), this))
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(16);
    grid->setColumnStretch(1, 1);
    m_wholePromise = addMode(m_whole, 0);
    m_minimisedPromise = addMode(m_minimised, 1);
    m_customPromise = addMode(m_custom, 2);
    m_whole->setChecked(true);
    m_whole->setToolTip(tr("All but the secrets stays in the copy."));
    m_minimised->setToolTip(tr("What backtraces do not need goes from the copy, and the secrets "
                               "from the rest."));
    m_custom->setToolTip(tr("You choose for each kind of bytes: scan, keep or fill."));
    showPromises(0);
    showCustomPromise(tr("What is scanned, kept and filled, you choose by kind of bytes."));
    // Of two that change one is checked: the other would tell the same once more.
    for (QRadioButton* choice : {m_whole, m_minimised, m_custom})
        connect(choice, &QRadioButton::toggled, this, [this](bool checked) {
            if (checked)
                emit changed();
        });
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

bool ModeChoice::isCustom() const { return m_custom->isChecked(); }

void ModeChoice::showCustomPromise(const QString& promise)
{
    m_customPromise->setText(promise);
    m_custom->setAccessibleDescription(promise);
}

void ModeChoice::showPromises(int secrets)
{
    m_wholePromise->setText(Texts::promise(Form::Whole, secrets));
    m_minimisedPromise->setText(Texts::promise(Form::Minimised, secrets));
    m_whole->setAccessibleDescription(m_wholePromise->text());
    m_minimised->setAccessibleDescription(m_minimisedPromise->text());
}

} // namespace coredact
