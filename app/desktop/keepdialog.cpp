// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/keepdialog.h"

#include "models/texts.h"

#include <QButtonGroup>
#include <QDialogButtonBox>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QVBoxLayout>

#include <array>

namespace coredact {

namespace {

constexpr std::array reasons {Reason::FalsePositive, Reason::TestData, Reason::AcceptedRisk,
                              Reason::Revoked};

} // namespace

KeepDialog::KeepDialog(int count, const Decision& before, QWidget* parent)
    : QDialog(parent)
    , m_reasons(new QButtonGroup(this))
    , m_note(new QLineEdit(this))
{
    setWindowTitle(tr("Keep in the copy"));
    auto* words
        = new QLabel(tr("The bytes of %n findings stay in the copy. Why?", nullptr, count), this);
    words->setTextFormat(Qt::PlainText);
    words->setWordWrap(true);
    auto* buttons = new QDialogButtonBox(this);
    buttons->addButton(tr("Cancel"), QDialogButtonBox::RejectRole);
    m_keep = new QPushButton(tr("Keep"), this);
    m_keep->setProperty("primary", true); // before the box gives it its looks
    buttons->addButton(m_keep, QDialogButtonBox::AcceptRole);
    m_keep->setEnabled(false);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 20, 20, 16);
    column->setSpacing(10);
    column->addWidget(words);
    for (std::size_t at = 0; at < reasons.size(); ++at) {
        const int number = static_cast<int>(at);
        auto* choice = new QRadioButton(
            QStringLiteral("&%1  %2").arg(number + 1).arg(Texts::reason(reasons[at])), this);
        m_reasons->addButton(choice, number);
        column->addWidget(choice);
        if (before.reason == reasons[at])
            choice->setChecked(true);
    }
    m_note->setPlaceholderText(tr("Note"));
    m_note->setAccessibleName(tr("Note on this finding"));
    m_note->setText(Texts::fromUtf8(before.note));
    m_note->setVisible(count == 1);
    m_note->setMaxLength(2000);
    column->addWidget(m_note);
    column->addWidget(buttons);
    m_keep->setEnabled(m_reasons->checkedId() >= 0);
    connect(m_reasons, &QButtonGroup::idToggled, this, [this] { m_keep->setEnabled(true); });
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    setMinimumWidth(380);
    if (QAbstractButton* first = m_reasons->button(std::max(0, m_reasons->checkedId())))
        first->setFocus();
}

void KeepDialog::keyPressEvent(QKeyEvent* event)
{
    const int number = event->key() - Qt::Key_1;
    if (QAbstractButton* choice = m_reasons->button(number); choice && !m_note->hasFocus()) {
        choice->setChecked(true);
        choice->setFocus();
        return;
    }
    QDialog::keyPressEvent(event);
}

Reason KeepDialog::reason() const
{
    const int chosen = m_reasons->checkedId();
    return chosen < 0 ? Reason::None : reasons[static_cast<std::size_t>(chosen)];
}

QString KeepDialog::note() const { return m_note->text(); }

} // namespace coredact
