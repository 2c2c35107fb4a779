// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/firstpage.h"

#include "widgets/theme/icons.h"
#include "widgets/theme/tokens.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

#include <algorithm>

namespace coredact {

namespace {

constexpr QSize dropArea(560, 340);

} // namespace

FirstPage::FirstPage(QWidget* parent)
    : QWidget(parent)
    , m_title(new QLabel(this))
    , m_text(new QLabel(this))
    , m_open(new QPushButton(tr("Open a dump…"), this))
    , m_sample(new QPushButton(tr("Open the sample"), this))
{
    auto* icon = new QLabel(this);
    icon->setPixmap(applicationIcon().pixmap(64, 64));
    icon->setAlignment(Qt::AlignCenter);
    m_title->setProperty("rank", QStringLiteral("title"));
    for (QLabel* label : {m_title, m_text}) {
        label->setTextFormat(Qt::PlainText);
        label->setAlignment(Qt::AlignCenter);
        label->setWordWrap(true);
    }
    m_text->setProperty("rank", QStringLiteral("dim"));
    m_open->setProperty("primary", true);
    m_sample->setVisible(!samplePath().isEmpty());
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(10);
    buttons->addStretch(1);
    buttons->addWidget(m_open);
    buttons->addWidget(m_sample);
    buttons->addStretch(1);
    auto* middle = new QWidget(this);
    middle->setFixedWidth(dropArea.width() - 80);
    auto* words = new QVBoxLayout(middle);
    words->setContentsMargins(0, 0, 0, 0);
    words->setSpacing(14);
    words->addStretch(1);
    words->addWidget(icon);
    words->addWidget(m_title);
    words->addWidget(m_text);
    words->addLayout(buttons);
    words->addStretch(1);
    auto* row = new QHBoxLayout(this);
    row->addStretch(1);
    row->addWidget(middle);
    row->addStretch(1);
    connect(m_open, &QPushButton::clicked, this, &FirstPage::openWanted);
    connect(m_sample, &QPushButton::clicked, this, [this] { emit sampleWanted(samplePath()); });
    showOpening({});
}

QString FirstPage::samplePath()
{
    const QDir program(QCoreApplication::applicationDirPath());
    for (const QString& place : {QStringLiteral("../sample/core.sample"),
                                 QStringLiteral("../share/coredact/sample/core.sample"),
                                 QStringLiteral("../share/coredact/sample/core.sample.zst")}) {
        const QFileInfo file(program.filePath(place));
        if (file.isFile())
            return file.canonicalFilePath();
    }
    return {};
}

void FirstPage::showOpening(const QString& name)
{
    const bool opening = !name.isEmpty();
    m_open->setEnabled(!opening);
    m_sample->setEnabled(!opening);
    m_title->setText(opening ? tr("Opening %1…", "file").arg(name)
                             : tr("See every secret in a crash dump"));
    m_text->setText(
        opening ? tr("A sandboxed engine reads the file. The original is never written.")
                : tr("Drop a core dump or minidump here, or open one. You decide what is a secret, "
                     "and hand on a verified copy without the secrets. Nothing leaves this "
                     "machine."));
}

void FirstPage::showDrop(Drop drop)
{
    m_drop = drop;
    update();
}

void FirstPage::paintEvent(QPaintEvent*)
{
    const Tokens& tokens = currentTokens();
    QPainter painter(this);
    painter.fillRect(rect(), tokens.panel);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool over = m_drop == Drop::Over;
    QPen pen(over ? tokens.accent : tokens.faint, over ? 2.5 : 1.5, Qt::DashLine);
    pen.setDashPattern({4, 4});
    painter.setPen(pen);
    QRect area({}, dropArea.boundedTo(size() - QSize(40, 40)));
    area.moveCenter(rect().center());
    painter.drawRoundedRect(area, 8, 8);
}

} // namespace coredact
