// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/export/planpage.h"

#include "models/figures.h"
#include "models/texts.h"
#include "widgets/export/checklist.h"
#include "widgets/export/classtable.h"
#include "widgets/export/modechoice.h"
#include "widgets/export/signingchoice.h"
#include "widgets/jobs/filechoice.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileInfo>
#include <QFormLayout>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace coredact {

namespace {

constexpr int leastShares = 160; ///< pixels, on a screen where the page scrolls
enum Column { Name, Findings, Ranges, Size, ColumnCount };

QTreeWidgetItem* addRow(QTreeWidgetItem* parent, const QStringList& cells)
{
    auto* row = new QTreeWidgetItem(parent, cells);
    for (int column = Findings; column < ColumnCount; ++column)
        row->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    return row;
}

/// A row of words without figures: it has the room of all columns.
void addSentence(QTreeWidgetItem* parent, const QString& sentence)
{
    QTreeWidgetItem* row = addRow(parent, {sentence});
    row->setFirstColumnSpanned(true);
    row->setToolTip(Name, sentence.toHtmlEscaped());
}

QTreeWidgetItem* addGroup(QTreeWidget* tree, const QString& title)
{
    auto* group = new QTreeWidgetItem(tree, {title});
    QFont font = tree->font();
    font.setBold(true);
    group->setFont(Name, font);
    group->setFirstColumnSpanned(true);
    group->setExpanded(true);
    return group;
}

} // namespace

PlanPage::PlanPage(const QString& target, QWidget* parent)
    : QWidget(parent)
    , m_summary(newPlainLabel(this))
    , m_shares(new QTreeWidget(this))
{
    m_shares->setColumnCount(ColumnCount);
    m_shares->setHeaderLabels({tr("What changes"), tr("Secrets"), tr("Ranges"), tr("Bytes")});
    m_shares->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_shares->header()->setStretchLastSection(false);
    m_shares->header()->setSectionResizeMode(Name, QHeaderView::Stretch);
    m_shares->setSelectionMode(QAbstractItemView::NoSelection);
    m_shares->setAccessibleName(tr("What the export changes and keeps"));
    m_shares->setMinimumHeight(leastShares);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    column->addWidget(makeTarget(target));
    column->addWidget(makePolicy());
    column->addWidget(m_summary);
    column->addWidget(m_shares, 1);
}

QWidget* PlanPage::makeTarget(const QString& target)
{
    auto* row = new QWidget(this);
    m_target = new QLineEdit(target, row);
    m_target->setAccessibleName(tr("Path of the copy"));
    auto* browse = new QPushButton(tr("Browse…"), row);
    auto* label = new QLabel(tr("&Copy to"), row);
    label->setBuddy(m_target);
    m_problem = newPlainLabel(row);
    auto* grid = new QGridLayout(row);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->addWidget(label, 0, 0);
    grid->addWidget(m_target, 0, 1);
    grid->addWidget(browse, 0, 2);
    grid->addWidget(m_problem, 1, 1);
    const auto say = [this] {
        m_problem->setText(targetProblem());
        m_problem->setVisible(!m_problem->text().isEmpty());
        emit placesChanged();
    };
    connect(browse, &QPushButton::clicked, this, &PlanPage::browse);
    connect(m_target, &QLineEdit::textChanged, this, say);
    say();
    return row;
}

QString PlanPage::targetProblem() const
{
    if (target().isEmpty())
        return tr("Say where the copy goes.");
    const QFileInfo file(target());
    if (file.isDir())
        return tr("This is a folder; a file name is missing.");
    if (file.exists() || file.isSymLink())
        return tr("This file exists. A file is never replaced.");
    const QFileInfo folder(file.absolutePath());
    if (!folder.isDir())
        return tr("There is no folder %1.").arg(Texts::fromDump(Texts::toUtf8(folder.filePath())));
    if (!folder.isWritable())
        return tr("You may not write into this folder.");
    return {};
}

QWidget* PlanPage::makePolicy()
{
    auto* box = new QWidget(this);
    m_mode = new ModeChoice(box);
    m_signing = new SigningChoice(box);
    m_fill = new QComboBox(box);
    for (const Fill fill : {Fill::X, Fill::Zero, Fill::A5, Fill::Token})
        m_fill->addItem(Texts::fill(fill), static_cast<int>(fill));
    m_vectors = new QCheckBox(tr("Wipe floating-point and vector registers"), box);
    m_vectors->setChecked(true);
    m_vectors->setToolTip(tr("They often hold keys; stack traces do not need them."));
    m_seed = new QCheckBox(tr("Wipe the random seed of the process"), box);
    m_seed->setChecked(true);
    m_values = new QCheckBox(tr("Fill the values of arguments and environment variables"), box);
    m_values->setChecked(true);
    m_values->setToolTip(tr("Passwords are often given that way. The names stay. Without this, "
                            "values stay where they are no found secret."));
    m_unknown = new QCheckBox(tr("Strict: fill also what Coredact does not know"), box);
    m_unknown->setToolTip(tr("Notes and streams of unknown kinds, and bytes that no part of the "
                             "file claims. They are scanned in any case; a debugger may miss "
                             "them."));
    m_roundUp = new QCheckBox(tr("Hide how long secrets are"), box);
    m_roundUp->setToolTip(tr("Fills up to the end of the allocation, or of the text, that holds a "
                             "secret. What stands behind it in there goes too."));
    m_record = new QCheckBox(tr("Keep a private record beside the copy"), box);
    m_record->setToolTip(
        tr("It proves later which original the copy came from. Do not hand it on."));
    auto* form = new QFormLayout(box);
    form->setContentsMargins(0, 0, 0, 0);
    form->addRow(tr("Mode"), m_mode);
    form->addRow(QString(), makeClasses());
    form->addRow(tr("&Overwrite with"), m_fill);
    form->addRow(QString(), m_vectors);
    form->addRow(QString(), m_seed);
    form->addRow(QString(), m_values);
    form->addRow(QString(), m_unknown);
    form->addRow(QString(), m_roundUp);
    form->addRow(QString(), m_record);
    form->addRow(QString(), m_signing);
    connect(m_mode, &ModeChoice::changed, this, [this] {
        m_classesBox->setVisible(m_mode->isCustom());
        emit wishChanged();
    });
    connect(m_signing, &SigningChoice::changed, this, &PlanPage::placesChanged);
    connect(m_fill, &QComboBox::currentIndexChanged, this, &PlanPage::wishChanged);
    for (const QCheckBox* choice : {m_vectors, m_seed, m_values, m_unknown, m_roundUp})
        connect(choice, &QCheckBox::toggled, this, &PlanPage::wishChanged);
    return box;
}

