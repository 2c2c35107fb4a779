// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace coredact {

/// What stands in the window before a dump is open: open one, open the sample, or drop a file.
class FirstPage : public QWidget {
    Q_OBJECT

public:
    explicit FirstPage(QWidget* parent = nullptr);

    /// While a file is being opened; "" for the usual page.
    void showOpening(const QString& name);
    /// While a file hangs over the window that would be opened here.
    enum class Drop { None, Over };
    void showDrop(Drop drop);
    /// The sample dump that the build made, "" where there is none.
    static QString samplePath();

signals:
    void openWanted();
    void sampleWanted(const QString& path);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QLabel* m_title;
    QLabel* m_text;
    QPushButton* m_open;
    QPushButton* m_sample;
    Drop m_drop = Drop::None;
};

} // namespace coredact
