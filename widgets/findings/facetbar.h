// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/findingsfilter.h"

#include <QAbstractButton>
#include <QWidget>

namespace coredact {

/// One choice of a facet: a pill that is on or off.
class FacetChip : public QAbstractButton {
    Q_OBJECT

public:
    explicit FacetChip(const FacetChoice& choice, QWidget* parent = nullptr);

    void showChoice(const FacetChoice& choice);
    const FacetChoice& choice() const { return m_choice; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString label() const;

    FacetChoice m_choice;
};

/// The filter's choices with their live counts, as chips that wrap.
class FacetBar : public QWidget {
    Q_OBJECT

public:
    explicit FacetBar(FindingsFilter& filter, QWidget* parent = nullptr);

private:
    void rebuild();
    std::vector<FacetChoice> shownChoices() const;

    FindingsFilter& m_filter;
    std::vector<FacetChip*> m_chips; ///< children
};

} // namespace coredact
