// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inspector/inspector.h"

#include "models/figures.h"
#include "models/identitytext.h"
#include "models/texts.h"
#include "widgets/inspector/datapanel.h"
#include "widgets/inspector/severityicon.h"
#include "widgets/preview/previewview.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>

#include <set>

namespace coredact {

namespace {

constexpr std::size_t mostRegions = 4;

} // namespace

/// "critical · verified · 7 places, 3 encodings".
QString Inspector::kindText(const Finding& finding)
{
    std::set<std::string_view> encodings;
    for (const Occurrence& occurrence : finding.occurrences)
        encodings.insert(occurrence.encoding);
    const QString places
        = tr("%n places", "of a secret", static_cast<int>(finding.occurrences.size()));
    const QString written = tr("%n encodings", nullptr, static_cast<int>(encodings.size()));
    return QStringLiteral("%1 · %2 · %3, %4")
        .arg(Texts::severity(finding.severity), Texts::confidence(finding.confidence), places,
             written);
}

QString Inspector::noteText(NotSought reason)
{
    switch (reason) {
    case NotSought::CommonWord:
        return tr(
            "The dump is full of this word: only what stands beside such a name is redacted.");
    case NotSought::PublishedKey:
        return tr("Everybody has this key: it is redacted where it was recognised, and looked for "
                  "nowhere else.");
    case NotSought::No:
        break;
    }
    return {};
}

QString Inspector::verdictText(const Decision& decision)
{
    QString text = Texts::verdict(decision.verdict);
    if (decision.verdict == Verdict::Keep && decision.reason != Reason::None)
        text += QStringLiteral(" (%1)").arg(Texts::reason(decision.reason));
    if (decision.verdict == Verdict::Pending)
        text = tr("%1; redacted like the rest", "undecided").arg(text);
    return text;
}

/// "[heap], [stack], libssl.so.3 and 2 more".
QString Inspector::whereText(const Finding& finding)
{
    std::vector<std::string> regions;
    for (const Occurrence& occurrence : finding.occurrences) {
        const std::string name(fileName(occurrence.region));
        if (std::find(regions.begin(), regions.end(), name) == regions.end())
            regions.push_back(name);
    }
    QStringList shown;
    for (std::size_t at = 0; at < std::min(regions.size(), mostRegions); ++at)
        shown << Texts::fromDump(regions[at]);
    QString text = shown.join(QStringLiteral(", "));
    const int more = static_cast<int>(regions.size()) - static_cast<int>(mostRegions);
    if (more > 0)
        text = tr("%1 and %n more", "regions", more).arg(text);
    return text;
}

void Inspector::showFinding(const FindingPtr& finding, const Decision& decision)
{
    m_finding = finding;
    m_empty->setVisible(!finding);
    m_body->setVisible(finding != nullptr);
    m_occurrences.show(finding);
    m_preview->showText({});
    m_preview->setVisible(false);
    if (!finding)
        return;
    m_icon->showSeverity(finding->severity);
    m_title->setText(Texts::rule(finding->title));
    m_kind->setText(kindText(*finding));
    m_where->setText(whereText(*finding));
    m_rule->setText(Texts::fromUtf8(finding->rule));
    showIdentities(*finding);
    QString explanation = Texts::rule(finding->explanation);
    explanation += QLatin1Char(' ') + noteText(finding->notSought);
    m_explanation->setText(explanation.trimmed());
    m_explanation->setVisible(!m_explanation->text().isEmpty());
    const bool proved = finding->confidence == Confidence::Verified;
    for (QLabel* label : {m_proof, m_evidence})
        label->setText(Texts::fromDump(finding->proof));
    m_proofBox->setVisible(proved && !finding->proof.empty());
    m_evidenceBox->setVisible(!proved && !finding->proof.empty());
    m_advice->setText(Texts::rule(finding->remediation));
    m_adviceBox->setVisible(!finding->remediation.empty());
    dressPlaces();
    showDecision(decision);
    m_note->setText(m_noted);
    updateGeometry();
}

void Inspector::showIdentities(const Finding& finding)
{
    const IdentityText text = identityText(finding);
    const QString whole = text.whole.join(QLatin1Char('\n')).toHtmlEscaped();
    const auto show = [&whole](QLabel* name, QLabel* value, const QStringList& lines) {
        name->setVisible(!lines.isEmpty());
        value->setVisible(!lines.isEmpty());
        value->setText(lines.join(QLatin1Char('\n')));
        value->setToolTip(whole);
    };
    show(m_identityName, m_identity, text.itself);
    show(m_belongsName, m_belongs, text.belongsTo);
}

void Inspector::showDecision(const Decision& decision)
{
    m_verdict->setText(verdictText(decision));
    m_noted = Texts::fromUtf8(decision.note);
    if (!m_note->hasFocus())
        m_note->setText(m_noted);
}

void Inspector::showPreview(TextPreview preview)
{
    m_preview->setVisible(!preview.text.isEmpty());
    m_preview->showText(std::move(preview));
}

void Inspector::showValues(std::vector<DataValue> values)
{
    m_values->showValues(std::move(values));
}

void Inspector::sayOfValues(const QString& text) { m_values->say(text); }

void Inspector::showRevealed(int secondsLeft)
{
    m_reveal->setText(secondsLeft > 0 ? tr("Mask (%1)", "button, seconds").arg(secondsLeft)
                                      : tr("Reveal"));
}

void Inspector::selectOccurrence(int row)
{
    if (row < 0 || row == occurrenceRow())
        return;
    m_places->setCurrentIndex(m_occurrences.index(row, 0));
}

int Inspector::occurrenceRow() const
{
    return m_places->currentIndex().isValid() ? m_places->currentIndex().row() : -1;
}

void Inspector::focusNote()
{
    if (m_finding)
        m_note->setFocus(Qt::ShortcutFocusReason);
}

void Inspector::occurrenceClicked(const QModelIndex& index)
{
    const QModelIndex first = index.siblingAtColumn(0);
    emit occurrenceChosen(first.data(OccurrencesModel::OffsetRole).toULongLong(),
                          first.data(OccurrencesModel::SizeRole).toULongLong());
}

} // namespace coredact
