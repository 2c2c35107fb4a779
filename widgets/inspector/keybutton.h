// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPushButton>

namespace coredact {

/// A button that shows its key beside its text.
class KeyButton : public QPushButton {
    Q_OBJECT

public:
    KeyButton(const QString& text, const QString& key, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_key;
};

} // namespace coredact
