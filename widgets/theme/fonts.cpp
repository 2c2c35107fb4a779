// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/fonts.h"

#include <QFontDatabase>
#include <QStringList>

#include <algorithm>

namespace coredact {

QFont monospaceFont(const QFont& base)
{
    static const QString family = [] {
        const QStringList installed = QFontDatabase::families();
        for (const QString& wanted :
             {QStringLiteral("Noto Sans Mono"), QStringLiteral("DejaVu Sans Mono")}) {
            if (installed.contains(wanted))
                return wanted;
        }
        return QFontDatabase::systemFont(QFontDatabase::FixedFont).family();
    }();
    QFont font = base;
    font.setFamilies({family});
    font.setStyleHint(QFont::Monospace, QFont::PreferAntialias);
    font.setFixedPitch(true);
    font.setWeight(QFont::Normal);
    font.setItalic(false);
    font.setKerning(false);
    return font;
}

QFont scaled(QFont font, int percent)
{
    if (font.pointSizeF() > 0)
        font.setPointSizeF(std::max(5.0, font.pointSizeF() * percent / 100));
    else
        font.setPixelSize(std::max(7, font.pixelSize() * percent / 100));
    return font;
}

} // namespace coredact
