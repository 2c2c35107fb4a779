// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/patches.h"

#include "scanner/formats/elfheader.h"

#include <algorithm>
#include <cassert>

namespace coredact {

namespace {

constexpr std::uint64_t pageSize = 4096;
constexpr std::uint64_t mostHeaders = 1U << 20;

/// A PT_LOAD of the new table.
struct Run {
    ProgramHeader header;
    std::uint64_t align = 0;
};

struct Load {
    ProgramHeader header;
    std::uint64_t align = 0;
    std::uint64_t at = 0; ///< offset of its program header
};

class ElfMinimiser {
public:
    ElfMinimiser(const Source& source, const std::vector<FileRange>& kept)
        : m_source(source)
        , m_kept(kept)
    {
    }

    Result<std::vector<Patch>> run()
    {
        const auto bytes = m_source.read(0, 64);
        if (!bytes)
            return bytes.error();
        const auto header = parseElfHeader(*bytes);
        if (!header || header->programHeaderCount >= elf::CountElsewhere)
            return Error {ErrorCode::Refused,
                          "a core with more than 65,534 segments cannot be minimised", 0};
        m_header = *header;
        if (const Status read = readLoads(); !read)
            return read.error();
        writeLoads(runs());
        if (const Status sections = patchSections(); !sections)
            return sections.error();
        return std::move(m_patches);
    }

private:
    Status readLoads()
    {
        const std::uint64_t size = m_header.naturalEntrySize();
        const std::uint64_t stride = std::max(m_header.programHeaderSize, size);
        for (std::uint64_t i = 0; i < m_header.programHeaderCount; ++i) {
            const std::uint64_t at = m_header.programHeaders + i * stride;
            const auto bytes = m_source.read(at, size);
            if (!bytes)
                return bytes.error();
            if (bytes->size() < size)
                return {}; // the table is cut off, and the reader told so
            ByteReader in = m_header.reader(*bytes, at);
            Load load {readProgramHeader(in, m_header.wordSize), 0, at};
            in.seek(size - m_header.wordSize);
            load.align = in.word(m_header.wordSize);
            if (load.header.type == elf::Load)
                m_loads.push_back(load);
        }
        return {};
    }

    /// The kept pages of each load. A load without bytes in the file says what was mapped: it
    /// stays.
    std::vector<Run> runs() const
    {
        std::vector<Run> all;
        for (const Load& load : m_loads) {
            const auto file = FileRange::make(load.header.offset, load.header.fileSize);
            if (!file) {
                all.push_back({load.header, load.align});
                continue;
            }
            for (const FileRange& pages : keptPages(*file))
                all.push_back(part(load, *file, pages));
        }
        while (all.size() > m_loads.size())
            joinNearest(all);
        return all;
    }

    std::vector<FileRange> keptPages(const FileRange& file) const
    {
        std::vector<FileRange> pages;
        auto next = std::lower_bound(
            m_kept.begin(), m_kept.end(), file.first(),
            [](const FileRange& range, std::uint64_t offset) { return range.last() < offset; });
        for (; next != m_kept.end() && next->first() <= file.last(); ++next) {
            const FileRange shared = *next->intersection(file);
            const std::uint64_t first = (shared.first() - file.first()) / pageSize * pageSize;
            const std::uint64_t last
                = (shared.last() - file.first()) / pageSize * pageSize + pageSize - 1;
            pages.push_back(*FileRange::between(file.first() + first,
                                                std::min(file.first() + last, file.last())));
        }
        return normalised(std::move(pages));
    }

    static Run part(const Load& load, const FileRange& file, const FileRange& pages)
    {
        Run run {load.header, load.align};
        if (pages == file)
            return run;
        const std::uint64_t skipped = pages.first() - file.first();
        run.header.offset += skipped;
        run.header.address += skipped;
        if (run.header.physicalAddress != 0)
            run.header.physicalAddress += skipped;
        run.header.fileSize = pages.size();
        run.header.memorySize = pages.size();
        return run;
    }

