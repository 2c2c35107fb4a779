// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/minidumplists.h"
#include "scanner/redact/patches.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::uint64_t rowSize = 16;
constexpr std::uint64_t flagsOffset = 24; ///< in the header
constexpr std::uint64_t fullMemoryFlag = 2; ///< MiniDumpWithFullMemory: a Memory64List is there
constexpr std::uint64_t mostIn32Bits = 0xffffffff;

using Lists = MinidumpLists;

/// The part of a run that stays.
struct Part {
    std::uint64_t address;
    FileRange file;
    std::size_t run; ///< which one

    bool sameAs(const Part& other) const { return address == other.address && file == other.file; }
};

class MinidumpMinimiser {
public:
    MinidumpMinimiser(const Source& source, const std::vector<FileRange>& kept)
        : m_source(source)
        , m_kept(kept)
    {
    }

    Result<std::vector<Patch>> run()
    {
        auto lists = Lists::read(m_source);
        if (!lists)
            return lists.error();
        m_lists = std::move(*lists);
        for (const Lists::Thread& thread : m_lists.threads)
            for (const Lists::Run& run : thread.runs)
                patchRun(run);
        if (const Status written = patchLists(); !written)
            return written.error();
        return std::move(m_patches);
    }

private:
    std::vector<Part> partsOf(const Lists::Run& run, std::size_t number) const
    {
        std::vector<Part> parts;
        auto next = std::lower_bound(
            m_kept.begin(), m_kept.end(), run.file.first(),
            [](const FileRange& range, std::uint64_t offset) { return range.last() < offset; });
        for (; next != m_kept.end() && next->first() <= run.file.last(); ++next) {
            const FileRange shared = *next->intersection(run.file);
            parts.push_back({run.address + (shared.first() - run.file.first()), shared, number});
        }
        return parts;
    }

    void put(std::vector<std::uint8_t>& to, std::uint64_t value, unsigned size) const
    {
        for (unsigned i = 0; i < size; ++i) {
            const unsigned shift = 8 * (m_lists.order == ByteOrder::Little ? i : size - 1 - i);
            to.push_back(static_cast<std::uint8_t>(value >> shift));
        }
    }

    void putPart(std::vector<std::uint8_t>& to, const Part& part) const
    {
        put(to, part.address, 8);
        put(to, part.file.size(), 4);
        put(to, part.file.first(), 4);
    }

    /// A thread has one run for its stack: the largest part stays described.
    void patchRun(const Lists::Run& run)
    {
        const auto parts = partsOf(run, 0);
        std::vector<std::uint8_t> bytes;
        const auto largest
            = std::max_element(parts.begin(), parts.end(), [](const Part& one, const Part& other) {
                  return one.file.size() < other.file.size();
              });
        if (largest != parts.end()) {
            putPart(bytes, *largest);
        } else {
            put(bytes, run.address, 8);
            put(bytes, 0, 8); // of no size, at no place
        }
        m_patches.push_back({run.at, std::move(bytes)});
    }

    /// All parts of both lists, each once, no more than there is room for.
    std::vector<Part> parts(std::uint64_t room) const
    {
        std::vector<Part> all;
        for (std::size_t i = 0; i < m_lists.runs.size(); ++i)
            for (const Part& part : partsOf(m_lists.runs[i], i))
                if (std::none_of(all.begin(), all.end(),
                                 [&](const Part& known) { return known.sameAs(part); }))
                    all.push_back(part);
        while (all.size() > room && joinNearest(all)) { }
        if (all.size() > room)
            all.erase(all.begin() + static_cast<std::ptrdiff_t>(room), all.end());
        return all;
    }

    /// Parts of one run with the least between them.
    static bool joinNearest(std::vector<Part>& all)
    {
        std::size_t nearest = 0;
        std::uint64_t least = ~std::uint64_t {0};
        for (std::size_t i = 1; i < all.size(); ++i) {
            if (all[i].run != all[i - 1].run)
                continue;
            const std::uint64_t between = all[i].file.first() - all[i - 1].file.last();
            if (between < least) {
                least = between;
                nearest = i;
            }
        }
        if (nearest == 0)
            return false;
        all[nearest - 1].file
            = *FileRange::between(all[nearest - 1].file.first(), all[nearest].file.last());
        all.erase(all.begin() + static_cast<std::ptrdiff_t>(nearest));
        return true;
    }

    /// One list says what is there, with places of its own; a list of runs that lie one behind the
    /// other cannot leave any out, so it becomes one of the other kind. The list that has more room
    /// is taken.
    Status patchLists()
    {
        const auto& memory = m_lists.memoryList;
        const auto& memory64 = m_lists.memory64List;
        if (!memory && !memory64)
            return {};
        const bool use64 = !memory || (memory64 && memory64->size > memory->size);
        const Lists::Stream& list = use64 ? *memory64 : *memory;
        if (memory && memory64)
            dropStream(use64 ? *memory : *memory64);
        if (memory64)
            clearFullMemory();
        const bool padded = list.type == Lists::MemoryList && list.rows == list.offset + 8;
        const std::uint64_t head = padded ? 8 : 4;
        if (list.size < head)
            return {};
        const auto all = parts((list.size - head) / rowSize);
        std::vector<std::uint8_t> bytes;
        put(bytes, all.size(), 4);
        put(bytes, 0, static_cast<unsigned>(head - 4));
        for (const Part& part : all) {
            if (part.file.first() > mostIn32Bits || part.file.size() > mostIn32Bits)
                return Error {ErrorCode::Refused,
                              "the dump cannot be minimised: what is to be kept lies behind its "
                              "first 4 GiB",
                              std::nullopt};
            putPart(bytes, part);
        }
        patchDirectory(list.at, Lists::MemoryList, bytes.size(), list.offset);
        const std::uint64_t left = m_source.size() - std::min(list.offset, m_source.size());
        bytes.resize(static_cast<std::size_t>(std::min(list.size, left)));
        m_patches.push_back({list.offset, std::move(bytes)});
        return {};
    }

    void patchDirectory(std::uint64_t at, std::uint32_t type, std::uint64_t size,
                        std::uint64_t offset)
    {
        std::vector<std::uint8_t> bytes;
        put(bytes, type, 4);
        put(bytes, size, 4);
        put(bytes, offset, 4);
        m_patches.push_back({at, std::move(bytes)});
    }

    void dropStream(const Lists::Stream& stream)
    {
        patchDirectory(stream.at, Lists::Unused, 0, 0);
        const std::uint64_t left = m_source.size() - std::min(stream.offset, m_source.size());
        m_patches.push_back(
            {stream.offset,
             std::vector<std::uint8_t>(static_cast<std::size_t>(std::min(stream.size, left)))});
    }

    void clearFullMemory()
    {
        const auto bytes = m_source.read(flagsOffset, 8);
        if (!bytes)
            return;
        ByteReader in(*bytes, m_lists.order, flagsOffset);
        std::vector<std::uint8_t> flags;
        put(flags, in.u64() & ~fullMemoryFlag, 8);
        m_patches.push_back({flagsOffset, std::move(flags)});
    }

    const Source& m_source;
    const std::vector<FileRange>& m_kept;
    Lists m_lists;
    std::vector<Patch> m_patches;
};

} // namespace

Result<std::vector<Patch>> patchesForMinidump(const Source& source,
                                              const std::vector<FileRange>& kept)
{
    return MinidumpMinimiser(source, kept).run();
}

} // namespace coredact
