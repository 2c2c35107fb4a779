// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/export/exportdialog.h"

#include "models/texts.h"
#include "scanner/client/copyname.h"
#include "scanner/client/exporthistory.h"
#include "widgets/export/outcomepage.h"
#include "widgets/export/planpage.h"
#include "widgets/export/signingchoice.h"
#include "widgets/export/workpage.h"

#include <QDesktopServices>
#include <QFile>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QPointer>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QStackedWidget>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

namespace coredact {

ExportDialog::ExportDialog(Document& document, QWidget* parent)
    : QDialog(parent)
    , m_document(document)
    , m_pages(new QStackedWidget(this))
    , m_plan(new PlanPage(
          suggestedTarget(document.path(), document.dump()->format, document.containers()), this))
    , m_work(new WorkPage(this))
    , m_outcome(new OutcomePage(this))
    , m_export(new QPushButton(tr("Export and verify"), this))
    , m_back(new QPushButton(this))
    , m_close(new QPushButton(this))
{
    setWindowTitle(tr("Export redacted copy"));
    resize(QSize(880, 760).boundedTo(screen()->availableSize() - QSize(40, 60)));
    // On a small screen the plan scrolls, and the buttons stay in sight.
    auto* plan = new QScrollArea(this);
    plan->setWidgetResizable(true);
    plan->setFrameShape(QFrame::NoFrame);
    plan->setFocusPolicy(Qt::NoFocus);
    plan->setWidget(m_plan);
    m_pages->addWidget(plan);
    m_pages->addWidget(m_work);
    m_pages->addWidget(m_outcome);
    m_export->setProperty("primary", true);
    m_export->setDefault(true);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(m_back);
    buttons->addWidget(m_close);
    buttons->addWidget(m_export);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 20, 20, 16);
    column->setSpacing(16);
    column->addWidget(m_pages, 1);
    column->addLayout(buttons);

    connect(m_export, &QPushButton::clicked, this, &ExportDialog::start);
    connect(m_back, &QPushButton::clicked, this, &ExportDialog::goBack);
    connect(m_close, &QPushButton::clicked, this, &ExportDialog::reject);
    connect(m_plan, &PlanPage::wishChanged, this, &ExportDialog::wishChanged);
    connect(m_plan, &PlanPage::placesChanged, this, &ExportDialog::dressButtons);
    connect(m_outcome, &OutcomePage::folderWanted, this,
            [](const QString& folder) { QDesktopServices::openUrl(QUrl::fromLocalFile(folder)); });
    connect(m_outcome, &OutcomePage::comparisonWanted, this, [this] {
        const auto& done = *m_job.outcome();
        emit comparisonWanted(Texts::fromUtf8(done->target), done->exported.edits);
        accept();
    });
    connect(&m_job, &ExportJob::progressChanged, this,
            [this] { m_work->showProgress(m_job.progress()); });
    connect(&m_job, &ExportJob::checked, m_work, &WorkPage::showCheck);
    connect(&m_job, &ExportJob::finished, this, &ExportDialog::finished);
    connect(&m_document, &Document::stateChanged, this, &ExportDialog::dumpChanged);
    m_plan->showPromises(secretsToGo());
    askForPlan();
}

QString ExportDialog::suggestedTarget(const QString& path, const std::string& format,
                                      const std::vector<std::string>& containers)
{
    return QFileInfo(path).absolutePath() + QLatin1Char('/')
        + Texts::fromUtf8(copyName(format, containers));
}

ExportDialog::Stage ExportDialog::stage() const
{
    return static_cast<Stage>(m_pages->currentIndex());
}

Document& ExportDialog::subject()
{
    return m_plan->wish().form == Form::Minimised && m_minimised ? *m_minimised : m_document;
}

Triage ExportDialog::triage()
{
    const Triage& decided = m_document.verdicts().triage();
    Document& dump = subject();
    if (&dump == &m_document)
        return decided;
    dump.verdicts().restore(carriedOver(decided, *m_document.findings(), *dump.findings()));
    return dump.verdicts().triage();
}

CopyWish ExportDialog::wish() const
{
    CopyWish wish = m_plan->wish();
    wish.packs = m_document.packs();
    return wish;
}

int ExportDialog::secretsToGo() const
{
    const auto& findings = *m_document.findings();
    return static_cast<int>(
        std::count_if(findings.begin(), findings.end(), [this](const Finding& finding) {
            return finding.notSought == NotSought::No
                && m_document.verdicts().decisionFor(finding.id).verdict != Verdict::Keep;
        }));
}

