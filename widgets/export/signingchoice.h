// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/redact/signingkey.h"

#include <QWidget>

#include <memory>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace coredact {

/// Whether the certificate is signed, and with which key. The key is read anew for each look and
/// not kept, and its path is forgotten with the dialog.
class SigningChoice : public QWidget {
    Q_OBJECT

public:
    explicit SigningChoice(QWidget* parent = nullptr);

    bool wanted() const;
    /// Null where nothing is signed. An error says what is wrong with the file.
    Result<std::shared_ptr<const SigningKey>> key() const;
    bool usable() const { return m_usable; } ///< not wanted, or the key can be read

signals:
    void changed();

private:
    void browse();
    void look();

    QCheckBox* m_wanted;
    QLineEdit* m_path;
    QPushButton* m_browse;
    QLabel* m_words;
    bool m_usable = true;
};

} // namespace coredact
