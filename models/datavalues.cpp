// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/datavalues.h"

#include "models/figures.h"
#include "scanner/base/bytereader.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QTimeZone>

#include <bit>

namespace coredact {

namespace {

struct Values {
    Q_DECLARE_TR_FUNCTIONS(DataValues)
};

std::optional<std::uint64_t> word(ByteView bytes, std::size_t size, ByteOrder order)
{
    if (bytes.size() < size)
        return std::nullopt;
    return ByteReader(bytes.first(size), order).word(size);
}

std::int64_t asSigned(std::uint64_t value, std::size_t size)
{
    const unsigned unused = static_cast<unsigned>(64 - 8 * size);
    return static_cast<std::int64_t>(value << unused) >> unused;
}

QString integerText(std::uint64_t value, std::size_t size)
{
    const std::int64_t negative = asSigned(value, size);
    QString text = QString::number(value);
    if (negative < 0)
        text += QStringLiteral("  (%1)").arg(negative);
    return text;
}

/// Only times between 1990 and 2100 are worth showing.
QString timeText(std::int64_t seconds)
{
    constexpr std::int64_t year1990 = 631152000;
    constexpr std::int64_t year2100 = 4102444800;
    if (seconds < year1990 || seconds >= year2100)
        return {};
    return QDateTime::fromSecsSinceEpoch(seconds, QTimeZone::utc())
        .toString(QStringLiteral("yyyy-MM-dd HH:mm:ss 'UTC'"));
}

/// 100-nanosecond steps since 1601, as Windows counts.
QString fileTimeText(std::uint64_t ticks)
{
    return timeText(static_cast<std::int64_t>(ticks / 10000000) - 11644473600);
}

void addNumbers(std::vector<DataValue>& values, ByteView bytes, ByteOrder order)
{
    for (const std::size_t size : {1U, 2U, 4U, 8U}) {
        if (const auto value = word(bytes, size, order))
            values.push_back(
                {QStringLiteral("int%1").arg(size * 8), integerText(*value, size)});
    }
    if (const auto value = word(bytes, 4, order))
        values.push_back({QStringLiteral("float32"),
                          QLocale::c().toString(
                              std::bit_cast<float>(static_cast<std::uint32_t>(*value)), 'g', 7)});
    if (const auto value = word(bytes, 8, order))
        values.push_back({QStringLiteral("float64"),
                          QLocale::c().toString(std::bit_cast<double>(*value), 'g', 12)});
}

void addTimes(std::vector<DataValue>& values, ByteView bytes, ByteOrder order)
{
    QString text;
    if (const auto value = word(bytes, 8, order))
        text = timeText(static_cast<std::int64_t>(*value));
    if (const auto value = word(bytes, 4, order); value && text.isEmpty())
        text = timeText(static_cast<std::int64_t>(*value));
    if (!text.isEmpty())
        values.push_back({Values::tr("Unix time"), text});
    if (const auto value = word(bytes, 8, order)) {
        if (const QString windows = fileTimeText(*value); !windows.isEmpty())
            values.push_back({Values::tr("Windows time"), windows});
    }
}

} // namespace

std::vector<DataValue> dataValues(ByteView bytes, const Dump& dump, const PlaceMap* places)
{
    std::vector<DataValue> values;
    addNumbers(values, bytes, dump.order);
    addTimes(values, bytes, dump.order);
    const auto pointer = word(bytes, dump.wordSize, dump.order);
    if (pointer && places) {
        const QString there = places->describe(*pointer);
        if (!there.isEmpty())
            values.push_back({Values::tr("Pointer"),
                              hexText(*pointer, static_cast<int>(dump.wordSize) * 2)
                                  + QStringLiteral("  ") + there});
    }
    return values;
}

} // namespace coredact
