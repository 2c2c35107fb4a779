// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/redact/minimise.h"

#include <QWidget>

class QLabel;
class QRadioButton;

namespace coredact {

/// What a copy is made from, with the promise that each choice makes.
class ModeChoice : public QWidget {
    Q_OBJECT

public:
    explicit ModeChoice(QWidget* parent = nullptr);

    Form form() const;
    /// How many secrets go from the whole dump.
    void showPromises(int secrets);

signals:
    void changed();

private:
    QLabel* addMode(QRadioButton* choice, int row);

    QRadioButton* m_whole;
    QRadioButton* m_minimised;
    QLabel* m_wholePromise;
    QLabel* m_minimisedPromise;
};

} // namespace coredact
