// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/client/packs.h"

#include <QDialog>

#include <string>
#include <utility>
#include <vector>

class QComboBox;

namespace coredact {

/// What becomes of what each pack of rules finds. Holds for this window, until it is closed.
class PacksDialog : public QDialog {
    Q_OBJECT

public:
    explicit PacksDialog(const PackPolicy& before, QWidget* parent = nullptr);

    PackPolicy packs() const;

private:
    PackPolicy m_before;
    std::vector<std::pair<std::string, QComboBox*>> m_uses;
};

} // namespace coredact
