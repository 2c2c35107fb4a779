// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/summarypage.h"

#include "models/figures.h"
#include "models/texts.h"

#include <QFormLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <array>
#include <chrono>

namespace coredact {

namespace {

constexpr std::size_t mostListed = 100;

} // namespace

SummaryPage::SummaryPage(Document& document, QWidget* parent)
    : QScrollArea(parent)
    , m_document(document)
{
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    m_soon.setSingleShot(true);
    m_soon.setInterval(std::chrono::milliseconds(200));
    connect(&m_soon, &QTimer::timeout, this, &SummaryPage::rebuild);
    const auto soon = [this] {
        if (!m_soon.isActive())
            m_soon.start();
    };
    connect(&document, &Document::stateChanged, this, soon);
    connect(&document.findingsModel(), &QAbstractItemModel::rowsInserted, this, soon);
    connect(&document.findingsModel(), &QAbstractItemModel::dataChanged, this, soon);
    rebuild();
}

QFormLayout* SummaryPage::addSection(const QString& title)
{
    auto* caption = new QLabel(title, m_page);
    caption->setProperty("rank", QStringLiteral("title"));
    m_column->addWidget(caption);
    auto* section = new QFormLayout;
    section->setContentsMargins(0, 0, 0, 14);
    section->setHorizontalSpacing(24);
    section->setVerticalSpacing(5);
    section->setLabelAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_column->addLayout(section);
    m_lines << title;
    return section;
}

void SummaryPage::addLine(QFormLayout* section, const QString& name, const QString& text)
{
    if (text.isEmpty())
        return;
    auto* label = new QLabel(name, m_page);
    auto* value = new QLabel(m_page);
    value->setTextFormat(Qt::PlainText);
    value->setText(text);
    value->setWordWrap(true);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setTextFormat(Qt::PlainText);
    label->setProperty("rank", QStringLiteral("dim"));
    label->setMinimumWidth(160);
    section->addRow(label, value);
    m_lines << name + QStringLiteral(": ") + text;
}

void SummaryPage::rebuild()
{
    m_lines.clear();
    m_page = new QWidget(this);
    m_page->setProperty("surface", QStringLiteral("hex"));
    m_page->setAttribute(Qt::WA_StyledBackground);
    m_column = new QVBoxLayout(m_page);
    m_column->setContentsMargins(28, 24, 28, 24);
    if (m_document.dump()) {
        addFile();
        addProcess();
        addFindings();
        addCoverage();
        addThreads();
        addProtection();
    }
    m_column->addStretch(1);
    setWidget(m_page); // deletes the page before
}

void SummaryPage::addFile()
{
    const Dump& dump = *m_document.dump();
    QFormLayout* section = addSection(tr("File"));
    addLine(section, tr("Name"), m_document.name());
    addLine(section, tr("Size"), byteSizeText(dump.size));
    addLine(section, tr("Format"), Texts::format(dump.format));
    QStringList containers;
    for (const std::string& container : m_document.containers())
        containers << Texts::fromUtf8(container);
    if (!containers.isEmpty())
        addLine(section, tr("Compressed"),
                tr("%1, %2 as it lies there", "names, size")
                    .arg(containers.join(QStringLiteral(", ")),
                         byteSizeText(m_document.containerSize())));
    addLine(section, tr("Content"), Texts::fromDump(dump.contentType));
}

void SummaryPage::addProcess()
{
    // Arguments and environment stay out: they are where passwords are.
    const Dump& dump = *m_document.dump();
    QFormLayout* section = addSection(tr("Process"));
    addLine(section, tr("Name"), Texts::fromDump(dump.process.name));
    if (dump.process.id != 0)
        addLine(section, tr("Process id"), QString::number(dump.process.id));
    addLine(section, tr("Architecture"), Texts::fromDump(dump.process.architecture));
    if (dump.process.signal)
        addLine(section,
                Texts::endsProcess(dump.format, *dump.process.signal) ? tr("Ended by")
                                                                      : tr("Stopped by"),
                Texts::signal(dump.format, *dump.process.signal));
    if (dump.process.faultAddress)
        addLine(section, tr("Fault address"), hexText(*dump.process.faultAddress));
    addLine(section, tr("Modules"), countText(dump.modules.size()));
    addLine(section, tr("Regions"), countText(dump.regions.size()));
}

void SummaryPage::addFindings()
{
    const FindingsModel& model = m_document.findingsModel();
    std::array<int, 5> bySeverity {};
    std::array<int, 3> byVerdict {};
    for (int row = 0; row < model.rowCount(); ++row) {
        const Finding& finding = *model.findingAt(row);
        ++bySeverity[static_cast<std::size_t>(finding.severity)];
        ++byVerdict[static_cast<std::size_t>(
            m_document.verdicts().decisionFor(finding.id).verdict)];
    }
    QFormLayout* section = addSection(tr("Findings"));
    addLine(section, tr("Secrets"),
            tr("%1 in %n places", nullptr, model.placeCount())
                .arg(countText(static_cast<quint64>(model.rowCount()))));
    for (std::size_t at = 0; at < bySeverity.size(); ++at) {
        if (bySeverity[at] > 0)
            addLine(section, Texts::severity(static_cast<Severity>(at)),
                    countText(static_cast<quint64>(bySeverity[at])));
    }
    for (const Verdict verdict : {Verdict::Pending, Verdict::Redact, Verdict::Keep}) {
        const int count = byVerdict[static_cast<std::size_t>(verdict)];
        if (count > 0)
            addLine(section, Texts::verdict(verdict), countText(static_cast<quint64>(count)));
    }
}

void SummaryPage::addCoverage()
{
    const Dump& dump = *m_document.dump();
    const Document::ScanOutcome& outcome = m_document.outcome();
    QFormLayout* section = addSection(tr("Coverage"));
    if (m_document.findings())
        addLine(section, tr("Scanned"),
                tr("%1 of %2 (%3)", "bytes, bytes, share")
                    .arg(byteSizeText(outcome.scannedBytes), byteSizeText(dump.size),
                         shareText(outcome.scannedBytes, dump.size)));
    else
        addLine(section, tr("Scanned"), tr("not complete"));
    std::size_t listed = 0;
    for (const IncompleteRange& range : outcome.incomplete) {
        if (listed++ < mostListed)
            addLine(section, tr("Not scanned"),
                    tr("%1 from offset %2: %3", "size, offset, reason")
                        .arg(byteSizeText(range.length), hexText(range.offset),
                             Texts::fromDump(range.reason)));
    }
    listed = 0;
    for (const Diagnostic& diagnostic : dump.diagnostics) {
        if (listed++ < mostListed)
            addLine(section, tr("Note"),
                    tr("offset %1: %2", "offset, message")
                        .arg(hexText(diagnostic.offset), Texts::fromDump(diagnostic.message)));
    }
}

void SummaryPage::addThreads()
{
    const Dump& dump = *m_document.dump();
    if (dump.threads.empty())
        return;
    QFormLayout* section = addSection(tr("Threads"));
    std::size_t listed = 0;
    for (const Thread& thread : dump.threads) {
        if (listed++ == mostListed) {
            addLine(
                section, QString(),
                tr("and %n more", "threads", static_cast<int>(dump.threads.size() - mostListed)));
            break;
        }
        QStringList words;
        if (thread.signal)
            words << Texts::signal(dump.format, *thread.signal);
        if (!thread.name.empty())
            words << Texts::fromDump(thread.name);
        const QString where = m_document.places()->describe(thread.pc);
        words << (where.isEmpty()
                      ? tr("at %1", "address").arg(hexText(thread.pc))
                      : tr("at %1 in %2", "address, module").arg(hexText(thread.pc), where));
        addLine(section, QString::number(thread.id), words.join(QStringLiteral(" · ")));
    }
}

void SummaryPage::addProtection()
{
    QFormLayout* section = addSection(tr("Protection"));
    if (m_document.sandboxGaps().empty())
        addLine(section, tr("Engine"), tr("sandboxed: no files, no network, no other programs"));
    for (const std::string& gap : m_document.sandboxGaps())
        addLine(section, tr("Missing"), Texts::fromDump(gap));
}

} // namespace coredact
