// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/findingsmodel.h"

#include <QAbstractTableModel>

namespace coredact {

/// All places of one finding, in the file's order.
class OccurrencesModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { PlaceColumn, EncodingColumn, RegionColumn, SizeColumn, ColumnCount };
    enum Role {
        OffsetRole = Qt::UserRole, ///< quint64: in the file, of the first piece
        SizeRole, ///< quint64: bytes of all pieces
    };

    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    void show(FindingPtr finding); ///< null shows nothing
    /// The row whose occurrence holds the file offset, or -1.
    int rowAt(std::uint64_t fileOffset) const;

private:
    FindingPtr m_finding;
};

/// The number of the place that is shown first: the first that holds the whole secret, since a
/// fragment may be of another one that begins alike; 0 where there are fragments only.
int firstShown(const Finding& finding);

} // namespace coredact
