// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/placemap.h"

#include <QAbstractTableModel>

#include <memory>

namespace coredact {

/// The threads of a dump, in the file's order; the crashing one says its signal.
class ThreadsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column {
        IdColumn,
        NameColumn,
        SignalColumn,
        PcColumn,
        WhereColumn,
        SpColumn,
        ColumnCount
    };
    enum Role {
        AddressRole = Qt::UserRole, ///< quint64: the pc in its columns, else the stack pointer
    };

    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// Null for no dump.
    void show(std::shared_ptr<const Dump> dump, std::shared_ptr<const PlaceMap> places);

private:
    QVariant text(const Thread& thread, int column) const;

    std::shared_ptr<const Dump> m_dump;
    std::shared_ptr<const PlaceMap> m_places;
};

} // namespace coredact
