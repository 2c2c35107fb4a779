// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/keeplist.h"

#include "scanner/dump/addressspace.h"
#include "scanner/formats/elfimage.h"

#include <algorithm>
#include <map>
#include <set>

namespace coredact {

namespace {

constexpr std::uint64_t redZone = 128; ///< below the stack pointer, in use on x86-64
/// glibc's struct pthread from the thread pointer on, and what little lies before it.
constexpr std::uint64_t controlBlockSize = 0x900;
constexpr std::uint64_t beforeControlBlock = 64;
constexpr std::uint64_t blockHead = 256; ///< has the thread's number in it
constexpr std::uint64_t aboveStack = 64U << 10; ///< where control blocks lie on i386
constexpr std::uint64_t linkMapSize = 0x480; ///< glibc's; the first five words are what gdb reads
constexpr std::uint64_t longestName = 4096;
constexpr std::uint64_t mostDynamicRows = 512;
constexpr std::size_t mostLinked = 4096;
constexpr std::size_t mostFrames = 65536;
/// Of a stack whose end nothing tells.
constexpr std::uint64_t unboundedStack = 64U << 10;
constexpr std::uint64_t pageSize = 4096;
/// How far the data of dynamic linker and libc reach behind what is mapped from their files.
constexpr std::uint64_t mostZeroData = 1U << 20;

std::string_view baseName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

class KeepList {
public:
    KeepList(const Source& source, const Dump& dump)
        : m_dump(dump)
        , m_builder(source, dump.format)
        , m_memory(dump.segments)
    {
    }

    std::vector<KeptRange> take()
    {
        if (m_dump.process.architecture == "i386")
            for (const Segment& segment : m_dump.segments)
                if (segment.access.write && segment.kind != RegionKind::File)
                    findControlBlocks(segment);
        for (const Thread& thread : m_dump.threads) {
            addStack(thread);
            addControlBlock(thread);
        }
        addMainStackOfNobody();
        for (const Module& module : m_dump.modules)
            addModule(module);
        for (const Segment& segment : m_dump.segments)
            if (segment.kind == RegionKind::Vdso)
                add(segment.file, "modules");
        return mergedRanges(std::move(m_kept));
    }

private:
    void add(const FileRange& range, std::string_view what)
    {
        m_kept.push_back({range, std::string(what)});
    }
    void addMemory(std::uint64_t address, std::uint64_t size, std::string_view what)
    {
        for (const FileRange& range : m_memory.fileRanges(address, size))
            add(range, what);
    }

    std::uint64_t registerOf(const Thread& thread, std::string_view name) const
    {
        const auto found = std::find_if(thread.registers.begin(), thread.registers.end(),
                                        [&](const Register& one) { return one.name == name; });
        return found == thread.registers.end() ? 0 : found->value;
    }

    /// Where the thread's control block lies; 0 where nothing tells.
    std::uint64_t controlBlockOf(const Thread& thread) const
    {
        const auto found = m_controlBlocks.find(thread.id);
        return found != m_controlBlocks.end() ? found->second : registerOf(thread, "fs_base");
    }

    /// On i386 a segment register leads to the control block, by a table that cores do not save.
    /// The block's first and third word are its own address, and the thread's number is not far.
    /// It lies at the end of a thread's stack, the first thread's at that of a small mapping.
    void findControlBlocks(const Segment& segment)
    {
        const std::uint64_t size = std::min(aboveStack, segment.memory.size());
        const std::uint64_t at = segment.memory.last() - size + 1;
        const SecretBytes bytes = m_builder.readMemory(m_memory, at, size);
        for (std::size_t i = (16 - at % 16) % 16; i + blockHead <= bytes.size(); i += 16) {
            ByteReader in(ByteView(bytes).subspan(i, blockHead), m_dump.order);
            const std::uint32_t first = in.u32();
            in.skip(4);
            if (first != at + i || in.u32() != first)
                continue;
            while (in.left() > 0)
                m_controlBlocks.try_emplace(in.u32(), first);
        }
    }

    std::vector<std::uint64_t> words(std::uint64_t address, std::size_t count)
    {
        const SecretBytes bytes = m_builder.readMemory(m_memory, address, count * m_dump.wordSize);
        ByteReader in(bytes, m_dump.order);
        std::vector<std::uint64_t> values(count, 0);
        for (std::uint64_t& value : values)
            value = in.left() >= m_dump.wordSize ? in.word(m_dump.wordSize) : 0;
        return values;
    }

