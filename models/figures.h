// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace coredact {

/// Numbers as people read them, in the user's locale.

/// "25.6 MB"; powers of ten.
QString byteSizeText(quint64 bytes);
/// "1.6 GB/s".
QString rateText(double bytesPerSecond);
/// "9 s left", "2 min left"; "" for what is not known (negative).
QString timeLeftText(double seconds);
/// "64 %"; never 100 % for less than all, never 0 % for more than nothing.
QString shareText(quint64 part, quint64 whole);
QString countText(quint64 count);
/// Lower-case hexadecimal without a prefix, padded with zeros to `digits`.
QString hexText(quint64 value, int digits = 0);

} // namespace coredact
