// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/export/outcomepage.h"

#include "models/figures.h"
#include "models/texts.h"
#include "widgets/theme/looks.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace coredact {

OutcomePage::OutcomePage(QWidget* parent)
    : QWidget(parent)
    , m_headline(new QLabel(this))
    , m_text(new QLabel(this))
    , m_checks(new QTreeWidget(this))
    , m_folder(new QPushButton(tr("Open folder"), this))
    , m_compare(new QPushButton(tr("Compare with the original"), this))
{
    m_headline->setTextFormat(Qt::PlainText);
    m_headline->setProperty("rank", QStringLiteral("title"));
    m_headline->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_checks->setColumnCount(3);
    m_checks->setHeaderLabels({tr("Check"), tr("Outcome"), tr("Details")});
    m_checks->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_checks->setRootIsDecorated(false);
    m_checks->setSelectionMode(QAbstractItemView::NoSelection);
    m_checks->setAccessibleName(tr("Checks of the verification"));
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

void OutcomePage::showOutcome(const Result<HandedOver>& outcome, int redacted)
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
    showChecks(done.verification);
    if (!done.published)
        return showFailure(tr("The copy did not pass its verification"),
                           tr("The copy broke the promise in %n places, so it was thrown away.",
                              nullptr, static_cast<int>(done.verification.violations.size())));
    m_path = Texts::fromUtf8(done.target);
    m_headline->setText(tr("Verified. The redacted copy is ready."));
    const QStringList lines {
        tr("Copy: %1", "path").arg(Texts::fromDump(done.target)),
        tr("Certificate: %1", "path").arg(Texts::fromDump(done.certificate)),
        tr("%1 of %2 changed", "bytes, bytes")
            .arg(byteSizeText(done.exported.report.bytesChanged),
                 byteSizeText(done.exported.report.bytesWritten)),
        Texts::promise(redacted),
    };
    m_text->setText(lines.join(QLatin1Char('\n')));
    for (QPushButton* button : {m_folder, m_compare})
        button->setVisible(true);
}

void OutcomePage::showChecks(const VerificationReport& report)
{
    for (const Check& check : report.checks) {
        auto* row = new QTreeWidgetItem(m_checks,
                                        {Texts::check(check.name),
                                         check.passed ? tr("passed") : tr("failed"),
                                         Texts::fromDump(check.detail)});
        row->setForeground(1, check.passed ? keptColour() : severityColour(Severity::Critical));
    }
    for (const Violation& violation : report.violations) {
        const QString place
            = violation.offset ? tr("offset %1").arg(hexText(*violation.offset)) : QString();
        new QTreeWidgetItem(
            m_checks, {Texts::check(violation.check), place, Texts::fromDump(violation.message)});
    }
}

} // namespace coredact
