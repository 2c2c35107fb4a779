// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/bookmarks.h"

#include "models/figures.h"
#include "models/texts.h"

#include <QUndoStack>

#include <algorithm>

namespace coredact {

namespace {

constexpr qsizetype longestLabel = 200;

auto begins(const std::vector<Bookmark>& bookmarks, const FileRange& place)
{
    return std::lower_bound(
        bookmarks.begin(), bookmarks.end(), place,
        [](const Bookmark& bookmark, const FileRange& range) { return bookmark.place < range; });
}

} // namespace

/// One act of the analyst on one bookmark.
class BookmarkCommand : public QUndoCommand {
public:
    BookmarkCommand(Bookmarks& bookmarks, Bookmarks::Change change, const QString& text)
        : QUndoCommand(text)
        , m_bookmarks(bookmarks)
        , m_change(std::move(change))
    {
    }
    void undo() override { m_bookmarks.apply(m_change.second, m_change.first); }
    void redo() override { m_bookmarks.apply(m_change.first, m_change.second); }

private:
    Bookmarks& m_bookmarks;
    Bookmarks::Change m_change;
};

Bookmarks::Bookmarks(QUndoStack& undo, QObject* parent)
    : QAbstractTableModel(parent)
    , m_undo(undo)
{
}

int Bookmarks::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_bookmarks.size());
}

int Bookmarks::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant Bookmarks::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Bookmark& bookmark = m_bookmarks[static_cast<std::size_t>(index.row())];
    const std::uint64_t offset = bookmark.place.first();
    if (role == OffsetRole)
        return static_cast<quint64>(offset);
    if (role != Qt::DisplayRole && role != Qt::EditRole)
        return {};
    const auto address = m_places ? m_places->addressOf(offset) : std::nullopt;
    switch (index.column()) {
    case PlaceColumn:
        return address ? hexText(*address, 12) : QLatin1Char('@') + hexText(offset, 8);
    case LabelColumn:
        return Texts::fromUtf8(bookmark.label);
    case RegionColumn:
        return address ? m_places->describe(*address) : QString();
    default:
        return {};
    }
}

bool Bookmarks::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole || index.column() != LabelColumn
        || !checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    const Bookmark before = m_bookmarks[static_cast<std::size_t>(index.row())];
    Bookmark after = before;
    after.label = Texts::toUtf8(value.toString().trimmed().left(longestLabel));
    if (!(after == before))
        push({before, after}, tr("label of a bookmark"));
    return true;
}

Qt::ItemFlags Bookmarks::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags usual = QAbstractTableModel::flags(index);
    return index.column() == LabelColumn ? usual | Qt::ItemIsEditable : usual;
}

QVariant Bookmarks::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal)
        return {};
    switch (section) {
    case PlaceColumn:
        return tr("Bookmark");
    case LabelColumn:
        return tr("Label");
    case RegionColumn:
        return tr("In");
    default:
        return {};
    }
}

void Bookmarks::reset(std::shared_ptr<const PlaceMap> places)
{
    beginResetModel();
    m_places = std::move(places);
    m_bookmarks.clear();
    endResetModel();
}

void Bookmarks::restore(const std::vector<Bookmark>& stored)
{
    for (const Bookmark& bookmark : stored) {
        if (rowOf(bookmark.place) < 0)
            apply(std::nullopt, bookmark);
    }
}

void Bookmarks::toggle(FileRange place)
{
    if (const int row = rowOf(place); row >= 0)
        remove(row);
    else
        push({std::nullopt, Bookmark {place, {}}}, tr("bookmark"));
}

void Bookmarks::remove(int row)
{
    if (row >= 0 && row < rowCount())
        push({m_bookmarks[static_cast<std::size_t>(row)], std::nullopt}, tr("remove the bookmark"));
}

int Bookmarks::rowOf(FileRange place) const
{
    const auto at = begins(m_bookmarks, place);
    return at != m_bookmarks.end() && at->place == place
        ? static_cast<int>(at - m_bookmarks.begin())
        : -1;
}

std::optional<FileRange> Bookmarks::after(std::uint64_t offset) const
{
    if (m_bookmarks.empty())
        return std::nullopt;
    const auto next
        = std::find_if(m_bookmarks.begin(), m_bookmarks.end(),
                       [&](const Bookmark& bookmark) { return bookmark.place.first() > offset; });
    return next == m_bookmarks.end() ? m_bookmarks.front().place : next->place;
}

std::optional<FileRange> Bookmarks::before(std::uint64_t offset) const
{
    if (m_bookmarks.empty())
        return std::nullopt;
    const auto last
        = std::find_if(m_bookmarks.rbegin(), m_bookmarks.rend(),
                       [&](const Bookmark& bookmark) { return bookmark.place.first() < offset; });
    return last == m_bookmarks.rend() ? m_bookmarks.back().place : last->place;
}

void Bookmarks::push(Change change, const QString& text)
{
    m_undo.push(new BookmarkCommand(*this, std::move(change), text));
}

void Bookmarks::apply(const std::optional<Bookmark>& before, const std::optional<Bookmark>& after)
{
    const int row = before ? rowOf(before->place) : -1;
    if (row >= 0 && after) {
        m_bookmarks[static_cast<std::size_t>(row)] = *after;
        emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
    } else if (row >= 0) {
        beginRemoveRows({}, row, row);
        m_bookmarks.erase(m_bookmarks.begin() + row);
        endRemoveRows();
    } else if (after) {
        const auto at = begins(m_bookmarks, after->place);
        const int newRow = static_cast<int>(at - m_bookmarks.begin());
        beginInsertRows({}, newRow, newRow);
        m_bookmarks.insert(at, *after);
        endInsertRows();
    }
    emit changed(before, after);
}

} // namespace coredact
