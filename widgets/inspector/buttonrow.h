// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <vector>

class QBoxLayout;
class QPushButton;

namespace coredact {

/// Buttons beside each other, all alike wide; one below the other where their words and keys
/// would not fit.
class ButtonRow : public QWidget {
    Q_OBJECT

public:
    /// The row owns the buttons from then on.
    explicit ButtonRow(const std::vector<QPushButton*>& buttons, QWidget* parent = nullptr);

    QSize minimumSizeHint() const override; ///< of the narrow form, whatever form it has

protected:
    bool event(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();

    std::vector<QPushButton*> m_buttons;
    QBoxLayout* m_line;
};

} // namespace coredact
