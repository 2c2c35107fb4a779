// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>

namespace coredact {

/// The font for bytes and addresses: Noto Sans Mono, then DejaVu Sans Mono, then the system's
/// fixed font; with distinct 0 O 1 l. As large as `base`.
QFont monospaceFont(const QFont& base);

/// `font` at `percent` of its size, never below five points.
QFont scaled(QFont font, int percent);

} // namespace coredact
