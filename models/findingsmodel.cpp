// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findingsmodel.h"

#include "models/identitytext.h"
#include "models/texts.h"

#include <algorithm>
#include <tuple>

namespace coredact {

namespace {

/// So many rows changed one by one cost more than a reset.
constexpr std::size_t mostSingleChanges = 2000;

std::uint64_t firstOffset(const Finding& finding)
{
    if (finding.occurrences.empty() || finding.occurrences.front().pieces.empty())
        return 0;
    return finding.occurrences.front().pieces.front().file.first();
}

unsigned kindsOf(const std::array<int, placeKindCount>& byKind)
{
    unsigned kinds = 0;
    for (std::size_t kind = 0; kind < byKind.size(); ++kind)
        kinds |= byKind[kind] > 0 ? 1U << kind : 0U;
    return kinds;
}

auto sortKey(const Finding& finding)
{
    return std::tuple(finding.severity, finding.confidence, firstOffset(finding),
                      std::string_view(finding.rule));
}

} // namespace

FindingsModel::FindingsModel(const Verdicts& verdicts, QObject* parent)
    : QAbstractListModel(parent)
    , m_verdicts(verdicts)
{
    connect(&verdicts, &Verdicts::changed, this, &FindingsModel::verdictsChanged);
    connect(&verdicts, &Verdicts::reloaded, this, [this] {
        if (!m_rows.empty())
            emit dataChanged(index(0), index(rowCount() - 1), {VerdictRole, ReasonRole, NoteRole});
    });
}

int FindingsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant FindingsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Finding& finding = *m_rows[static_cast<std::size_t>(index.row())].finding;
    switch (role) {
    case Qt::DisplayRole:
    case TitleRole:
        return Texts::rule(finding.title);
    case Qt::ToolTipRole:
        return (Texts::rule(finding.title) + QLatin1Char('\n') + context(finding)).toHtmlEscaped();
    case Qt::AccessibleTextRole:
        return tr("%1, %2, %3, %n places, %4", "title, severity, confidence, verdict",
                  static_cast<int>(finding.occurrences.size()))
            .arg(Texts::rule(finding.title), Texts::severity(finding.severity),
                 Texts::confidence(finding.confidence),
                 Texts::verdict(m_verdicts.decisionFor(finding.id).verdict));
    case IdRole:
        return Texts::fromUtf8(finding.id);
    case ContextRole:
        return context(finding);
    case PlacesRole:
        return static_cast<int>(finding.occurrences.size());
    case SeverityRole:
        return static_cast<int>(finding.severity);
    case ConfidenceRole:
        return static_cast<int>(finding.confidence);
    case VerdictRole:
        return static_cast<int>(m_verdicts.decisionFor(finding.id).verdict);
    case ReasonRole:
        return static_cast<int>(m_verdicts.decisionFor(finding.id).reason);
    case NoteRole:
        return Texts::fromUtf8(m_verdicts.decisionFor(finding.id).note);
    case KindsRole:
        return kindsOf(m_rows[static_cast<std::size_t>(index.row())].byKind);
    default:
        return {};
    }
}

QString FindingsModel::context(const Finding& finding) const
{
    QStringList parts;
    const IdentityText known = identityText(finding);
    parts << known.belongsTo;
    if (!finding.proof.empty())
        parts << Texts::fromDump(finding.proof);
    parts << known.itself;
    if (parts.isEmpty())
        parts << Texts::confidence(finding.confidence);
    return parts.join(QStringLiteral(" · "));
}

FindingsModel::Row FindingsModel::rowFor(const FindingPtr& finding) const
{
    Row row {finding, {}};
    for (const Occurrence& occurrence : finding->occurrences) {
        const PlaceKind kind = m_where && !occurrence.pieces.empty()
            ? m_where->kindAt(occurrence.pieces.front().file.first())
            : PlaceKind::Elsewhere;
        ++row.byKind[static_cast<std::size_t>(kind)];
    }
    return row;
}

void FindingsModel::reset(std::shared_ptr<const PlaceMap> places)
{
    beginResetModel();
    m_where = std::move(places);
    m_rows.clear();
    m_places = 0;
    m_numbered = false;
    endResetModel();
}

