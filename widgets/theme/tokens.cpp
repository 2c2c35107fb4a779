// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/tokens.h"

#include <QGuiApplication>
#include <QPalette>

#include <algorithm>
#include <array>
#include <cmath>

namespace coredact {

namespace {

Tokens lightTokens()
{
    return {.look = Look::Light,
            .window = QColor(0xeceef1),
            .panel = QColor(0xf7f8fa),
            .raised = QColor(0xffffff),
            .line = QColor(0xd5d9df),
            .text = QColor(0x1d2126),
            .dim = QColor(0x5d6670),
            .faint = QColor(0x98a1ab),
            .accent = QColor(0x1f6fd6),
            .onAccent = QColor(0xffffff),
            .selection = QColor(0xd6e6fb),
            .hexBackground = QColor(0xffffff),
            .hexAlternate = QColor(0xf6f8fa)};
}

Tokens darkTokens()
{
    return {.look = Look::Dark,
            .window = QColor(0x1f2226),
            .panel = QColor(0x26292e),
            .raised = QColor(0x2c3036),
            .line = QColor(0x3a3f46),
            .text = QColor(0xe4e6e9),
            .dim = QColor(0x9aa1aa),
            .faint = QColor(0x6b727b),
            .accent = QColor(0x6aa9ff),
            .onAccent = QColor(0x0f1a28),
            .selection = QColor(0x2f4a6d),
            .hexBackground = QColor(0x1b1e22),
            .hexAlternate = QColor(0x202328)};
}

Tokens highContrastLightTokens()
{
    return {.look = Look::HighContrastLight,
            .window = QColor(0xfefefe),
            .panel = QColor(0xffffff),
            .raised = QColor(0xffffff),
            .line = QColor(Qt::black),
            .text = QColor(Qt::black),
            .dim = QColor(0x202020),
            .faint = QColor(0x5a5a5a),
            .accent = QColor(0x003e9c),
            .onAccent = QColor(0xffffff),
            .selection = QColor(0xb9d7ff),
            .hexBackground = QColor(0xffffff),
            .hexAlternate = QColor(0xffffff)};
}

Tokens highContrastDarkTokens()
{
    return {.look = Look::HighContrastDark,
            .window = QColor(0x010101),
            .panel = QColor(Qt::black),
            .raised = QColor(Qt::black),
            .line = QColor(0xffffff),
            .text = QColor(0xffffff),
            .dim = QColor(0xe0e0e0),
            .faint = QColor(0xa8a8a8),
            .accent = QColor(0x8fc7ff),
            .onAccent = QColor(Qt::black),
            .selection = QColor(0x0b3d78),
            .hexBackground = QColor(Qt::black),
            .hexAlternate = QColor(Qt::black)};
}

const std::array<Tokens, 4>& allTokens()
{
    static const std::array<Tokens, 4> all {lightTokens(), darkTokens(), highContrastLightTokens(),
                                            highContrastDarkTokens()};
    return all;
}

double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& colour)
{
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF())
        + 0.0722 * linear(colour.blueF());
}

} // namespace

const Tokens& tokensFor(Look look) { return allTokens()[static_cast<std::size_t>(look)]; }

const Tokens& tokensOf(const QPalette& palette)
{
    const QColor window = palette.color(QPalette::Active, QPalette::Window);
    for (const Tokens& tokens : allTokens()) {
        if (tokens.window == window)
            return tokens;
    }
    return tokensFor(isDark(window) ? Look::Dark : Look::Light);
}

const Tokens& currentTokens() { return tokensOf(QGuiApplication::palette()); }

QPalette paletteFor(const Tokens& tokens)
{
    QPalette palette;
    const auto set = [&palette](QPalette::ColorRole role, const QColor& colour) {
        palette.setColor(role, colour);
    };
    set(QPalette::Window, tokens.window);
    set(QPalette::WindowText, tokens.text);
    set(QPalette::Base, tokens.raised);
    set(QPalette::AlternateBase, tokens.panel);
    set(QPalette::Text, tokens.text);
    set(QPalette::PlaceholderText, tokens.dim);
    set(QPalette::Button, tokens.raised);
    set(QPalette::ButtonText, tokens.text);
    set(QPalette::BrightText, tokens.onAccent);
    set(QPalette::ToolTipBase, tokens.raised);
    set(QPalette::ToolTipText, tokens.text);
    set(QPalette::Highlight, tokens.selection);
    set(QPalette::HighlightedText, tokens.text);
    set(QPalette::Link, tokens.accent);
    set(QPalette::LinkVisited, tokens.accent);
    set(QPalette::Light, tokens.raised);
    set(QPalette::Midlight, tokens.panel);
    set(QPalette::Mid, tokens.line);
    set(QPalette::Dark, tokens.line);
    set(QPalette::Shadow, tokens.line);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText,
                            QPalette::HighlightedText, QPalette::PlaceholderText})
        palette.setColor(QPalette::Disabled, role, tokens.faint);
    return palette;
}

QColor blend(const QColor& over, const QColor& under, double share)
{
    const auto mix = [share](int a, int b) {
        return static_cast<int>(std::lround(a * share + b * (1 - share)));
    };
    return QColor(mix(over.red(), under.red()), mix(over.green(), under.green()),
                  mix(over.blue(), under.blue()));
}

bool isDark(const QColor& colour) { return luminance(colour) < 0.18; }

double contrast(const QColor& one, const QColor& other)
{
    const double a = luminance(one) + 0.05;
    const double b = luminance(other) + 0.05;
    return std::max(a, b) / std::min(a, b);
}

QColor legible(const QColor& ink, const QColor& under)
{
    constexpr double least = 4.5;
    constexpr int steps = 20;
    const QColor towards = isDark(under) ? Qt::white : Qt::black;
    for (int step = 0; step < steps; ++step) {
        const QColor tried = blend(towards, ink, double(step) / steps);
        if (contrast(tried, under) >= least)
            return tried;
    }
    return towards;
}

} // namespace coredact
