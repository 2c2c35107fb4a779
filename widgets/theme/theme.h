// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/theme/tokens.h"

#include <QObject>

class QApplication;

namespace coredact {

/// What the person chose in the settings.
enum class Appearance { System, Light, Dark, HighContrastLight, HighContrastDark };

/// "system", "light", "dark", "high-contrast-light", "high-contrast-dark"; for settings files.
QString toSetting(Appearance appearance);
/// System for a text that it does not know.
Appearance appearanceFrom(const QString& setting);

/// Dresses the application: Fusion style, palette, style sheet; follows the system's light or
/// dark (QStyleHints from Qt 6.5 on, the luminance of the system's palette before) unless a look
/// is forced. Make one, right after the application; GUI thread.
class Theme : public QObject {
    Q_OBJECT

public:
    explicit Theme(QApplication& application, Appearance appearance = Appearance::System);

    Appearance appearance() const { return m_appearance; }
    void setAppearance(Appearance appearance);
    const Tokens& tokens() const;

signals:
    /// After the palette has changed; painted widgets repaint by themselves.
    void changed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void dress();

    QApplication& m_application;
    Appearance m_appearance;
    Look m_look = Look::Light;
    bool m_dressing = false;
};

} // namespace coredact