void FindingsModel::add(const std::vector<FindingPtr>& findings)
{
    std::vector<Row> rows;
    rows.reserve(findings.size());
    for (const FindingPtr& finding : findings) {
        const int known = rowOf(Texts::fromUtf8(finding->id));
        if (known < 0) {
            rows.push_back(rowFor(finding));
            continue;
        }
        Row& row = m_rows[static_cast<std::size_t>(known)];
        if (sortKey(*row.finding) == sortKey(*finding)) {
            row = rowFor(finding);
            emit dataChanged(index(known), index(known));
        } else {
            beginRemoveRows({}, known, known);
            m_rows.erase(m_rows.begin() + known);
            m_numbered = false;
            endRemoveRows();
            rows.push_back(rowFor(finding));
        }
    }
    insertSorted(std::move(rows));
    renumber();
}

void FindingsModel::assign(const std::vector<FindingPtr>& findings)
{
    std::vector<Row> rows;
    rows.reserve(findings.size());
    for (const FindingPtr& finding : findings)
        rows.push_back(rowFor(finding));
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
        return sortKey(*a.finding) < sortKey(*b.finding);
    });
    if (rows.size() + m_rows.size() > mostSingleChanges) {
        beginResetModel();
        m_rows = std::move(rows);
        m_numbered = false;
        endResetModel();
    } else {
        mergeSorted(std::move(rows));
    }
    renumber();
}

void FindingsModel::insertSorted(std::vector<Row> rows)
{
    const auto less
        = [](const Row& a, const Row& b) { return sortKey(*a.finding) < sortKey(*b.finding); };
    for (Row& row : rows) {
        const auto place = std::upper_bound(m_rows.begin(), m_rows.end(), row, less);
        const int at = static_cast<int>(place - m_rows.begin());
        beginInsertRows({}, at, at);
        m_rows.insert(place, std::move(row));
        m_numbered = false;
        endInsertRows();
    }
}

void FindingsModel::mergeSorted(std::vector<Row> rows)
{
    int at = 0;
    for (Row& row : rows) {
        const auto key = sortKey(*row.finding);
        while (at < rowCount() && sortKey(*m_rows[static_cast<std::size_t>(at)].finding) < key) {
            beginRemoveRows({}, at, at);
            m_rows.erase(m_rows.begin() + at);
            m_numbered = false;
            endRemoveRows();
        }
        const bool same
            = at < rowCount() && sortKey(*m_rows[static_cast<std::size_t>(at)].finding) == key;
        if (same) {
            m_rows[static_cast<std::size_t>(at)] = std::move(row);
            m_numbered = false;
            emit dataChanged(index(at), index(at));
        } else {
            beginInsertRows({}, at, at);
            m_rows.insert(m_rows.begin() + at, std::move(row));
            m_numbered = false;
            endInsertRows();
        }
        ++at;
    }
    if (at < rowCount()) {
        beginRemoveRows({}, at, rowCount() - 1);
        m_rows.erase(m_rows.begin() + at, m_rows.end());
        m_numbered = false;
        endRemoveRows();
    }
}

void FindingsModel::renumber()
{
    m_places = 0;
    for (const Row& row : m_rows)
        m_places += static_cast<int>(row.finding->occurrences.size());
}

const FindingPtr& FindingsModel::findingAt(int row) const
{
    return m_rows.at(static_cast<std::size_t>(row)).finding;
}

std::vector<FindingPtr> FindingsModel::findings() const
{
    std::vector<FindingPtr> all;
    all.reserve(m_rows.size());
    for (const Row& row : m_rows)
        all.push_back(row.finding);
    return all;
}

int FindingsModel::rowOf(const QString& id) const
{
    if (!m_numbered) {
        m_rowById.clear();
        for (std::size_t row = 0; row < m_rows.size(); ++row)
            m_rowById.insert(Texts::fromUtf8(m_rows[row].finding->id), static_cast<int>(row));
        m_numbered = true;
    }
    return m_rowById.value(id, -1);
}

const std::array<int, placeKindCount>& FindingsModel::placesByKind(int row) const
{
    return m_rows.at(static_cast<std::size_t>(row)).byKind;
}

void FindingsModel::verdictsChanged(const QStringList& ids)
{
    for (const QString& id : ids) {
        const int row = rowOf(id);
        if (row >= 0)
            emit dataChanged(index(row), index(row), {VerdictRole, ReasonRole, NoteRole});
    }
}

} // namespace coredact
