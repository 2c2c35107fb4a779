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
    bool isCustom() const; ///< from the whole dump, by class
    /// How many secrets go from the whole dump.
    void showPromises(int secrets);
    void showCustomPromise(const QString& promise);

signals:
    void changed();

private:
    QLabel* addMode(QRadioButton* choice, int row);

    QRadioButton* m_whole;
    QRadioButton* m_minimised;
    QRadioButton* m_custom;
    QLabel* m_wholePromise;
    QLabel* m_minimisedPromise;
    QLabel* m_customPromise;
};

} // namespace coredact
