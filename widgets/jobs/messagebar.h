// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QLabel;
class QPushButton;

namespace coredact {

/// One line above the work: what happened and where, and the one thing that can be done about it.
class MessageBar : public QFrame {
    Q_OBJECT

public:
    enum class Kind { Note, Problem };

    explicit MessageBar(QWidget* parent = nullptr);

    /// `action` is the button's text; "" for none.
    void say(Kind kind, const QString& text, const QString& action = {});
    void dismiss();
    QString text() const;

signals:
    void actionWanted();
    /// One of its buttons had the focus, and the bar is gone.
    void focusLost();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QLabel* m_text;
    QPushButton* m_action;
    Kind m_kind = Kind::Note;
};

} // namespace coredact
