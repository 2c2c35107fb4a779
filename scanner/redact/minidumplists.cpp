// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/minidumplists.h"

#include <algorithm>
#include <set>

namespace coredact {

namespace {

constexpr std::uint64_t headerSize = 32;
constexpr std::uint64_t directoryRowSize = 12;
constexpr std::uint64_t descriptorSize = 16;
constexpr std::uint64_t threadSize = 48;
constexpr std::uint64_t threadExSize = 64;
constexpr std::uint64_t mostStreams = 4096;
constexpr std::uint64_t mostRows = 1U << 20;

using Lists = MinidumpLists;

class ListReader {
public:
    ListReader(const Source& source, ByteOrder order)
        : m_source(source)
    {
        m_lists.order = order;
    }

    Result<Lists> read()
    {
        const auto streams = readDirectory();
        if (!streams)
            return streams.error();
        std::set<std::uint32_t> seen;
        for (Lists::Stream stream : *streams) {
            // The reader of the format interprets the first of each kind only.
            if (!seen.insert(stream.type).second)
                continue;
            if (const Status read = readStream(stream); !read)
                return read.error();
        }
        return std::move(m_lists);
    }

private:
    ByteReader reader(ByteView bytes, std::uint64_t offset) const
    {
        return {bytes, m_lists.order, offset};
    }

    template <typename Visit>
    Status forEachRow(std::uint64_t first, std::uint64_t count, std::uint64_t size, Visit visit)
    {
        count = std::min(count, mostRows);
        const std::uint64_t left = m_source.size() - std::min(first, m_source.size());
        count = std::min(count, left / size);
        const auto bytes = m_source.read(first, count * size);
        if (!bytes)
            return bytes.error();
        for (std::uint64_t i = 0; i < count; ++i) {
            const std::uint64_t at = first + i * size;
            ByteReader in = reader(*slice(*bytes, i * size, size), at);
            visit(in, at);
        }
        return {};
    }

    Result<std::vector<Lists::Stream>> readDirectory()
    {
        const auto header = m_source.read(0, headerSize);
        if (!header)
            return header.error();
        ByteReader in = reader(*header, 0);
        in.skip(8);
        const std::uint64_t count = in.u32();
        const std::uint64_t offset = in.u32();
        std::vector<Lists::Stream> streams;
        const Status read = forEachRow(offset, std::min(count, mostStreams), directoryRowSize,
                                       [&](ByteReader& row, std::uint64_t at) {
                                           Lists::Stream stream;
                                           stream.at = at;
                                           stream.type = row.u32();
                                           stream.size = row.u32();
                                           stream.offset = row.u32();
                                           if (stream.size != 0)
                                               streams.push_back(stream);
                                       });
        if (!read)
            return read.error();
        return streams;
    }

    Status readStream(Lists::Stream& stream)
    {
        switch (stream.type) {
        case Lists::ThreadList:
            return readThreads(stream, threadSize);
        case Lists::ThreadExList:
            return readThreads(stream, threadExSize);
        case Lists::MemoryList:
            return readMemory(stream);
        case Lists::Memory64List:
            return readMemory64(stream);
        default:
            return {};
        }
    }

    /// A 32-bit count, and for some writers four bytes of padding; then as many rows as there are.
    Result<std::uint64_t> countOf(Lists::Stream& stream, std::uint64_t rowSize)
    {
        const auto head = m_source.read(stream.offset, 4);
        if (!head)
            return head.error();
        ByteReader in = reader(*head, stream.offset);
        const std::uint64_t count = in.u32();
        if (!in.ok() || stream.size < 4)
            return std::uint64_t {0};
        const bool padded = stream.size >= 8 && stream.size - 8 == count * rowSize;
        const std::uint64_t skipped = padded ? 8 : 4;
        stream.rows = stream.offset + skipped;
        return std::min(count, (stream.size - skipped) / rowSize);
    }

    std::optional<Lists::Run> run32(ByteReader& row, std::uint64_t at) const
    {
        const std::uint64_t address = row.u64();
        const std::uint64_t size = row.u32();
        return run(at, address, row.u32(), size);
    }

    /// What of it lies in the file; nothing of a description without a place.
    std::optional<Lists::Run> run(std::uint64_t at, std::uint64_t address, std::uint64_t offset,
                                  std::uint64_t size) const
    {
        const std::uint64_t left = m_source.size() - std::min(offset, m_source.size());
        const auto range = FileRange::make(offset, std::min(size, left));
        if (offset == 0 || !range)
            return std::nullopt;
        return Lists::Run {at, address, *range};
    }

    Status readThreads(Lists::Stream& stream, std::uint64_t rowSize)
    {
        const auto count = countOf(stream, rowSize);
        if (!count)
            return count.error();
        return forEachRow(stream.rows, *count, rowSize, [&](ByteReader& row, std::uint64_t at) {
            row.skip(16); // ThreadId, SuspendCount, PriorityClass, Priority
            Lists::Thread thread;
            thread.block = row.u64();
            if (const auto stack = run32(row, at + 24))
                thread.runs.push_back(*stack);
            row.skip(8); // the saved registers
            if (rowSize == threadExSize) {
                if (const auto backing = run32(row, at + 48))
                    thread.runs.push_back(*backing);
            }
            m_lists.threads.push_back(std::move(thread));
        });
    }

    Status readMemory(Lists::Stream& stream)
    {
        const auto count = countOf(stream, descriptorSize);
        if (!count)
            return count.error();
        m_lists.memoryList = stream;
        return forEachRow(stream.rows, *count, descriptorSize,
                          [&](ByteReader& row, std::uint64_t at) {
                              if (const auto run = run32(row, at))
                                  m_lists.runs.push_back(*run);
                          });
    }

    Status readMemory64(Lists::Stream& stream)
    {
        const auto head = m_source.read(stream.offset, 16);
        if (!head)
            return head.error();
        ByteReader in = reader(*head, stream.offset);
        const std::uint64_t count = in.u64();
        std::uint64_t next = in.u64();
        if (!in.ok() || stream.size < 16)
            return {};
        stream.rows = stream.offset + 16;
        m_lists.memory64List = stream;
        const std::uint64_t rows = std::min(count, (stream.size - 16) / descriptorSize);
        return forEachRow(stream.rows, rows, descriptorSize,
                          [&](ByteReader& row, std::uint64_t at) {
                              const std::uint64_t address = row.u64();
                              const std::uint64_t size = row.u64();
                              if (const auto run = this->run(at, address, next, size)) {
                                  m_lists.runs.push_back(*run);
                                  next += run->file.size();
                              }
                          });
    }

    const Source& m_source;
    Lists m_lists;
};

} // namespace

Result<MinidumpLists> MinidumpLists::read(const Source& source)
{
    const auto magic = source.read(0, 4);
    if (!magic)
        return magic.error();
    const std::string_view text = asText(*magic);
    if (text != "MDMP" && text != "PMDM")
        return Error {ErrorCode::Malformed, "no minidump header", 0};
    return ListReader(source, text == "MDMP" ? ByteOrder::Little : ByteOrder::Big).read();
}

} // namespace coredact
