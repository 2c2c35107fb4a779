// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/datavalues.h"

#include <QWidget>

namespace coredact {

/// The readings of the bytes at the cursor. Paints them itself: values of a dump stay out of
/// text widgets.
class DataPanel : public QWidget {
    Q_OBJECT

public:
    explicit DataPanel(QWidget* parent = nullptr);

    void showValues(std::vector<DataValue> values);
    /// Instead of values: why there are none.
    void say(const QString& text);
    const std::vector<DataValue>& values() const { return m_values; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {100, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int rowHeight() const;

    std::vector<DataValue> m_values;
    QString m_said;
};

} // namespace coredact
