// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inspector/datapanel.h"

#include "widgets/theme/fonts.h"
#include "widgets/theme/tokens.h"

#include <QPainter>

#include <algorithm>

namespace coredact {

namespace {

constexpr int nameWidth = 100;

} // namespace

DataPanel::DataPanel(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setAccessibleName(tr("Values at the cursor"));
}

void DataPanel::showValues(std::vector<DataValue> values)
{
    m_values = std::move(values);
    m_said.clear();
    updateGeometry();
    update();
}

void DataPanel::say(const QString& text)
{
    m_values.clear();
    m_said = text;
    updateGeometry();
    update();
}

int DataPanel::rowHeight() const
{
    return fontMetrics().height() + 4;
}

QSize DataPanel::sizeHint() const
{
    const int rows = std::max(1, static_cast<int>(m_values.size()));
    return {200, rows * rowHeight()};
}

void DataPanel::paintEvent(QPaintEvent*)
{
    const Tokens& tokens = currentTokens();
    QPainter painter(this);
    if (!m_said.isEmpty()) {
        painter.setPen(tokens.dim);
        painter.drawText(rect(), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, m_said);
        return;
    }
    const QFont mono = scaled(monospaceFont(font()), 92);
    int y = 0;
    for (const DataValue& value : m_values) {
        painter.setFont(font());
        painter.setPen(tokens.dim);
        painter.drawText(QRect(0, y, nameWidth, rowHeight()), Qt::AlignVCenter, value.name);
        painter.setFont(mono);
        painter.setPen(tokens.text);
        const QRect box(nameWidth, y, width() - nameWidth, rowHeight());
        painter.drawText(
            box, Qt::AlignVCenter,
            QFontMetrics(mono).elidedText(value.text, Qt::ElideRight, box.width()));
        y += rowHeight();
    }
}

} // namespace coredact
