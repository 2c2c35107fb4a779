// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/jobs/searchfield.h"

namespace coredact {

namespace {

/// Qt leaves the selection of fields with hidden text where it is. Nothing is painted meanwhile.
class Hidden {
public:
    explicit Hidden(QLineEdit& field)
        : m_field(field)
    {
        m_field.setEchoMode(QLineEdit::Password);
    }
    ~Hidden() { m_field.setEchoMode(QLineEdit::Normal); }
    Hidden(const Hidden&) = delete;
    Hidden& operator=(const Hidden&) = delete;

private:
    QLineEdit& m_field;
};

} // namespace

SearchField::SearchField(QWidget* parent)
    : QLineEdit(parent)
{
}

void SearchField::mouseReleaseEvent(QMouseEvent* event)
{
    const Hidden hidden(*this);
    QLineEdit::mouseReleaseEvent(event);
}

} // namespace coredact
