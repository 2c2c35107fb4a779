// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findingsfilter.h"

#include "models/texts.h"

#include <chrono>

namespace coredact {

namespace {

constexpr std::array<int, facetCount> valueCounts {3, 5, 3, placeKindCount};

std::size_t at(Facet facet)
{
    return static_cast<std::size_t>(facet);
}

QString choiceText(Facet facet, int value)
{
    switch (facet) {
    case Facet::Verdict:
        return Texts::verdict(static_cast<Verdict>(value));
    case Facet::Severity:
        return Texts::severity(static_cast<Severity>(value));
    case Facet::Confidence:
        return Texts::confidence(static_cast<Confidence>(value));
    case Facet::Place:
        return placeKindText(static_cast<PlaceKind>(value));
    }
    return {};
}

unsigned bit(int value)
{
    return 1U << static_cast<unsigned>(value);
}

} // namespace

FindingsFilter::FindingsFilter(FindingsModel& model, QObject* parent)
    : QSortFilterProxyModel(parent)
    , m_model(model)
{
    setSourceModel(&model);
    setDynamicSortFilter(true);
    m_recount.setSingleShot(true);
    m_recount.setInterval(std::chrono::milliseconds(30));
    connect(&m_recount, &QTimer::timeout, this, &FindingsFilter::recount);
    const auto soon = [this] {
        if (!m_recount.isActive())
            m_recount.start();
    };
    connect(&model, &QAbstractItemModel::rowsInserted, this, soon);
    connect(&model, &QAbstractItemModel::rowsRemoved, this, soon);
    connect(&model, &QAbstractItemModel::dataChanged, this, soon);
    connect(&model, &QAbstractItemModel::modelReset, this, soon);
    recount();
}

bool FindingsFilter::isChosen(Facet facet, int value) const
{
    return (m_chosen[at(facet)] & bit(value)) != 0;
}

void FindingsFilter::choose(Facet facet, int value, bool chosen)
{
    unsigned& bits = m_chosen[at(facet)];
    const unsigned wanted = chosen ? bits | bit(value) : bits & ~bit(value);
    if (wanted == bits)
        return;
    bits = wanted;
    refilter();
}

void FindingsFilter::setText(const QString& text)
{
    const QStringList words = text.toCaseFolded().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    if (words == m_words)
        return;
    m_words = words;
    refilter();
}

void FindingsFilter::clear()
{
    m_chosen = {};
    m_words.clear();
    refilter();
}

bool FindingsFilter::narrowed() const
{
    return !m_words.isEmpty() || m_chosen != std::array<unsigned, facetCount> {};
}

void FindingsFilter::refilter()
{
    invalidateFilter();
    recount();
}

int FindingsFilter::placeCount() const
{
    int places = 0;
    for (int row = 0; row < rowCount(); ++row)
        places += index(row, 0).data(FindingsModel::PlacesRole).toInt();
    return places;
}

FindingsFilter::Traits FindingsFilter::traitsOf(int row) const
{
    const Finding& finding = *m_model.findingAt(row);
    const QModelIndex index = m_model.index(row);
    Traits traits;
    traits.bits[at(Facet::Verdict)] = bit(index.data(FindingsModel::VerdictRole).toInt());
    traits.bits[at(Facet::Severity)] = bit(static_cast<int>(finding.severity));
    traits.bits[at(Facet::Confidence)] = bit(static_cast<int>(finding.confidence));
    traits.bits[at(Facet::Place)] = index.data(FindingsModel::KindsRole).toUInt();
    traits.text = true;
    if (m_words.isEmpty())
        return traits;
    const QString text = QStringList {index.data(FindingsModel::TitleRole).toString(),
                                      index.data(FindingsModel::ContextRole).toString(),
                                      index.data(FindingsModel::NoteRole).toString(),
                                      Texts::fromUtf8(finding.rule)}
                             .join(QLatin1Char('\n'))
                             .toCaseFolded();
    for (const QString& word : m_words)
        traits.text = traits.text && text.contains(word);
    return traits;
}

bool FindingsFilter::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    if (parent.isValid())
        return false;
    if (!narrowed())
        return true;
    const Traits traits = traitsOf(row);
    for (std::size_t facet = 0; facet < m_chosen.size(); ++facet) {
        if (m_chosen[facet] != 0 && (traits.bits[facet] & m_chosen[facet]) == 0)
            return false;
    }
    return traits.text;
}

void FindingsFilter::recount()
{
    std::array<std::array<int, placeKindCount>, facetCount> counts {};
    for (int row = 0; row < m_model.rowCount(); ++row) {
        const Traits traits = traitsOf(row);
        for (std::size_t facet = 0; facet < counts.size(); ++facet) {
            bool others = traits.text;
            for (std::size_t other = 0; other < m_chosen.size(); ++other)
                others = others && (other == facet || m_chosen[other] == 0
                                    || (traits.bits[other] & m_chosen[other]) != 0);
            if (!others)
                continue;
            for (int value = 0; value < valueCounts[facet]; ++value) {
                const auto index = static_cast<std::size_t>(value);
                if (facet == at(Facet::Place))
                    counts[facet][index] += m_model.placesByKind(row)[index];
                else if ((traits.bits[facet] & bit(value)) != 0)
                    ++counts[facet][index];
            }
        }
    }
    std::vector<FacetChoice> choices;
    for (std::size_t facet = 0; facet < counts.size(); ++facet) {
        for (int value = 0; value < valueCounts[facet]; ++value) {
            const Facet which = static_cast<Facet>(facet);
            const int count = counts[facet][static_cast<std::size_t>(value)];
            if (count > 0 || isChosen(which, value))
                choices.push_back(
                    {which, value, choiceText(which, value), count, isChosen(which, value)});
        }
    }
    if (choices == m_choices)
        return;
    m_choices = std::move(choices);
    emit choicesChanged();
}

} // namespace coredact
