// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/findingsmodel.h"

#include <QSortFilterProxyModel>
#include <QTimer>

namespace coredact {

/// What a person narrows the findings by.
enum class Facet { Verdict, Severity, Confidence, Place };
constexpr int facetCount = 4;

/// One choice of a facet with its live count: of findings, and for Place of occurrences. A count
/// regards what the other facets and the text leave over.
struct FacetChoice {
    Facet facet = Facet::Verdict;
    int value = 0; ///< of the enum that the facet goes by
    QString text;
    int count = 0;
    bool chosen = false;

    bool operator==(const FacetChoice&) const = default;
};

/// The findings that are shown: every word of the text occurs, and in each facet that has chosen
/// values the finding has one of them. The order is the model's.
class FindingsFilter : public QSortFilterProxyModel {
    Q_OBJECT

public:
    explicit FindingsFilter(FindingsModel& model, QObject* parent = nullptr);

    /// The choices that some finding has, and the chosen ones; in the enums' order.
    const std::vector<FacetChoice>& choices() const { return m_choices; }
    bool isChosen(Facet facet, int value) const;
    void choose(Facet facet, int value, bool chosen);
    void setText(const QString& text);
    void clear();
    bool narrowed() const;
    int placeCount() const; ///< occurrences of the shown findings

signals:
    void choicesChanged();

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    struct Traits {
        std::array<unsigned, facetCount> bits {}; ///< a bit for each value that it has
        bool text = false;
    };
    Traits traitsOf(int row) const;
    void recount();
    void refilter();

    FindingsModel& m_model;
    std::array<unsigned, facetCount> m_chosen {};
    QStringList m_words;
    std::vector<FacetChoice> m_choices;
    QTimer m_recount; ///< counts once for a burst of changes
};

} // namespace coredact
