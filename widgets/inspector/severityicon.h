// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/finding.h"

#include <QWidget>

namespace coredact {

/// The shape of a severity, as large as the text beside it.
class SeverityIcon : public QWidget {
    Q_OBJECT

public:
    explicit SeverityIcon(QWidget* parent = nullptr);

    void showSeverity(Severity severity);
    QSize sizeHint() const override { return {14, 14}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Severity m_severity = Severity::Info;
};

} // namespace coredact
