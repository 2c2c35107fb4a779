// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inspector/keybutton.h"

#include "widgets/theme/fonts.h"
#include "widgets/theme/pills.h"

#include <QPainter>
#include <QStyleOptionButton>

namespace coredact {

namespace {

constexpr int gap = 6;
constexpr int padding = 8;

} // namespace

KeyButton::KeyButton(const QString& text, const QString& key, QWidget* parent)
    : QPushButton(text, parent)
    , m_key(key)
{
    setToolTip(tr("%1 (key %2)", "button, key").arg(text, key));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed); // else it never gives way
}

QSize KeyButton::sizeHint() const
{
    const QSize key = pillSize(keyPill(m_key, Qt::black), scaled(font(), 85));
    const int words = QFontMetrics(wordsFont()).horizontalAdvance(text());
    return {words + gap + key.width() + 2 * padding, QPushButton::sizeHint().height() + 2};
}

QSize KeyButton::minimumSizeHint() const
{
    const int words = QFontMetrics(wordsFont()).horizontalAdvance(text());
    return {words + 2 * padding, sizeHint().height()};
}

QFont KeyButton::wordsFont() const
{
    QFont used = font();
    used.setBold(property("primary").toBool());
    return used;
}

void KeyButton::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QStyleOptionButton option;
    initStyleOption(&option);
    style()->drawControl(QStyle::CE_PushButtonBevel, &option, &painter, this);

    const Tokens& tokens = currentTokens();
    QColor ink = property("primary").toBool() ? tokens.onAccent : tokens.text;
    if (!isEnabled())
        ink = tokens.faint;
    const QFont used = wordsFont();
    const Pill pill = keyPill(m_key, ink);
    const QFont small = scaled(font(), 85);
    const QSize pillBox = pillSize(pill, small);
    const bool withKey = width() >= sizeHint().width();
    const QFontMetrics metrics(used);
    const QString words = metrics.elidedText(text(), Qt::ElideRight, width() - padding);
    const int textWidth = metrics.horizontalAdvance(words);
    const int left = (width() - textWidth - (withKey ? gap + pillBox.width() : 0)) / 2;
    painter.setFont(used);
    painter.setPen(ink);
    painter.drawText(QRect(left, 0, textWidth + 2, height()), Qt::AlignVCenter | Qt::AlignLeft,
                     words);
    if (!withKey)
        return;
    paintPill(painter,
              QRectF(left + textWidth + gap, (height() - pillBox.height()) / 2.0, pillBox.width(),
                     pillBox.height()),
              pill, small);
}

} // namespace coredact