    /// The stack that the process began on: the kernel put random bytes and the arguments at its
    /// top, and nothing lies above them.
    bool isFirstStack(const Segment& segment) const
    {
        return std::any_of(m_dump.fields.begin(), m_dump.fields.end(), [&](const Field& field) {
            return field.name == "AT_RANDOM" && segment.file.contains(field.file.first());
        });
    }

    void addStack(const Thread& thread)
    {
        const Segment* segment = m_memory.segmentAt(thread.sp);
        if (!segment)
            return;
        const std::uint64_t below = thread.sp - segment->memory.first();
        const std::uint64_t first = thread.sp - std::min(redZone, below);
        const std::uint64_t last = std::min(stackEnd(thread, *segment), segment->memory.last());
        addMemory(first, last - first + 1, "stack");
    }

    /// The last address of the stack. A stack may share its mapping with anything: what lies above
    /// its end must not be taken for stack.
    std::uint64_t stackEnd(const Thread& thread, const Segment& segment)
    {
        const std::uint64_t whole = segment.memory.last();
        if (isFirstStack(segment))
            return whole;
        // Threads of glibc and musl have their control block above the stack.
        const std::uint64_t block = controlBlockOf(thread);
        if (block > thread.sp && segment.memory.contains(block))
            return std::min(whole, block + controlBlockSize - 1);
        const std::uint64_t most = whole - thread.sp;
        const std::uint64_t frames = outermostFrame(thread, segment);
        if (frames != 0)
            return thread.sp + std::min(most, frames - thread.sp + std::uint64_t {4} * m_dump.wordSize);
        return thread.sp + std::min(most, unboundedStack);
    }

    /// The end of the chain of saved frame pointers; 0 where there is none.
    std::uint64_t outermostFrame(const Thread& thread, const Segment& segment)
    {
        std::uint64_t frame = registerOf(thread, "rbp");
        frame = frame != 0 ? frame : registerOf(thread, "x29");
        std::uint64_t last = 0;
        for (std::size_t i = 0; i < mostFrames; ++i) {
            if (frame < thread.sp || frame <= last || !segment.memory.contains(frame))
                break;
            last = frame;
            frame = words(frame, 1)[0];
        }
        return last;
    }

    void addControlBlock(const Thread& thread)
    {
        const std::uint64_t block = controlBlockOf(thread);
        const Segment* segment = block == 0 ? nullptr : m_memory.segmentAt(block);
        if (!segment)
            return;
        const std::uint64_t before = std::min(beforeControlBlock, block - segment->memory.first());
        addMemory(block - before, before + controlBlockSize, "thread control block");
    }

    /// The main thread may run on another stack, a signal's for one: then its own is kept whole.
    void addMainStackOfNobody()
    {
        for (const Segment& segment : m_dump.segments)
            if (isFirstStack(segment)
                && std::none_of(
                    m_dump.threads.begin(), m_dump.threads.end(),
                    [&](const Thread& thread) { return segment.memory.contains(thread.sp); }))
                add(segment.file, "stack");
    }

    void addModule(const Module& module)
    {
        addPages(module.memory, "modules", [](const Segment& segment) {
            return !segment.access.write && segment.kind == RegionKind::File;
        });
        if (!isLoader(module))
            return;
        const auto image = readElfImage(m_builder, m_memory, module.memory.first());
        const auto stated
            = image ? imageRange(image->programHeaders, image->bias, pageSize) : std::nullopt;
        const AddressRange range = withZeroData(module.memory, stated);
        addPages(range, "loader data", [](const Segment& segment) { return segment.access.write; });
        findLinked(module, range);
    }

    /// A module with its zero-initialised data: as its headers state, else, where they are not
    /// saved, what is mapped without a gap behind it.
    AddressRange withZeroData(const AddressRange& memory,
                              const std::optional<AddressRange>& stated) const
    {
        std::uint64_t last = memory.last();
        const std::uint64_t most = last + std::min(mostZeroData, ~last);
        const Segment* next = last == ~std::uint64_t {0} ? nullptr : m_memory.segmentAt(last + 1);
        if (stated)
            last = std::max(last, std::min(stated->last(), most));
        else if (next && next->memory.first() == last + 1 && next->kind == RegionKind::Anonymous)
            last = std::min(next->memory.last(), most);
        return *AddressRange::between(memory.first(), last);
    }

