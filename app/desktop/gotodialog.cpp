// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/gotodialog.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace coredact {

GoToDialog::GoToDialog(Go go, QWidget* parent)
    : QDialog(parent)
    , m_go(std::move(go))
    , m_place(new QLineEdit(this))
    , m_problem(new QLabel(this))
{
    setWindowTitle(tr("Go to"));
    auto* words = new QLabel(
        tr("An &address (7f28c4a1e240), an offset in the file (@21e240 or +2220608)"), this);
    words->setBuddy(m_place);
    words->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    m_problem->setVisible(false);
    auto* buttons = new QDialogButtonBox(this);
    buttons->addButton(tr("Cancel"), QDialogButtonBox::RejectRole);
    auto* button = new QPushButton(tr("Go"), this);
    button->setProperty("primary", true); // before the box gives it its looks
    buttons->addButton(button, QDialogButtonBox::AcceptRole);
    button->setDefault(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 20, 20, 16);
    column->setSpacing(10);
    column->addWidget(words);
    column->addWidget(m_place);
    column->addWidget(m_problem);
    column->addWidget(buttons);
    setMinimumWidth(420);
    connect(buttons, &QDialogButtonBox::accepted, this, &GoToDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

void GoToDialog::accept()
{
    const QString problem = m_go(m_place->text());
    if (problem.isEmpty())
        return QDialog::accept();
    m_problem->setText(problem);
    m_problem->setVisible(true);
    m_place->selectAll();
    m_place->setFocus();
}

} // namespace coredact
