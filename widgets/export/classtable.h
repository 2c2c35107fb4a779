// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/redact/classes.h"

#include <QTableWidget>

#include <map>

namespace coredact {

/// The classes of bytes of a dump, with how many there are of each and what becomes of them.
class ClassTable : public QTableWidget {
    Q_OBJECT

public:
    explicit ClassTable(QWidget* parent = nullptr);

    /// A row for each class of the dump; what was chosen stays chosen.
    /// `ownThreads`: see keepsThreadsInOwnData.
    void showShares(const std::vector<ClassShare>& shares, bool ownThreads);
    /// What is not scanned.
    std::vector<ClassChoice> choices() const;
    /// What a debugger loses by the choices, a line for each; "" where nothing.
    QString costs() const;

signals:
    void changed();

private:
    void addRow(const ClassShare& share);

    std::map<DumpClass, ClassUse> m_chosen;
    std::vector<DumpClass> m_rows;
    bool m_ownThreads = false;
};

} // namespace coredact
