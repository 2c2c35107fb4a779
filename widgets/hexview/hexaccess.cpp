// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/hexview/hexaccess.h"

#include "widgets/hexview/hexview.h"

#include <QAccessible>
#include <QAccessibleWidget>

namespace coredact {

namespace {

class HexAccess : public QAccessibleWidget {
public:
    explicit HexAccess(HexView* view)
        : QAccessibleWidget(view, QAccessible::Document)
        , m_view(view)
    {
    }

    QString text(QAccessible::Text kind) const override
    {
        return kind == QAccessible::Value ? m_view->spokenRow() : QAccessibleWidget::text(kind);
    }

private:
    HexView* m_view;
};

QAccessibleInterface* interfaceFor(const QString&, QObject* object)
{
    auto* view = qobject_cast<HexView*>(object);
    return view ? new HexAccess(view) : nullptr;
}

} // namespace

void installHexAccess()
{
    static const bool installed = [] {
        QAccessible::installFactory(&interfaceFor);
        return true;
    }();
    Q_UNUSED(installed)
}

} // namespace coredact
