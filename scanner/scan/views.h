// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"
#include "scanner/scan/window.h"

#include <functional>

namespace coredact {

/// How many readings lie over one another at most: views, and compressed streams.
inline constexpr int deepestReading = 3;

/// How many make up the encoding of a window.
int readingsOf(std::string_view encoding);

/// Calls `visit` with each other reading of a raw window that may hold text or keys: UTF-16 and
/// UTF-32 of both orders narrowed, base64 (both alphabets, all alignments), hex and lists of
/// numbers decoded, percent encoding, backslash escapes and character references undone, and those
/// inside one another up to depth 3, of which the window's own reading may have `depth` behind it.
/// The views' windows, their bytes and maps live only during the call. Fresh parts are set so that
/// a match that begins in the raw window's fresh part is seen exactly once.
void forEachView(const Window& window, const std::function<void(const Window&)>& visit,
                 int depth = 0);

} // namespace coredact
