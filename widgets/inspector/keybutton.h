// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPushButton>

namespace coredact {

/// A button that shows its key beside its text, and its text alone, in the end shortened, where
/// there is little room. Its tool tip has both.
class KeyButton : public QPushButton {
    Q_OBJECT

public:
    KeyButton(const QString& text, const QString& key, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QFont wordsFont() const;

    QString m_key;
};

} // namespace coredact
