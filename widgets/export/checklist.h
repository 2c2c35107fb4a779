// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/redact/verify.h"

#include <QTreeWidget>

class QLabel;

namespace coredact {

/// The checks of a verification, a row for each.
class CheckList : public QTreeWidget {
    Q_OBJECT

public:
    explicit CheckList(QWidget* parent = nullptr);

    void expect(std::string_view check); ///< it waits
    void tell(const Check& check); ///< in the row that waits for it, else in a new one
    void tell(const Violation& violation); ///< in a row of its own

private:
    QTreeWidgetItem* rowOf(std::string_view check);
};

/// A line, or more where it is long, that holds plain text whatever it says.
QLabel* newPlainLabel(QWidget* parent, const QString& text = {});

} // namespace coredact
