// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

class QMimeData;

namespace coredact {

/// Puts text on the clipboard for a short while. Clipboard managers are asked not to keep it
/// (x-kde-passwordManagerHint), it is cleared after `lifetime` and when this is destroyed, unless
/// somebody else has put something there since. The PRIMARY selection is never touched.
class SecretClipboard : public QObject {
    Q_OBJECT

public:
    static constexpr int lifetimeMilliseconds = 30'000;

    explicit SecretClipboard(QObject* parent = nullptr);
    ~SecretClipboard() override;

    void put(const QString& text);
    /// Clears it now, if it is still ours.
    void clear();

private:
    bool ours() const;

    QString m_mark; ///< tells our content from others'; says nothing about it
    QTimer m_timer;
};

} // namespace coredact