QWidget* PlanPage::makeClasses()
{
    m_classesBox = new QWidget(this);
    m_classes = new ClassTable(m_classesBox);
    m_costs = newPlainLabel(m_classesBox);
    auto* column = new QVBoxLayout(m_classesBox);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_classes);
    column->addWidget(m_costs);
    m_classesBox->hide();
    m_costs->hide();
    connect(m_classes, &ClassTable::changed, this, [this] {
        m_costs->setText(m_classes->costs());
        m_costs->setVisible(!m_costs->text().isEmpty());
        emit wishChanged();
    });
    return m_classesBox;
}

void PlanPage::showClasses(const ExportPreview& preview)
{
    if (!m_mode->isCustom())
        return;
    m_classes->showShares(preview.classes, preview.ownThreads);
    m_mode->showCustomPromise(Texts::customPromise(preview.promised, preview.classes));
}

QString PlanPage::target() const { return m_target->text().trimmed(); }

CopyWish PlanPage::wish() const
{
    CopyWish wish;
    wish.form = m_mode->form();
    PlanPolicy& policy = wish.policy;
    policy.fill = static_cast<Fill>(m_fill->currentData().toInt());
    policy.vectorRegisters = m_vectors->isChecked();
    policy.randomSeed = m_seed->isChecked();
    policy.values = m_values->isChecked();
    policy.unknown = m_unknown->isChecked();
    policy.roundUp = m_roundUp->isChecked();
    if (m_mode->isCustom())
        policy.classes = m_classes->choices();
    return wish;
}

void PlanPage::showPromises(int secrets) { m_mode->showPromises(secrets); }

bool PlanPage::wantsPrivateRecord() const { return m_record->isChecked(); }

void PlanPage::browse()
{
    const QString path = chooseFileToSave(this, tr("Path of the redacted copy"), target());
    if (!path.isEmpty())
        m_target->setText(path);
}

void PlanPage::say(const QString& text)
{
    m_shares->clear();
    m_summary->setText(text);
}

void PlanPage::showPreview(const ExportPreview& preview)
{
    QString summary = preview.redacted > 0
        ? tr("%1 will be overwritten to remove %n secrets.", "bytes; secrets", preview.redacted)
              .arg(byteSizeText(preview.bytes))
        : tr("%1 will be overwritten. No secret was found that has to go.", "bytes")
              .arg(byteSizeText(preview.bytes));
    if (preview.undecided > 0)
        summary += QLatin1Char(' ')
            + tr("%n of them are undecided: they are redacted too.", nullptr, preview.undecided);
    if (!preview.warning.isEmpty())
        summary += QLatin1Char('\n') + preview.warning;
    m_summary->setText(summary);
    showClasses(preview);
    m_shares->clear();
    addShares(tr("By kind of secret"), preview.byRule);
    addShares(tr("By place"), preview.byPlace);
    addConflicts(preview);
    addShares(tr("All that the minimised copy holds"), preview.memory);
    addKept(preview);
}

void PlanPage::addShares(const QString& title, const std::vector<ExportPreview::Share>& shares)
{
    if (shares.empty())
        return;
    QTreeWidgetItem* group = addGroup(m_shares, title);
    for (const ExportPreview::Share& share : shares) {
        const QString findings
            = share.findings > 0 ? countText(static_cast<quint64>(share.findings)) : QString();
        QTreeWidgetItem* row
            = addRow(group,
                     {share.name, findings, countText(static_cast<quint64>(share.ranges)),
                      byteSizeText(share.bytes)});
        for (const ExportPreview::Share& part : share.parts)
            addRow(row,
                   {part.name,
                    {},
                    countText(static_cast<quint64>(part.ranges)),
                    byteSizeText(part.bytes)});
    }
}

void PlanPage::addKept(const ExportPreview& preview)
{
    QTreeWidgetItem* group = addGroup(m_shares, tr("What stays, and why"));
    for (const ExportPreview::Kept& kept : preview.kept) {
        const QString why = kept.reason.isEmpty() ? tr("no reason given") : kept.reason;
        addRow(group,
               {QStringLiteral("%1: %2").arg(kept.title, why),
                {},
                countText(static_cast<quint64>(kept.places)),
                {}});
    }
    for (const QString& sentence : preview.stays)
        addSentence(group, sentence);
}

void PlanPage::addConflicts(const ExportPreview& preview)
{
    if (preview.conflicts.empty())
        return;
    QTreeWidgetItem* group = addGroup(m_shares, tr("Conflicts"));
    for (const QString& conflict : preview.conflicts)
        addSentence(group, conflict);
}

} // namespace coredact
