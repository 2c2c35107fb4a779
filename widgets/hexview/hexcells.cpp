// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/hexview/hexcells.h"

#include "models/bytecache.h"
#include "models/marks.h"

#include <algorithm>

namespace coredact {

namespace {

/// The longest public prefix looked for.
constexpr std::uint64_t prefixWindow = 64;

void readBytes(const LayoutRow& row, ByteCache* bytes, HexCells& cells)
{
    unsigned done = 0;
    while (done < row.columns) {
        const ByteCache::Look look = bytes ? bytes->at(row.fileOffset + done)
                                           : ByteCache::Look {ByteCache::State::Asked, {}};
        const bool here = look.state == ByteCache::State::Here && !look.bytes.empty();
        const auto count = here
            ? static_cast<unsigned>(std::min<std::size_t>(row.columns - done, look.bytes.size()))
            : 1U;
        for (unsigned i = 0; i < count; ++i) {
            HexCell& cell = cells[row.firstColumn + done + i];
            cell.state = here                           ? HexCell::State::Here
                : look.state == ByteCache::State::Asked ? HexCell::State::Awaited
                                                        : HexCell::State::Unreadable;
            cell.byte = here ? look.bytes[i] : std::uint8_t {0};
        }
        done += count;
    }
}

/// How many bytes of a mark may be shown although it is masked.
std::uint64_t shownPrefix(const HexMark& mark, ByteCache* bytes)
{
    if (!mark.first || !bytes)
        return 0;
    const ByteCache::Look look = bytes->at(mark.file.first());
    if (look.state != ByteCache::State::Here)
        return 0;
    const auto size = static_cast<std::size_t>(
        std::min({mark.file.size(), std::uint64_t {look.bytes.size()}, prefixWindow}));
    return publicPrefix(look.bytes.first(size));
}

struct Masking {
    std::array<bool, bytesPerRow> wanted {};
    std::array<bool, bytesPerRow> revealed {};
};

void applyMark(const LayoutRow& row, const HexSource& source, std::uint32_t index, HexCells& cells,
               Masking& masking)
{
    const HexMark& mark = source.marks.at(index);
    const bool revealed = source.revealed == mark.finding;
    const std::uint64_t prefix
        = mark.masked && !revealed ? shownPrefix(mark, source.bytes) : std::uint64_t {0};
    for (unsigned i = 0; i < row.columns; ++i) {
        const std::uint64_t offset = row.fileOffset + i;
        if (!mark.file.contains(offset))
            continue;
        const unsigned column = row.firstColumn + i;
        HexCell& cell = cells[column];
        if (!cell.mark || source.marks.covers(index, *cell.mark))
            cell.mark = index;
        if (revealed)
            masking.revealed[column] = true;
        else if (mark.masked && offset - mark.file.first() >= prefix)
            masking.wanted[column] = true;
    }
}

} // namespace

HexCells cellsOf(const LayoutRow& row, const HexSource& source)
{
    HexCells cells;
    if (row.columns == 0)
        return cells;
    readBytes(row, source.bytes, cells);
    Masking masking;
    source.marks.touching(
        row.fileOffset, row.fileOffset + (row.columns - 1),
        [&](std::uint32_t index) { applyMark(row, source, index, cells, masking); });
    for (unsigned column = 0; column < bytesPerRow; ++column) {
        HexCell& cell = cells[column];
        cell.masked = masking.wanted[column] && !masking.revealed[column];
        if (cell.masked)
            cell.byte = 0;
    }
    return cells;
}

} // namespace coredact
