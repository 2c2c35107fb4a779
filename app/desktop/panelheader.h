// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;

namespace coredact {

/// The title of a dock: its name in capitals, and a figure at the right end, shortened with an
/// ellipsis where there is little room; then a tool tip has it whole.
class PanelHeader : public QWidget {
    Q_OBJECT

public:
    PanelHeader(const QString& title, QWidget* parent = nullptr);

    void setFigure(const QString& text);
    QString figure() const { return m_text; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void showFigure();

    QLabel* m_name;
    QLabel* m_figure;
    QString m_text;
};

} // namespace coredact