void ExportDialog::wishChanged()
{
    if (m_plan->wish().form == Form::Minimised && !m_minimised)
        openMinimised();
    askForPlan();
}

void ExportDialog::openMinimised()
{
    m_minimised = std::make_unique<Document>(m_document.starter());
    connect(m_minimised.get(), &Document::stateChanged, this, &ExportDialog::dumpChanged);
    m_minimised->setPacks(m_document.packs());
    m_minimised->open(m_document.path(), Form::Minimised);
}

void ExportDialog::dumpChanged()
{
    if (sender() != &subject())
        return;
    if (stage() == Stage::Plan)
        askForPlan();
    else
        dressButtons();
}

void ExportDialog::askForPlan()
{
    m_preview.reset();
    ++m_plans;
    dressButtons();
    const Document& dump = subject();
    if (dump.state() == Document::State::Failed)
        return m_plan->say(Texts::error(dump.failure()) + QLatin1Char(' ')
                           + tr("Your decisions are kept."));
    if (dump.state() != Document::State::Scanned)
        return m_plan->say(dump.form() == Form::Minimised
                               ? tr("Minimising the dump and scanning what is kept…")
                               : tr("Scanning the dump again with a fresh engine…"));
    m_plan->say(tr("Working out what will change…"));
    protocol::MakePlan request;
    request.triage = triage();
    request.policy = m_plan->wish().policy;
    const std::uint64_t number = m_plans;
    const QPointer<ExportDialog> self(this);
    subject().ask(request, [self, number](const protocol::Event& event) {
        if (self && number == self->m_plans)
            self->planAnswered(event);
    });
}

void ExportDialog::planAnswered(const protocol::Event& event)
{
    if (const auto* failed = std::get_if<protocol::Failed>(&event))
        m_plan->say(Texts::error(failed->error));
    if (const auto* plan = std::get_if<protocol::Planned>(&event)) {
        const Document& dump = subject();
        m_preview
            = exportPreview(*plan, *dump.findings(), triage(), wish(), dump.kept(), *dump.places());
        m_preview->ownThreads = keepsThreadsInOwnData(*dump.dump());
        m_plan->showPreview(*m_preview);
    }
    dressButtons();
}

void ExportDialog::start()
{
    const Document& dump = subject();
    const std::shared_ptr<Engine> engine = dump.engine();
    auto signer = m_plan->signing().key();
    if (!engine || !m_preview || m_job.running() || !signer)
        return;
    HandOver options;
    options.signer = std::move(*signer);
    options.form = dump.form();
    options.kept = dump.kept();
    options.target = QFile::encodeName(m_plan->target()).toStdString();
    if (m_plan->wantsPrivateRecord())
        options.privateRecord = options.target + ".coredact-private.json";
    options.triage = triage();
    options.policy = m_plan->wish().policy;
    options.historyFolder = ExportHistory::standardFolder();
    options.packs = dump.packs();
    options.ruleOptions.packsOff = dump.packs().packsWith(PackUse::Off);
    m_work->begin(m_preview->redacted > 0);
    m_pages->setCurrentIndex(static_cast<int>(Stage::Work));
    m_job.start(engine, dump.findings(), std::move(options));
    dressButtons();
}

void ExportDialog::finished()
{
    m_outcome->showOutcome(*m_job.outcome(), m_preview ? m_preview->promised : 0);
    m_pages->setCurrentIndex(static_cast<int>(Stage::Outcome));
    dressButtons();
}

void ExportDialog::goBack()
{
    m_pages->setCurrentIndex(static_cast<int>(Stage::Plan));
    if (subject().state() == Document::State::Failed)
        subject().restart();
    askForPlan();
}

void ExportDialog::dressButtons()
{
    m_export->setVisible(stage() == Stage::Plan);
    m_export->setEnabled(m_preview.has_value() && m_plan->targetProblem().isEmpty()
                         && m_plan->signing().usable());
    const bool failed = subject().state() == Document::State::Failed;
    m_back->setText(failed ? tr("Restart the engine") : tr("Back"));
    m_back->setVisible((stage() == Stage::Plan && failed)
                       || (stage() == Stage::Outcome && !m_outcome->published()));
    m_close->setText(stage() == Stage::Outcome ? tr("Close") : tr("Cancel"));
}

void ExportDialog::reject()
{
    if (m_job.running()) {
        m_job.cancel();
        m_work->say(tr("Cancelling…"));
        return;
    }
    QDialog::reject();
}

} // namespace coredact
