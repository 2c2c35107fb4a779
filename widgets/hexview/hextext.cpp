// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/hexview/hextext.h"

#include "models/figures.h"
#include "models/placemap.h"
#include "models/texts.h"
#include "widgets/hexview/hexpainter.h"

namespace coredact {

namespace {

const QChar maskDot(0x2022);

QString byteText(const HexCell& cell, CopyAs as)
{
    if (cell.masked)
        return as == CopyAs::Hex ? QString(2, maskDot) : QString(maskDot);
    if (cell.state == HexCell::State::Unreadable)
        return as == CopyAs::Hex ? QStringLiteral("??") : QStringLiteral("?");
    if (as == CopyAs::Hex)
        return hexText(cell.byte, 2);
    return HexGlyphs::printable(cell.byte) ? QString(QLatin1Char(static_cast<char>(cell.byte)))
                                           : QStringLiteral(".");
}

QString placeText(const ByteLayout& layout, std::uint64_t cell, CopyAs as)
{
    const auto first = layout.byteAtOrAfter(cell);
    const auto place = first ? layout.placeAt(*first) : std::nullopt;
    if (!place || (as == CopyAs::Address && !place->address))
        return {};
    return QStringLiteral("0x")
        + hexText(as == CopyAs::Address ? *place->address : place->fileOffset);
}

} // namespace

QString HexText::sectionName(const ByteLayout& layout, const LayoutSection& section)
{
    const std::string& name = layout.name(section.name);
    if (name.empty())
        return Texts::regionKind(section.regionKind);
    return Texts::fromDump(fileName(name));
}

QString HexText::notice(const ByteLayout& layout, const LayoutSection& section)
{
    if (section.kind == LayoutSection::Kind::Caption)
        return tr("not memory: headers, notes and everything else in the file");
    const QString range = QStringLiteral("%1 – %2").arg(
        hexText(section.address), hexText(section.address + (section.size - 1)));
    const QString size = byteSizeText(section.size);
    if (section.owners == 0)
        return tr("nothing saved here: %1 · %2").arg(range, size);
    QString owner = sectionName(layout, section) + QLatin1Char(' ') + Texts::access(section.access);
    if (section.owners > 1)
        owner = tr("%1 and %n more", nullptr, static_cast<int>(section.owners - 1)).arg(owner);
    return tr("not in the dump: %1 · %2 · %3").arg(range, size, owner);
}

QString HexText::spoken(const ByteLayout& layout, std::uint64_t row, const HexSource& source)
{
    const LayoutRow at = layout.row(row);
    if (!at.section->hasBytes())
        return notice(layout, *at.section);
    QStringList words;
    if (at.address)
        words << tr("address %1").arg(hexText(*at.address));
    words << tr("offset %1").arg(hexText(at.fileOffset));
    const HexCells cells = cellsOf(at, {source.marks, source.bytes, std::nullopt});
    bool masked = false;
    for (const HexCell& cell : cells) {
        if (cell.state == HexCell::State::Blank)
            continue;
        if (!cell.masked && cell.state == HexCell::State::Here)
            words << hexText(cell.byte, 2);
        else if (cell.masked && !masked)
            words << tr("masked bytes");
        masked = cell.masked;
    }
    return words.join(QLatin1Char(' '));
}

HexText::Copied HexText::copied(const ByteLayout& layout, HexCursor::Cells cells,
                                const HexSource& source, CopyAs as)
{
    if (as == CopyAs::Offset || as == CopyAs::Address)
        return {placeText(layout, cells.first, as), true};
    Copied copied {{}, true};
    for (std::uint64_t row = cells.first / bytesPerRow; row <= cells.last / bytesPerRow; ++row) {
        const LayoutRow at = layout.row(row);
        if (at.columns == 0) {
            if (as == CopyAs::Text && !copied.text.isEmpty()
                && !copied.text.endsWith(QLatin1Char('\n')))
                copied.text += QLatin1Char('\n');
            continue;
        }
        const HexCells bytes = cellsOf(at, source);
        QStringList parts;
        for (unsigned column = 0; column < bytesPerRow; ++column) {
            const std::uint64_t cell = row * bytesPerRow + column;
            if (bytes[column].state == HexCell::State::Blank || cell < cells.first
                || cell > cells.last)
                continue;
            if (bytes[column].state == HexCell::State::Awaited)
                copied.complete = false;
            parts << byteText(bytes[column], as);
        }
        if (as == CopyAs::Hex && !copied.text.isEmpty() && !parts.isEmpty())
            copied.text += QLatin1Char('\n');
        copied.text += parts.join(as == CopyAs::Hex ? QStringLiteral(" ") : QString());
    }
    return copied;
}

} // namespace coredact
