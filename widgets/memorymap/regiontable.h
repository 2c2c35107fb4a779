// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/memorymap/regionmodel.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QLineEdit;
class QTableView;

namespace coredact {

/// The regions of a dump as a table with a filter line; a double click or Enter goes there.
class RegionTable : public QWidget {
    Q_OBJECT

public:
    explicit RegionTable(QWidget* parent = nullptr);

    void setRows(std::vector<RegionRow> rows);
    /// Selects the region that holds the address, unless the filter hides it.
    void showAddress(std::uint64_t address);
    void focusFilter();
    QTableView* table() const { return m_table; }
    const RegionModel& model() const { return *m_model; }

signals:
    void regionWanted(quint64 address);

protected:
    void changeEvent(QEvent* event) override;

private:
    void dress();
    void filterChanged();

    RegionModel* m_model;
    RegionFilter* m_filter;
    QLineEdit* m_words;
    QCheckBox* m_onlyWithFindings;
    QLabel* m_count;
    QTableView* m_table;
};

} // namespace coredact
