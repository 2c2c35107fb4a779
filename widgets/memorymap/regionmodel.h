// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/dump.h"
#include "scanner/scan/finding.h"

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

#include <array>
#include <span>
#include <vector>

namespace coredact {

constexpr int severityCount = 5;

/// A region as the table shows it.
struct RegionRow {
    AddressRange memory;
    std::uint64_t savedBytes = 0;
    Access access;
    RegionKind kind = RegionKind::Unknown;
    std::string name;
    std::array<std::uint32_t, severityCount> places {}; ///< of findings, by severity

    std::uint32_t allPlaces() const;
};

/// The regions of a dump; where a dump names none, its segments. Sorted by address. Without
/// findings.
std::vector<RegionRow> regionRows(const Dump& dump);
/// Counts the places of findings in rows that are sorted by address.
void countPlaces(std::vector<RegionRow>& rows, std::span<const Finding> findings);

/// Rows as they were given. Holds no logic but how a value is written.
class RegionModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Address, Size, Saved, AccessColumn, Kind, Name, Findings, ColumnCount };
    enum Role {
        SortRole = Qt::UserRole, ///< what the column sorts by
        FilterRole, ///< what the filter line looks in; the same for all columns
        PlacesRole, ///< QList<uint>: places of findings by severity
        MostPlacesRole, ///< the largest number of places in one row
        KindRole, ///< int of RegionKind
        AddressRole, ///< quint64
    };

    explicit RegionModel(QObject* parent = nullptr);
    void setRows(std::vector<RegionRow> rows);
    const RegionRow& at(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
    /// The row that holds an address, or -1. Rows must be sorted by address.
    int rowOf(std::uint64_t address) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    static QVariant alignmentOf(int column);
    QVariant textOf(const RegionRow& row, int column) const;
    QVariant sortKey(const RegionRow& row, int column) const;

    std::vector<RegionRow> m_rows;
    std::uint32_t m_mostPlaces = 0;
};

/// Sorts by role and filters by words: every word must occur in the name, kind, access or
/// address, whatever its case.
class RegionFilter : public QSortFilterProxyModel {
    Q_OBJECT

public:
    explicit RegionFilter(QObject* parent = nullptr);
    void setWords(const QString& text);
    void setOnlyWithFindings(bool only);

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    QStringList m_words;
    bool m_onlyWithFindings = false;
};

} // namespace coredact
