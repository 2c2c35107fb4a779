// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;

namespace coredact {

/// The title of a dock: its name in capitals, and a figure at the right end.
class PanelHeader : public QWidget {
    Q_OBJECT

public:
    PanelHeader(const QString& title, QWidget* parent = nullptr);

    void setFigure(const QString& text);
    QString figure() const;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QLabel* m_figure;
};

} // namespace coredact
