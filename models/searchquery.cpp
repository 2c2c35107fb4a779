// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/searchquery.h"

#include <algorithm>

namespace coredact {

namespace {

std::vector<std::uint8_t> numberBytes(std::uint64_t value, unsigned width, ByteOrder order)
{
    std::vector<std::uint8_t> bytes(width);
    for (std::uint8_t& byte : bytes) {
        byte = static_cast<std::uint8_t>(value & 0xff);
        value >>= 8;
    }
    if (order == ByteOrder::Big)
        std::reverse(bytes.begin(), bytes.end());
    return bytes;
}

bool fits(std::uint64_t value, unsigned width) { return width >= 8 || value >> (8 * width) == 0; }

std::optional<std::vector<std::uint8_t>> hexBytes(QString digits)
{
    digits.remove(QLatin1Char(' '));
    if (digits.isEmpty() || digits.size() % 2 != 0)
        return std::nullopt;
    std::vector<std::uint8_t> bytes;
    for (qsizetype at = 0; at < digits.size(); at += 2) {
        bool ok = false;
        const uint value = digits.mid(at, 2).toUInt(&ok, 16);
        if (!ok || digits[at] == QLatin1Char('+') || digits[at] == QLatin1Char('-'))
            return std::nullopt;
        bytes.push_back(static_cast<std::uint8_t>(value));
    }
    return bytes;
}

/// "de ad be ef": at least two groups, each of two hex digits.
bool looksLikeBytes(const QString& text)
{
    const QStringList groups = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    return groups.size() > 1 && std::all_of(groups.begin(), groups.end(), [](const QString& group) {
               return group.size() == 2 && hexBytes(group).has_value();
           });
}

std::optional<SearchQuery> number(const QString& digits, int base, unsigned width, ByteOrder order)
{
    bool ok = false;
    const std::uint64_t value = digits.toULongLong(&ok, base);
    if (!ok || !fits(value, width))
        return std::nullopt;
    return SearchQuery {SearchQuery::Kind::Number, numberBytes(value, width, order)};
}

std::optional<SearchQuery> textQuery(const QString& text,
                                     SearchQuery::Kind kind = SearchQuery::Kind::Text)
{
    const QByteArray utf8 = text.toUtf8();
    if (utf8.isEmpty())
        return std::nullopt;
    return SearchQuery {kind, {utf8.begin(), utf8.end()}};
}

} // namespace

std::optional<SearchQuery> SearchQuery::parse(const QString& typed, ByteOrder order,
                                              unsigned wordSize)
{
    const QString trimmed = typed.trimmed();
    if (trimmed.startsWith(QLatin1String("text:")))
        return textQuery(trimmed.mid(5));
    if (trimmed.startsWith(QLatin1String("re:")))
        return textQuery(trimmed.mid(3), Kind::Expression);
    if (trimmed.startsWith(QLatin1String("hex:")) || looksLikeBytes(trimmed)) {
        const bool named = trimmed.startsWith(QLatin1String("hex:"));
        const auto bytes = hexBytes(named ? trimmed.mid(4) : trimmed);
        if (!bytes)
            return std::nullopt;
        return SearchQuery {Kind::Bytes, *bytes};
    }
    if (trimmed.startsWith(QLatin1String("0x")))
        return number(trimmed.mid(2), 16, wordSize, order);
    for (const unsigned width : {2U, 4U, 8U}) {
        const QString prefix = QStringLiteral("u%1:").arg(width * 8);
        if (trimmed.startsWith(prefix)) {
            const QString digits = trimmed.mid(prefix.size()).trimmed();
            return number(digits, 0, width, order);
        }
    }
    return textQuery(typed);
}

std::optional<Destination> Destination::parse(const QString& typed)
{
    QString digits = typed;
    digits.remove(QLatin1Char(' ')).remove(QLatin1Char('`'));
    Kind kind = Kind::Address;
    int base = 16;
    if (digits.startsWith(QLatin1Char('@')) || digits.startsWith(QLatin1Char('+'))) {
        kind = Kind::Offset;
        base = digits.startsWith(QLatin1Char('+')) ? 10 : 16;
        digits.remove(0, 1);
    }
    if (digits.startsWith(QLatin1String("0x"), Qt::CaseInsensitive)) {
        digits.remove(0, 2);
        base = 16;
    }
    if (digits.isEmpty() || !digits[0].isLetterOrNumber())
        return std::nullopt;
    bool ok = false;
    const std::uint64_t position = digits.toULongLong(&ok, base);
    if (!ok)
        return std::nullopt;
    return Destination {kind, position};
}

} // namespace coredact
