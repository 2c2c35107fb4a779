// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/export/outcomepage.h"

#include "models/figures.h"
#include "models/texts.h"
#include "widgets/export/checklist.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace coredact {

namespace {

QStringList linesOf(const HandedOver& done, int promised)
{
    QStringList lines {
        OutcomePage::tr("Copy: %1", "path").arg(Texts::fromDump(done.target)),
        OutcomePage::tr("Certificate: %1", "path").arg(Texts::fromDump(done.certificate))};
    if (!done.signer.empty()) {
        lines << OutcomePage::tr("Signed by: %1", "fingerprint").arg(Texts::fromDump(done.signer))
              << OutcomePage::tr("Signature: %1", "path").arg(Texts::fromDump(done.signature));
    }
    if (done.form == Form::Minimised) {
        quint64 kept = 0;
        for (const KeptRange& each : done.kept)
            kept += each.range.size();
        lines << OutcomePage::tr("%1 of %2 kept", "bytes, bytes")
                     .arg(byteSizeText(kept), byteSizeText(done.exported.report.bytesWritten));
    }
    if (const QString plain = Texts::withoutToken(done.exported.figures); !plain.isEmpty())
        lines << plain;
    if (done.earlierPolicies != 0)
        lines << OutcomePage::tr(
            "Copies of this dump were made before under %n other policies. Who "
            "has both sees in one what the other hides: hand on one of them.",
            nullptr, static_cast<int>(done.earlierPolicies));
    lines << OutcomePage::tr("%1 of %2 changed", "bytes, bytes")
                 .arg(byteSizeText(done.exported.report.bytesChanged),
                      byteSizeText(done.exported.report.bytesWritten))
          << (done.mode == "custom" ? Texts::customPromise(promised, done.exported.shares)
                                    : Texts::promise(done.form, promised));
    return lines;
}

} // namespace

OutcomePage::OutcomePage(QWidget* parent)
    : QWidget(parent)
    , m_headline(newPlainLabel(this))
    , m_text(newPlainLabel(this))
    , m_checks(new CheckList(this))
    , m_folder(new QPushButton(tr("Open folder"), this))
    , m_compare(new QPushButton(tr("Compare with the original"), this))
{
    m_headline->setProperty("rank", QStringLiteral("title"));
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    column->addWidget(m_headline);
    column->addWidget(m_text);
    column->addWidget(m_checks, 1);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_folder);
    buttons->addWidget(m_compare);
    buttons->addStretch(1);
    column->addLayout(buttons);
    column->addStretch(0);
    connect(m_folder, &QPushButton::clicked, this,
            [this] { emit folderWanted(QFileInfo(m_path).absolutePath()); });
    connect(m_compare, &QPushButton::clicked, this, &OutcomePage::comparisonWanted);
}

QString OutcomePage::headline() const { return m_headline->text(); }

void OutcomePage::showFailure(const QString& headline, const QString& text)
{
    m_headline->setText(headline);
    m_text->setText(text + QLatin1Char('\n')
                    + tr("Nothing was written: no copy and no certificate exist."));
    for (QPushButton* button : {m_folder, m_compare})
        button->setVisible(false);
}

void OutcomePage::showOutcome(const Result<HandedOver>& outcome, int promised)
{
    m_checks->clear();
    m_checks->setVisible(outcome.ok());
    m_published = outcome.ok() && outcome->published;
    if (!outcome) {
        const bool cancelled = outcome.error().code == ErrorCode::Cancelled;
        return showFailure(cancelled ? tr("Cancelled") : tr("The export failed"),
                           Texts::error(outcome.error()));
    }
    const HandedOver& done = *outcome;
    for (const Check& check : done.verification.checks)
        m_checks->tell(check);
    for (const Violation& violation : done.verification.violations)
        m_checks->tell(violation);
    if (!done.published)
        return showFailure(tr("The copy did not pass its verification"),
                           tr("The copy broke the promise in %n places, so it was thrown away.",
                              nullptr, static_cast<int>(done.verification.violations.size())));
    m_path = Texts::fromUtf8(done.target);
    m_headline->setText(tr("Verified. The redacted copy is ready."));
    m_text->setText(linesOf(done, promised).join(QLatin1Char('\n')));
    m_folder->setVisible(true);
    // Beside the original nearly all of a minimised copy differs.
    m_compare->setVisible(done.form == Form::Whole);
}

} // namespace coredact
