// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/stylesheet.h"

#include "widgets/theme/looks.h"

#include <QFile>

#include <array>
#include <utility>

namespace coredact {

QString styleSheetFor(const Tokens& tokens)
{
    QFile file(QStringLiteral(":/coredact/themes/window.qss"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QString sheet = QString::fromUtf8(file.readAll());
    const QColor critical = severityColour(Severity::Critical);
    // Longer names first where one begins with another.
    const std::array<std::pair<QLatin1String, QColor>, 20> names {{
        {QLatin1String("@onAccent"), tokens.onAccent},
        {QLatin1String("@accentHover"), blend(tokens.text, tokens.accent, 0.12)},
        {QLatin1String("@accentPressed"), blend(tokens.text, tokens.accent, 0.25)},
        {QLatin1String("@accent"), tokens.accent},
        {QLatin1String("@raisedHover"), blend(tokens.accent, tokens.raised, 0.08)},
        {QLatin1String("@raisedPressed"), blend(tokens.accent, tokens.raised, 0.18)},
        {QLatin1String("@raised"), tokens.raised},
        {QLatin1String("@window"), tokens.window},
        {QLatin1String("@panel"), tokens.panel},
        {QLatin1String("@lineStrong"), blend(tokens.text, tokens.line, 0.2)},
        {QLatin1String("@line"), tokens.line},
        {QLatin1String("@text"), tokens.text},
        {QLatin1String("@dim"), tokens.dim},
        {QLatin1String("@faint"), tokens.faint},
        {QLatin1String("@selection"), tokens.selection},
        {QLatin1String("@proofFill"), blend(keptColour(), tokens.panel, 0.14)},
        {QLatin1String("@proof"), keptColour()},
        {QLatin1String("@adviceFill"), blend(critical, tokens.panel, 0.1)},
        {QLatin1String("@advice"), critical},
        {QLatin1String("@hex"), tokens.hexBackground},
    }};
    for (const auto& [name, colour] : names)
        sheet.replace(name, colour.name());
    sheet.replace(QLatin1String("@check"),
                  isDark(tokens.onAccent) ? QLatin1String("black") : QLatin1String("white"));
    return sheet;
}

} // namespace coredact
