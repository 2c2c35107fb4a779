// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/modulesmodel.h"

#include "models/figures.h"
#include "models/placemap.h"
#include "models/texts.h"

namespace coredact {

namespace {

QVariant textOf(const Module& module, int column, int digits)
{
    switch (column) {
    case ModulesModel::NameColumn:
        return Texts::fromDump(fileName(module.name));
    case ModulesModel::BaseColumn:
        return hexText(module.memory.first(), digits);
    case ModulesModel::SizeColumn:
        return byteSizeText(module.memory.size());
    case ModulesModel::BuildIdColumn:
        return Texts::fromDump(module.buildId);
    default:
        return {};
    }
}

QVariant sortValueOf(const Module& module, int column)
{
    if (column == ModulesModel::BaseColumn)
        return static_cast<quint64>(module.memory.first());
    if (column == ModulesModel::SizeColumn)
        return static_cast<quint64>(module.memory.size());
    return textOf(module, column, 0);
}

} // namespace

int ModulesModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_dump ? 0 : static_cast<int>(m_dump->modules.size());
}

int ModulesModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ModulesModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Module& module = m_dump->modules[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return textOf(module, index.column(), static_cast<int>(m_dump->wordSize) * 2);
    case Qt::ToolTipRole:
        return index.column() == NameColumn ? Texts::fromDump(module.name) : QString();
    case AddressRole:
        return static_cast<quint64>(module.memory.first());
    case SortRole:
        return sortValueOf(module, index.column());
    default:
        return {};
    }
}

QVariant ModulesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal)
        return {};
    switch (section) {
    case NameColumn:
        return tr("Module");
    case BaseColumn:
        return tr("Address");
    case SizeColumn:
        return tr("Size");
    case BuildIdColumn:
        return tr("Build id");
    default:
        return {};
    }
}

void ModulesModel::show(std::shared_ptr<const Dump> dump)
{
    beginResetModel();
    m_dump = std::move(dump);
    endResetModel();
}

} // namespace coredact
