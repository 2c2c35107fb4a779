// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/minidumpstate.h"

#include "scanner/formats/utf16.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::uint64_t BlockSize = 65536;

} // namespace

void forEachRow(DumpBuilder& builder, const MinidumpState& state, const MinidumpStream& stream,
                MinidumpTable table, const std::function<void(ByteReader&)>& visit)
{
    const std::string what(table.what);
    if (table.stride < table.rowSize) {
        builder.diagnose(stream.offset, what + " has rows that are too short", true);
        return;
    }
    const std::uint64_t inFile
        = stream.offset < builder.dump.size ? builder.dump.size - stream.offset : 0;
    const std::uint64_t size = std::min(stream.size, inFile);
    const std::uint64_t there = table.first < size ? (size - table.first) / table.stride : 0;
    if (table.count > there) {
        builder.diagnose(stream.offset,
                         what + " promises " + std::to_string(table.count) + " rows and holds "
                             + std::to_string(there),
                         true);
        table.count = there;
    }
    builder.structure(stream.offset, std::min(size, table.first + table.count * table.stride));
    const std::uint64_t rowsInBlock = std::max<std::uint64_t>(1, BlockSize / table.stride);
    for (std::uint64_t done = 0; done < table.count; done += rowsInBlock) {
        const std::uint64_t rows = std::min(rowsInBlock, table.count - done);
        const std::uint64_t offset = stream.offset + table.first + done * table.stride;
        const SecretBytes block = builder.read(offset, rows * table.stride);
        for (std::uint64_t i = 0; i < rows; ++i) {
            const auto row = slice(block, i * table.stride, table.rowSize);
            if (!row)
                return;
            ByteReader in = state.reader(*row, offset + i * table.stride);
            visit(in);
        }
    }
}

void forEachListed(DumpBuilder& builder, const MinidumpState& state, const MinidumpStream& stream,
                   std::uint64_t rowSize, std::string_view what,
                   const std::function<void(ByteReader&)>& visit)
{
    const SecretBytes head = builder.read(stream.offset, 4);
    ByteReader in = state.reader(head, stream.offset);
    const std::uint64_t count = in.u32();
    if (!in.ok() || stream.size < 4) {
        builder.diagnose(stream.offset, std::string(what) + " lies past the end of the file", true);
        return;
    }
    const bool padded = stream.size >= 8 && stream.size - 8 == count * rowSize;
    forEachRow(builder, state, stream, {padded ? 8U : 4U, count, rowSize, rowSize, what}, visit);
}

std::string readMinidumpString(DumpBuilder& builder, const MinidumpState& state,
                               std::uint64_t offset, std::string field)
{
    if (offset == 0)
        return {};
    const SecretBytes head = builder.read(offset, 4);
    ByteReader in = state.reader(head, offset);
    const std::uint64_t size = in.u32();
    if (!in.ok() || size > limits::Text || size % 2 != 0) {
        builder.diagnose(offset, "a string has an impossible length", true);
        return {};
    }
    builder.structure(offset, 4);
    builder.field(std::move(field), offset + 4, size, FieldKind::Text);
    const SecretBytes body = builder.read(offset + 4, size);
    if (body.size() < size)
        builder.diagnose(offset, "a string is cut off", true);
    return utf8FromUtf16(body, state.order);
}

} // namespace coredact
