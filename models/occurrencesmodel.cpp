// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/occurrencesmodel.h"

#include "models/figures.h"
#include "models/texts.h"

#include <algorithm>

namespace coredact {

namespace {

quint64 sizeOf(const Occurrence& occurrence)
{
    quint64 size = 0;
    for (const Piece& piece : occurrence.pieces)
        size += piece.file.size();
    return size;
}

QString placeText(const Occurrence& occurrence)
{
    if (occurrence.pieces.empty())
        return {};
    const Piece& first = occurrence.pieces.front();
    return first.address ? hexText(*first.address, 12)
                         : QLatin1Char('@') + hexText(first.file.first(), 8);
}

} // namespace

int OccurrencesModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_finding ? 0 : static_cast<int>(m_finding->occurrences.size());
}

int OccurrencesModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant OccurrencesModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Occurrence& occurrence = m_finding->occurrences[static_cast<std::size_t>(index.row())];
    if (role == OffsetRole && !occurrence.pieces.empty())
        return static_cast<quint64>(occurrence.pieces.front().file.first());
    if (role == SizeRole)
        return sizeOf(occurrence);
    if (role == Qt::TextAlignmentRole && index.column() == SizeColumn)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    if (role == Qt::ToolTipRole)
        return QStringLiteral("%1 · %2 · %3")
            .arg(placeText(occurrence), Texts::encoding(occurrence.encoding),
                 Texts::fromDump(occurrence.region))
            .toHtmlEscaped();
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case PlaceColumn:
        return placeText(occurrence);
    case EncodingColumn:
        return Texts::encoding(occurrence.encoding);
    case RegionColumn:
        return Texts::fromDump(fileName(occurrence.region));
    case SizeColumn:
        return tr("%n bytes", nullptr, static_cast<int>(sizeOf(occurrence)));
    default:
        return {};
    }
}

QVariant OccurrencesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal)
        return {};
    switch (section) {
    case PlaceColumn:
        return tr("Address");
    case EncodingColumn:
        return tr("Written as");
    case RegionColumn:
        return tr("Region");
    case SizeColumn:
        return tr("Size");
    default:
        return {};
    }
}

void OccurrencesModel::show(FindingPtr finding)
{
    beginResetModel();
    m_finding = std::move(finding);
    endResetModel();
}

int firstShown(const Finding& finding)
{
    const auto whole = std::find_if(
        finding.occurrences.begin(), finding.occurrences.end(),
        [](const Occurrence& place) { return !place.encoding.ends_with("fragment"); });
    return whole == finding.occurrences.end()
        ? 0
        : static_cast<int>(whole - finding.occurrences.begin());
}

int OccurrencesModel::rowAt(std::uint64_t fileOffset) const
{
    for (int row = 0; row < rowCount(); ++row) {
        for (const Piece& piece : m_finding->occurrences[static_cast<std::size_t>(row)].pieces) {
            if (piece.file.contains(fileOffset))
                return row;
        }
    }
    return -1;
}

} // namespace coredact
