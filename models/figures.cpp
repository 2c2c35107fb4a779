// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/figures.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <limits>

namespace coredact {

namespace {

struct Figures {
    Q_DECLARE_TR_FUNCTIONS(Figures)
};

} // namespace

QString byteSizeText(quint64 bytes)
{
    constexpr quint64 most = static_cast<quint64>(std::numeric_limits<qint64>::max());
    const qint64 signedBytes = static_cast<qint64>(std::min(bytes, most));
    return QLocale().formattedDataSize(signedBytes, bytes < 1000 ? 0 : 1,
                                       QLocale::DataSizeSIFormat);
}

QString rateText(double bytesPerSecond)
{
    const double most = 1e18;
    const auto whole = static_cast<quint64>(std::clamp(bytesPerSecond, 0.0, most));
    return Figures::tr("%1/s", "a rate, such as 1.6 GB/s").arg(byteSizeText(whole));
}

QString timeLeftText(double seconds)
{
    if (seconds < 0 || !std::isfinite(seconds))
        return {};
    const auto whole = static_cast<int>(std::min(std::ceil(seconds), 359999.0));
    if (whole < 100)
        return Figures::tr("%1 s left").arg(whole);
    if (whole < 5400)
        return Figures::tr("%1 min left").arg((whole + 59) / 60);
    return Figures::tr("%1 h left").arg((whole + 3599) / 3600);
}

QString shareText(quint64 part, quint64 whole)
{
    if (whole == 0)
        return Figures::tr("%1 %").arg(100);
    const double exact = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
    int rounded = static_cast<int>(std::lround(std::min(exact, 100.0)));
    if (part < whole)
        rounded = std::min(rounded, 99);
    if (part > 0)
        rounded = std::max(rounded, 1);
    return Figures::tr("%1 %").arg(rounded);
}

QString countText(quint64 count)
{
    return QLocale().toString(count);
}

QString hexText(quint64 value, int digits)
{
    return QStringLiteral("%1").arg(value, digits, 16, QLatin1Char('0'));
}

} // namespace coredact
