// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/settings.h"

#include <QStandardPaths>

namespace coredact {

namespace {

/// Raised when docks change, so that an older layout is not forced on newer docks.
constexpr auto layoutKey = "window/layout-2";

QString settingsPath()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation)
        + QStringLiteral("/coredact/coredact.ini");
}

} // namespace

Settings::Settings()
    : m_file(settingsPath(), QSettings::IniFormat)
{
}

void Settings::keepQtQuiet()
{
    // QFileDialog writes the names of chosen files to QtProject.conf; no file can be made there.
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, QStringLiteral("/dev/null"));
}

QByteArray Settings::geometry() const
{
    return m_file.value(QStringLiteral("window/geometry")).toByteArray();
}

QByteArray Settings::layout() const { return m_file.value(QLatin1String(layoutKey)).toByteArray(); }

void Settings::setLayout(const QByteArray& geometry, const QByteArray& layout)
{
    m_file.setValue(QStringLiteral("window/geometry"), geometry);
    m_file.setValue(QLatin1String(layoutKey), layout);
}

Appearance Settings::appearance() const
{
    return appearanceFrom(m_file.value(QStringLiteral("window/appearance")).toString());
}

void Settings::setAppearance(Appearance appearance)
{
    m_file.setValue(QStringLiteral("window/appearance"), toSetting(appearance));
}

int Settings::zoom() const { return m_file.value(QStringLiteral("hexview/zoom"), 100).toInt(); }

void Settings::setZoom(int percent) { m_file.setValue(QStringLiteral("hexview/zoom"), percent); }

} // namespace coredact
