// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/dump.h"

#include <QAbstractTableModel>

#include <memory>

namespace coredact {

/// The modules of a dump: the program, its libraries; in the file's order.
class ModulesModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { NameColumn, BaseColumn, SizeColumn, BuildIdColumn, ColumnCount };
    enum Role {
        AddressRole = Qt::UserRole, ///< quint64: the first address
        SortRole,
    };

    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    void show(std::shared_ptr<const Dump> dump); ///< null for none

private:
    std::shared_ptr<const Dump> m_dump;
};

} // namespace coredact
