// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/memorymap/regionmodel.h"

#include "models/figures.h"
#include "models/placemap.h"
#include "models/texts.h"

#include <algorithm>
#include <numeric>

namespace coredact {

std::uint32_t RegionRow::allPlaces() const
{
    return std::accumulate(places.begin(), places.end(), 0U);
}

std::vector<RegionRow> regionRows(const Dump& dump)
{
    std::vector<RegionRow> rows;
    for (const Region& region : dump.regions)
        rows.push_back(
            {region.memory, region.savedBytes, region.access, region.kind, region.name, {}});
    if (!rows.empty())
        return rows;
    for (const Segment& segment : dump.segments)
        rows.push_back(
            {segment.memory, segment.file.size(), segment.access, segment.kind, segment.name, {}});
    std::stable_sort(rows.begin(), rows.end(),
                     [](const RegionRow& a, const RegionRow& b) { return a.memory < b.memory; });
    return rows;
}

void countPlaces(std::vector<RegionRow>& rows, std::span<const Finding> findings)
{
    for (RegionRow& row : rows)
        row.places = {};
    for (const Finding& finding : findings) {
        const auto severity = static_cast<std::size_t>(finding.severity);
        for (const Occurrence& occurrence : finding.occurrences) {
            const auto address
                = occurrence.pieces.empty() ? std::nullopt : occurrence.pieces.front().address;
            if (!address)
                continue;
            const auto after
                = std::partition_point(rows.begin(), rows.end(), [&](const RegionRow& row) {
                      return row.memory.first() <= *address;
                  });
            if (after != rows.begin() && std::prev(after)->memory.contains(*address))
                ++std::prev(after)->places[severity];
        }
    }
}

RegionModel::RegionModel(QObject* parent)
    : QAbstractTableModel(parent)
{
}

void RegionModel::setRows(std::vector<RegionRow> rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    m_mostPlaces = 0;
    for (const RegionRow& row : m_rows)
        m_mostPlaces = std::max(m_mostPlaces, row.allPlaces());
    endResetModel();
}

int RegionModel::rowOf(std::uint64_t address) const
{
    const auto after
        = std::partition_point(m_rows.begin(), m_rows.end(), [address](const RegionRow& row) {
              return row.memory.first() <= address;
          });
    if (after == m_rows.begin() || !std::prev(after)->memory.contains(address))
        return -1;
    return static_cast<int>(after - m_rows.begin()) - 1;
}

int RegionModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int RegionModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RegionModel::alignmentOf(int column)
{
    const bool number = column == Size || column == Saved;
    return QVariant::fromValue((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
}

QVariant RegionModel::textOf(const RegionRow& row, int column) const
{
    switch (column) {
    case Address:
        return hexText(row.memory.first(), 12);
    case Size:
        return byteSizeText(row.memory.size());
    case Saved:
        return row.savedBytes == 0 ? tr("none") : shareText(row.savedBytes, row.memory.size());
    case AccessColumn:
        return Texts::access(row.access);
    case Kind:
        return Texts::regionKind(row.kind);
    case Name:
        return Texts::fromDump(row.name);
    case Findings:
        return row.allPlaces() == 0 ? QString() : countText(row.allPlaces());
    default:
        return {};
    }
}

QVariant RegionModel::sortKey(const RegionRow& row, int column) const
{
    switch (column) {
    case Address:
        return QVariant::fromValue<quint64>(row.memory.first());
    case Size:
        return QVariant::fromValue<quint64>(row.memory.size());
    case Saved:
        return QVariant::fromValue<quint64>(row.savedBytes);
    case Findings:
        return row.allPlaces();
    default:
        return textOf(row, column);
    }
}

QVariant RegionModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const RegionRow& row = at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return textOf(row, index.column());
    case Qt::ToolTipRole:
        return index.column() == Name ? textOf(row, Name).toString().toHtmlEscaped() : QVariant();
    case Qt::TextAlignmentRole:
        return alignmentOf(index.column());
    case SortRole:
        return sortKey(row, index.column());
    case FilterRole:
        return QStringList {textOf(row, Address).toString(), textOf(row, AccessColumn).toString(),
                            textOf(row, Kind).toString(), textOf(row, Name).toString()}
            .join(QLatin1Char(' '));
    case PlacesRole:
        return QVariant::fromValue(QList<uint>(row.places.begin(), row.places.end()));
    case MostPlacesRole:
        return m_mostPlaces;
    case KindRole:
        return static_cast<int>(row.kind);
    case AddressRole:
        return QVariant::fromValue<quint64>(row.memory.first());
    default:
        return {};
    }
}

QVariant RegionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return alignmentOf(section);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Address:
        return tr("Address");
    case Size:
        return tr("Size");
    case Saved:
        return tr("Saved");
    case AccessColumn:
        return tr("Access");
    case Kind:
        return tr("Kind");
    case Name:
        return tr("Name");
    case Findings:
        return tr("Findings");
    default:
        return {};
    }
}

RegionFilter::RegionFilter(QObject* parent)
    : QSortFilterProxyModel(parent)
{
    setSortRole(RegionModel::SortRole);
    setDynamicSortFilter(true);
}

void RegionFilter::setWords(const QString& text)
{
    m_words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    invalidateFilter();
}

void RegionFilter::setOnlyWithFindings(bool only)
{
    m_onlyWithFindings = only;
    invalidateFilter();
}

bool RegionFilter::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    const QModelIndex index = sourceModel()->index(row, RegionModel::Findings, parent);
    if (m_onlyWithFindings && index.data(RegionModel::SortRole).toUInt() == 0)
        return false;
    if (m_words.isEmpty())
        return true;
    const QString text = index.data(RegionModel::FilterRole).toString();
    return std::all_of(m_words.begin(), m_words.end(), [&text](const QString& word) {
        return text.contains(word, Qt::CaseInsensitive);
    });
}

} // namespace coredact
