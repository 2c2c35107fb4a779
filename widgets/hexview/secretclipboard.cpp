// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/hexview/secretclipboard.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>
#include <QUuid>

namespace coredact {

namespace {

const QString markFormat = QStringLiteral("application/x-coredact-mark");

} // namespace

SecretClipboard::SecretClipboard(QObject* parent)
    : QObject(parent)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &SecretClipboard::clear);
}

SecretClipboard::~SecretClipboard() { clear(); }

void SecretClipboard::put(const QString& text)
{
    m_mark = QUuid::createUuid().toString();
    auto* content = new QMimeData;
    content->setText(text);
    content->setData(QStringLiteral("x-kde-passwordManagerHint"), QByteArrayLiteral("secret"));
    content->setData(markFormat, m_mark.toLatin1());
    QGuiApplication::clipboard()->setMimeData(content, QClipboard::Clipboard);
    m_timer.start(lifetimeMilliseconds);
}

bool SecretClipboard::ours() const
{
    const QClipboard* clipboard = QGuiApplication::clipboard();
    const QMimeData* content = clipboard ? clipboard->mimeData(QClipboard::Clipboard) : nullptr;
    return !m_mark.isEmpty() && content && content->data(markFormat) == m_mark.toLatin1();
}

void SecretClipboard::clear()
{
    if (ours())
        QGuiApplication::clipboard()->clear(QClipboard::Clipboard);
    m_mark.clear();
    m_timer.stop();
}

} // namespace coredact
