// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/findings/facetbar.h"

#include "models/figures.h"
#include "widgets/findings/flowlayout.h"
#include "widgets/theme/pills.h"

#include <QPainter>

#include <algorithm>

namespace coredact {

FacetChip::FacetChip(const FacetChoice& choice, QWidget* parent)
    : QAbstractButton(parent)
{
    setCheckable(true);
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    showChoice(choice);
}

void FacetChip::showChoice(const FacetChoice& choice)
{
    const bool widthChanged = choice.text != m_choice.text || choice.count != m_choice.count;
    m_choice = choice;
    setChecked(choice.chosen);
    setAccessibleName(choice.facet == Facet::Place
                          ? tr("%1, %n places", "filter chip", choice.count).arg(choice.text)
                          : tr("%1, %n findings", "filter chip", choice.count).arg(choice.text));
    setToolTip(accessibleName());
    if (widthChanged)
        updateGeometry();
    update();
}

QString FacetChip::label() const
{
    return m_choice.text + QLatin1Char(' ') + countText(static_cast<quint64>(m_choice.count));
}

QSize FacetChip::sizeHint() const
{
    return pillSize(filterPill(label(), true, currentTokens()), font());
}

void FacetChip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    Pill pill = filterPill(label(), isChecked(), currentTokens());
    if (hasFocus())
        pill.border = currentTokens().text;
    else if (underMouse())
        pill.border = currentTokens().accent;
    paintPill(painter, QRectF(rect()), pill, font());
}

FacetBar::FacetBar(FindingsFilter& filter, QWidget* parent)
    : QWidget(parent)
    , m_filter(filter)
{
    setLayout(new FlowLayout(6, this));
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(&filter, &FindingsFilter::choicesChanged, this, &FacetBar::rebuild);
    rebuild();
}

std::vector<FacetChoice> FacetBar::shownChoices() const
{
    std::vector<FacetChoice> shown = m_filter.choices();
    // A facet that divides nothing is no choice.
    const auto single = [&shown](Facet facet) {
        return std::count_if(shown.begin(), shown.end(),
                             [facet](const auto& choice) { return choice.facet == facet; })
            < 2;
    };
    const bool oneConfidence = single(Facet::Confidence);
    std::erase_if(shown, [&](const FacetChoice& choice) {
        return choice.facet == Facet::Confidence && oneConfidence && !choice.chosen;
    });
    return shown;
}

void FacetBar::rebuild()
{
    const std::vector<FacetChoice> choices = shownChoices();
    const auto same = [](const FacetChip* chip, const FacetChoice& choice) {
        return chip->choice().facet == choice.facet && chip->choice().value == choice.value;
    };
    // The chip under the keyboard stays the same widget while counts change.
    if (std::equal(m_chips.begin(), m_chips.end(), choices.begin(), choices.end(), same)) {
        for (std::size_t at = 0; at < choices.size(); ++at)
            m_chips[at]->showChoice(choices[at]);
        return;
    }
    for (FacetChip* chip : m_chips)
        chip->deleteLater();
    m_chips.clear();
    while (QLayoutItem* item = layout()->takeAt(0))
        delete item;
    for (const FacetChoice& choice : choices) {
        auto* chip = new FacetChip(choice, this);
        connect(chip, &QAbstractButton::clicked, this, [this, chip](bool checked) {
            m_filter.choose(chip->choice().facet, chip->choice().value, checked);
        });
        layout()->addWidget(chip);
        chip->setVisible(true);
        m_chips.push_back(chip);
    }
    updateGeometry();
}

} // namespace coredact
