// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include <functional>

class QLabel;
class QLineEdit;

namespace coredact {

/// Asks for an address or offset and stays open until there is one that exists.
class GoToDialog : public QDialog {
    Q_OBJECT

public:
    /// `go` goes there, or returns in words why not.
    using Go = std::function<QString(const QString& typed)>;

    GoToDialog(Go go, QWidget* parent);

    void accept() override;

private:
    Go m_go;
    QLineEdit* m_place;
    QLabel* m_problem;
};

} // namespace coredact
