// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/placemap.h"
#include "scanner/triage/session.h"

#include <QAbstractTableModel>

#include <memory>
#include <optional>
#include <vector>

class QUndoStack;

namespace coredact {

/// The places that the analyst marked by hand, in the order of the file, one for a run of bytes.
/// Every change is an undo command; labels are edited in place. Lives in the thread of the window.
class Bookmarks : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { PlaceColumn, LabelColumn, RegionColumn, ColumnCount };
    enum Role {
        OffsetRole = Qt::UserRole, ///< quint64: of the first byte, in the file
    };

    /// `undo` must outlive the model.
    explicit Bookmarks(QUndoStack& undo, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// Forgets all of them; `places` may be null for no dump.
    void reset(std::shared_ptr<const PlaceMap> places);
    /// Takes in those of a session, beside those set since; there is nothing to undo after it.
    void restore(const std::vector<Bookmark>& stored);

    const std::vector<Bookmark>& all() const { return m_bookmarks; }
    /// Removes the bookmark of exactly this place, or else sets one.
    void toggle(FileRange place);
    void remove(int row);
    int rowOf(FileRange place) const; ///< -1 for none
    /// The nearest one that begins after, or before, the offset; goes round at the end.
    std::optional<FileRange> after(std::uint64_t offset) const;
    std::optional<FileRange> before(std::uint64_t offset) const;

signals:
    /// One was set, removed or given another label; for the session. The places are the same.
    void changed(const std::optional<coredact::Bookmark>& before,
                 const std::optional<coredact::Bookmark>& after);

private:
    friend class BookmarkCommand;
    using Change = std::pair<std::optional<Bookmark>, std::optional<Bookmark>>;
    void apply(const std::optional<Bookmark>& before, const std::optional<Bookmark>& after);
    void push(Change change, const QString& text);

    QUndoStack& m_undo;
    std::shared_ptr<const PlaceMap> m_places;
    std::vector<Bookmark> m_bookmarks; ///< sorted by place
};

} // namespace coredact