    /// There are at least as many runs of one load behind each other as there are too many runs.
    static void joinNearest(std::vector<Run>& runs)
    {
        std::size_t best = 0;
        std::uint64_t nearest = ~std::uint64_t {0};
        for (std::size_t i = 1; i < runs.size(); ++i) {
            const ProgramHeader& one = runs[i - 1].header;
            const ProgramHeader& other = runs[i].header;
            const bool same = one.fileSize != 0 && other.fileSize != 0
                && other.offset - one.offset == other.address - one.address
                && other.offset > one.offset && one.flags == other.flags;
            const std::uint64_t gap = other.offset - (one.offset + one.fileSize);
            if (same && gap < nearest) {
                nearest = gap;
                best = i;
            }
        }
        assert(best != 0);
        ProgramHeader& first = runs[best - 1].header;
        const ProgramHeader& second = runs[best].header;
        first.fileSize = second.offset + second.fileSize - first.offset;
        first.memorySize = first.fileSize;
        runs.erase(runs.begin() + static_cast<std::ptrdiff_t>(best));
    }

    void writeLoads(const std::vector<Run>& runs)
    {
        for (std::size_t i = 0; i < m_loads.size(); ++i)
            m_patches.push_back({m_loads[i].at,
                                 i < runs.size()
                                     ? entry(runs[i])
                                     : std::vector<std::uint8_t>(m_header.naturalEntrySize())});
    }

    void put(std::vector<std::uint8_t>& to, std::uint64_t value, unsigned size) const
    {
        for (unsigned i = 0; i < size; ++i) {
            const unsigned shift = 8 * (m_header.order == ByteOrder::Little ? i : size - 1 - i);
            to.push_back(static_cast<std::uint8_t>(value >> shift));
        }
    }

    std::vector<std::uint8_t> entry(const Run& run) const
    {
        const unsigned word = m_header.wordSize;
        std::vector<std::uint8_t> bytes;
        put(bytes, elf::Load, 4);
        if (word == 8)
            put(bytes, run.header.flags, 4);
        put(bytes, run.header.offset, word);
        put(bytes, run.header.address, word);
        put(bytes, run.header.physicalAddress, word);
        put(bytes, run.header.fileSize, word);
        put(bytes, run.header.memorySize, word);
        if (word == 4)
            put(bytes, run.header.flags, 4);
        put(bytes, run.align, word);
        return bytes;
    }

    bool isKept(const FileRange& range) const
    {
        const auto next = std::lower_bound(
            m_kept.begin(), m_kept.end(), range.first(),
            [](const FileRange& kept, std::uint64_t offset) { return kept.last() < offset; });
        return next != m_kept.end() && next->first() <= range.first()
            && next->last() >= range.last();
    }

    /// Section headers: sh_name, sh_type (u32 each), then words: flags, addr, offset, size.
    Status patchSections()
    {
        const std::uint64_t count = std::min(m_header.sectionHeaderCount, mostHeaders);
        const unsigned word = m_header.wordSize;
        if (m_header.sectionHeaders == 0 || m_header.sectionHeaderSize < 8 + 4 * word)
            return {};
        for (std::uint64_t i = 1; i < count; ++i) {
            const std::uint64_t at = m_header.sectionHeaders + i * m_header.sectionHeaderSize;
            const auto bytes = m_source.read(at, 8 + 4 * word);
            if (!bytes)
                return bytes.error();
            ByteReader in = m_header.reader(*bytes, at);
            in.skip(8 + word);
            const std::uint64_t address = in.word(word);
            const std::uint64_t offset = in.word(word);
            const std::uint64_t size = in.word(word);
            const auto range = FileRange::make(offset, size);
            if (in.ok() && address != 0 && range && !isKept(*range))
                m_patches.push_back({at + 4, std::vector<std::uint8_t>(4)});
        }
        return {};
    }

    const Source& m_source;
    const std::vector<FileRange>& m_kept;
    ElfHeader m_header;
    std::vector<Load> m_loads;
    std::vector<Patch> m_patches;
};

} // namespace

Result<std::vector<Patch>> patchesForElf(const Source& source, const std::vector<FileRange>& kept)
{
    return ElfMinimiser(source, kept).run();
}

} // namespace coredact
