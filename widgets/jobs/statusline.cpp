// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/jobs/statusline.h"

#include "widgets/theme/looks.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>

namespace coredact {

namespace {

QLabel* newLabel(QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setProperty("rank", QStringLiteral("dim"));
    return label;
}

/// Our own words and figures only, so rich text is safe here.
QString strong(const QString& text)
{
    return QStringLiteral("<b>%1</b>").arg(text.toHtmlEscaped());
}

} // namespace

StatusLine::StatusLine(QWidget* parent)
    : QWidget(parent)
    , m_bar(new QProgressBar(this))
    , m_job(newLabel(this))
    , m_cancel(new QToolButton(this))
    , m_said(newLabel(this))
    , m_file(newLabel(this))
    , m_undecided(newLabel(this))
    , m_safeties(newLabel(this))
{
    m_bar->setTextVisible(false);
    m_bar->setFixedSize(150, 6);
    m_bar->setAccessibleName(tr("Progress"));
    m_cancel->setText(tr("Cancel"));
    m_job->setTextFormat(Qt::PlainText);
    m_said->setTextFormat(Qt::PlainText);
    // What is too long gives way, so that the window may become narrow.
    m_said->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_safeties->setTextFormat(Qt::PlainText);
    m_file->setTextFormat(Qt::RichText);
    m_undecided->setTextFormat(Qt::RichText);
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(14, 3, 14, 3);
    line->setSpacing(22);
    line->addWidget(m_bar);
    line->addWidget(m_job);
    line->addWidget(m_cancel);
    line->addWidget(m_file);
    line->addWidget(m_undecided);
    line->addWidget(m_said, 1);
    line->addWidget(m_safeties);
    connect(m_cancel, &QToolButton::clicked, this, &StatusLine::cancelWanted);
    setMinimumWidth(200); // whatever its words are, the window may become narrower
    hideJob();
    showFile({}, {});
    showUndecided({}, {});
}

void StatusLine::showJob(const JobProgress& progress)
{
    m_bar->setVisible(true);
    m_cancel->setVisible(true);
    // Thousandths: bytes do not fit into the bar's int. An unknown total makes it busy.
    const bool known = progress.total > 0;
    m_bar->setRange(0, known ? 1000 : 0);
    if (known) {
        const double share
            = static_cast<double>(progress.done) / static_cast<double>(progress.total);
        m_bar->setValue(static_cast<int>(share * 1000));
    }
    m_job->setText(progress.text());
    m_job->setVisible(true);
}

void StatusLine::hideJob()
{
    m_bar->setVisible(false);
    m_cancel->setVisible(false);
    m_job->setVisible(false);
}

QSize StatusLine::sizeHint() const
{
    const QMargins around = layout()->contentsMargins();
    return QWidget::sizeHint().expandedTo(
        {0, m_cancel->sizeHint().height() + around.top() + around.bottom()});
}

void StatusLine::say(const QString& text)
{
    m_said->setText(text);
    m_said->setToolTip(text.toHtmlEscaped());
}

QString StatusLine::said() const { return m_said->text(); }

void StatusLine::showFile(const QString& size, const QString& covered)
{
    m_file->setVisible(!size.isEmpty());
    QString text = tr("%1 in file", "size").arg(strong(size));
    if (!covered.isEmpty())
        text = tr("%1, %2 covered", "'25 MB in file', share").arg(text, strong(covered));
    m_file->setText(text);
}

void StatusLine::showUndecided(const QString& count, const QString& words)
{
    m_undecided->setVisible(!count.isEmpty());
    m_undecided->setText(strong(count) + QLatin1Char(' ') + words.toHtmlEscaped());
}

void StatusLine::showSafeties(const QString& text, const QString& details, bool problem)
{
    m_safeties->setText(text);
    m_safeties->setToolTip(details);
    m_safeties->setAccessibleDescription(details);
    QPalette colours = palette();
    if (problem)
        colours.setColor(QPalette::WindowText,
                         legible(severityColour(Severity::Critical), currentTokens().window));
    m_safeties->setPalette(colours);
}

} // namespace coredact
