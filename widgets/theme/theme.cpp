// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/theme.h"

#include "widgets/theme/stylesheet.h"

#include <QApplication>
#include <QEvent>
#include <QPalette>
#include <QStyleFactory>
#include <QStyleHints>

#include <array>
#include <utility>

// A resource of a static library is linked in only when somebody asks for it by name, and the
// macro does not work inside a namespace.
static void initialiseResources() { Q_INIT_RESOURCE(coredact); }

namespace coredact {

namespace {

constexpr std::array<std::pair<Appearance, const char*>, 5> settings {
    {{Appearance::System, "system"},
     {Appearance::Light, "light"},
     {Appearance::Dark, "dark"},
     {Appearance::HighContrastLight, "high-contrast-light"},
     {Appearance::HighContrastDark, "high-contrast-dark"}}};

Look systemLook()
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    const auto scheme = QGuiApplication::styleHints()->colorScheme();
    if (scheme != Qt::ColorScheme::Unknown)
        return scheme == Qt::ColorScheme::Dark ? Look::Dark : Look::Light;
#endif
    // A palette without own colours makes the application fall back to the system's.
    QApplication::setPalette(QPalette());
    return isDark(QGuiApplication::palette().color(QPalette::Window)) ? Look::Dark : Look::Light;
}

Look lookFor(Appearance appearance)
{
    switch (appearance) {
    case Appearance::Light:
        return Look::Light;
    case Appearance::Dark:
        return Look::Dark;
    case Appearance::HighContrastLight:
        return Look::HighContrastLight;
    case Appearance::HighContrastDark:
        return Look::HighContrastDark;
    case Appearance::System:
        break;
    }
    return systemLook();
}

} // namespace

QString toSetting(Appearance appearance)
{
    for (const auto& [known, text] : settings) {
        if (known == appearance)
            return QString::fromLatin1(text);
    }
    return {};
}

Appearance appearanceFrom(const QString& setting)
{
    for (const auto& [known, text] : settings) {
        if (setting == QLatin1String(text))
            return known;
    }
    return Appearance::System;
}

Theme::Theme(QApplication& application, Appearance appearance)
    : m_application(application)
    , m_appearance(appearance)
{
    initialiseResources();
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    m_application.installEventFilter(this);
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    connect(QGuiApplication::styleHints(), &QStyleHints::colorSchemeChanged, this, &Theme::dress);
#endif
    dress();
}

void Theme::setAppearance(Appearance appearance)
{
    m_appearance = appearance;
    dress();
}

const Tokens& Theme::tokens() const { return tokensFor(m_look); }

bool Theme::eventFilter(QObject* watched, QEvent* event)
{
    // The system tells of a new theme by an event to each window.
    if (event->type() == QEvent::ThemeChange && m_appearance == Appearance::System)
        dress();
    return QObject::eventFilter(watched, event);
}

void Theme::dress()
{
    if (m_dressing)
        return;
    m_dressing = true;
    m_look = lookFor(m_appearance);
    QApplication::setPalette(paletteFor(tokens()));
    m_application.setStyleSheet(styleSheetFor(tokens()));
    m_dressing = false;
    emit changed();
}

} // namespace coredact