    template <typename Wanted>
    void addPages(const AddressRange& memory, std::string_view what, Wanted wanted)
    {
        for (const Segment& segment : m_dump.segments) {
            const auto shared = segment.memory.intersection(memory);
            if (!shared || !wanted(segment))
                continue;
            const std::uint64_t at = shared->first() - segment.memory.first();
            add(*FileRange::make(segment.file.first() + at, shared->size()), what);
        }
    }

    /// r_debug lies in the dynamic linker's data: a version, padded to a word, the first link_map,
    /// two words, and the linker's own base address.
    void findLinked(const Module& module, const AddressRange& image)
    {
        for (const Segment& segment : m_dump.segments) {
            const auto shared = segment.memory.intersection(image);
            if (!shared || !segment.access.write)
                continue;
            // A file with holes may say that its loader has terabytes of data.
            const std::uint64_t size = std::min(shared->size(), limits::MetadataBytes);
            const std::size_t count = static_cast<std::size_t>(size) / m_dump.wordSize;
            const auto values = words(shared->first(), count);
            for (std::size_t i = 4; i < values.size(); ++i) {
                const std::uint64_t version = values[i - 4] & 0xffffffffU;
                if (values[i] == module.memory.first() && version >= 1 && version <= 2)
                    followLinked(values[i - 3]);
            }
        }
    }

    /// link_map: l_addr, l_name, l_ld, l_next, l_prev.
    void followLinked(std::uint64_t link)
    {
        while (link != 0 && m_linked.size() < mostLinked && m_linked.insert(link).second) {
            const auto values = words(link, 5);
            addMemory(link, linkMapSize, "loader data");
            addText(values[1]);
            addDynamic(values[2]);
            link = values[3];
        }
    }

    void addText(std::uint64_t address)
    {
        const SecretBytes bytes = m_builder.readMemory(m_memory, address, longestName);
        const auto end = std::find(bytes.begin(), bytes.end(), 0);
        if (end != bytes.end())
            addMemory(address, static_cast<std::uint64_t>(end - bytes.begin()) + 1, "loader data");
    }

    /// Rows of two words up to one that is zero.
    void addDynamic(std::uint64_t address)
    {
        const auto values = words(address, 2 * mostDynamicRows);
        for (std::size_t i = 0; i < values.size(); i += 2)
            if (values[i] == 0) {
                addMemory(address, (i + 2) * m_dump.wordSize, "loader data");
                return;
            }
    }

    const Dump& m_dump;
    DumpBuilder m_builder; ///< reads in bounded pieces
    AddressSpace m_memory;
    std::vector<KeptRange> m_kept;
    std::map<std::uint64_t, std::uint64_t> m_controlBlocks; ///< on i386, by the thread's number
    std::set<std::uint64_t> m_linked;
};

} // namespace

bool isLoader(const Module& module)
{
    const std::string_view name = baseName(module.name);
    for (const std::string_view start :
         {"ld-linux", "ld-musl", "ld-2.", "ld.so", "ld64.so", "ld-elf", "libc.so", "libc-2.",
          "libc.musl", "libpthread.so", "libpthread-2."})
        if (name.starts_with(start))
            return true;
    return false;
}

std::vector<KeptRange> elfMemoryToKeep(const Source& source, const Dump& dump)
{
    return KeepList(source, dump).take();
}

std::vector<KeptRange> memoryToKeep(const Source& source, const Dump& dump)
{
    return dump.format == "minidump" ? minidumpMemoryToKeep(source, dump)
                                     : elfMemoryToKeep(source, dump);
}

std::vector<KeptRange> mergedRanges(std::vector<KeptRange> ranges)
{
    std::stable_sort(
        ranges.begin(), ranges.end(),
        [](const KeptRange& one, const KeptRange& other) { return one.range < other.range; });
    std::vector<KeptRange> list;
    for (KeptRange& next : ranges) {
        if (!list.empty() && next.range.first() <= list.back().range.last()) {
            const auto rest = list.back().range.last() < next.range.last()
                ? FileRange::between(list.back().range.last() + 1, next.range.last())
                : std::nullopt;
            if (!rest)
                continue;
            next.range = *rest;
        }
        if (!list.empty() && list.back().what == next.what
            && list.back().range.last() + 1 == next.range.first())
            list.back().range = *FileRange::between(list.back().range.first(), next.range.last());
        else
            list.push_back(std::move(next));
    }
    return list;
}

} // namespace coredact
