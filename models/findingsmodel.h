// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/placemap.h"
#include "models/verdicts.h"

#include <QAbstractListModel>
#include <QHash>

#include <memory>

namespace coredact {

/// A finding as the models share it; owned together with the list that it came in.
using FindingPtr = std::shared_ptr<const Finding>;

/// The findings, one row for each secret, sorted by severity, then confidence, then place. Grows
/// by exact rows while a scan runs. Computes nothing but the order; verdicts come from Verdicts,
/// which must outlive the model.
class FindingsModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role {
        IdRole = Qt::UserRole,
        TitleRole, ///< QString, safe to show
        ContextRole, ///< one line: owner, proof and identity
        PlacesRole, ///< int: number of occurrences
        SeverityRole, ///< int of Severity
        ConfidenceRole, ///< int of Confidence
        VerdictRole, ///< int of Verdict
        ReasonRole, ///< int of Reason
        NoteRole,
        KindsRole, ///< unsigned: bits of PlaceKind
    };

    explicit FindingsModel(const Verdicts& verdicts, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

    /// Forgets all findings; `places` tells where new ones lie and may be null for none.
    void reset(std::shared_ptr<const PlaceMap> places);
    /// Findings that a running scan has seen.
    void add(const std::vector<FindingPtr>& findings);
    /// The final list: rows that it does not hold go, new ones come, others stay where they are.
    void assign(const std::vector<FindingPtr>& findings);

    const FindingPtr& findingAt(int row) const;
    std::vector<FindingPtr> findings() const; ///< in the order of the rows
    int rowOf(const QString& id) const; ///< -1 for none
    int placeCount() const { return m_places; }
    /// How many occurrences of a row lie in each PlaceKind.
    const std::array<int, placeKindCount>& placesByKind(int row) const;
    const Verdicts& verdicts() const { return m_verdicts; }

private:
    struct Row {
        FindingPtr finding;
        std::array<int, placeKindCount> byKind {};
    };
    Row rowFor(const FindingPtr& finding) const;
    void insertSorted(std::vector<Row> rows);
    void mergeSorted(std::vector<Row> rows);
    void verdictsChanged(const QStringList& ids);
    void renumber();
    QString context(const Finding& finding) const;

    const Verdicts& m_verdicts;
    std::shared_ptr<const PlaceMap> m_where;
    std::vector<Row> m_rows;
    mutable QHash<QString, int> m_rowById;
    mutable bool m_numbered = true;
    int m_places = 0;
};

} // namespace coredact
