// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/threadsmodel.h"

#include "models/figures.h"
#include "models/texts.h"

#include <QFont>

namespace coredact {

int ThreadsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_dump ? 0 : static_cast<int>(m_dump->threads.size());
}

int ThreadsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ThreadsModel::text(const Thread& thread, int column) const
{
    const int digits = static_cast<int>(m_dump->wordSize) * 2;
    switch (column) {
    case IdColumn:
        return QString::number(thread.id);
    case NameColumn:
        return Texts::fromDump(thread.name);
    case SignalColumn:
        return thread.signal ? Texts::signal(m_dump->format, *thread.signal) : QString();
    case PcColumn:
        return hexText(thread.pc, digits);
    case WhereColumn:
        return m_places ? m_places->describe(thread.pc) : QString();
    case SpColumn:
        return hexText(thread.sp, digits);
    default:
        return {};
    }
}

QVariant ThreadsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Thread& thread = m_dump->threads[static_cast<std::size_t>(index.row())];
    if (role == Qt::DisplayRole)
        return text(thread, index.column());
    if (role == AddressRole) {
        const bool code = index.column() == PcColumn || index.column() == WhereColumn;
        return static_cast<quint64>(code ? thread.pc : thread.sp);
    }
    if (role == Qt::FontRole && thread.signal) {
        QFont font;
        font.setBold(true);
        return font;
    }
    return {};
}

QVariant ThreadsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal)
        return {};
    switch (section) {
    case IdColumn:
        return tr("Thread");
    case NameColumn:
        return tr("Name");
    case SignalColumn:
        return tr("Signal");
    case PcColumn:
        return tr("Program counter");
    case WhereColumn:
        return tr("In");
    case SpColumn:
        return tr("Stack pointer");
    default:
        return {};
    }
}

void ThreadsModel::show(std::shared_ptr<const Dump> dump, std::shared_ptr<const PlaceMap> places)
{
    beginResetModel();
    m_dump = std::move(dump);
    m_places = std::move(places);
    endResetModel();
}

} // namespace coredact
