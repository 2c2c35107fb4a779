// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/elfcorestate.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::uint64_t LargestFileNote = 64U << 20;
constexpr std::uint64_t LargestVector = 65536;
constexpr std::uint64_t NameSize = 16;
constexpr std::uint64_t ArgumentsSize = 80;

/// Where NT_PRPSINFO keeps its text, by its size: user ids have 16 or 32 bits.
struct ProcessInfoLayout {
    std::uint64_t size;
    std::uint64_t pid;
    std::uint64_t name;
    std::uint64_t arguments;
};
constexpr ProcessInfoLayout ProcessInfoLayouts[] {
    {136, 24, 40, 56},
    {128, 16, 32, 48},
    {124, 12, 28, 44},
};

std::string fixedText(const ElfHeader& header, const SecretBytes& bytes, std::uint64_t offset,
                      std::uint64_t size)
{
    const auto part = slice(bytes, offset, size);
    return part ? std::string(header.reader(*part).text()) : std::string();
}

/// 64-bit MIPS kernels write NT_FILE of 32-bit processes with 64-bit words: then one of the first
/// two 32-bit words, where count and page size should be, is the upper half of a count, zero. gdb's
/// gcore counts offsets in bytes and says that a page is 1.
unsigned fileNoteWordSize(ByteReader in, const ElfHeader& header)
{
    constexpr std::uint32_t SmallestPage = 1024;
    const std::uint64_t count = in.word(header.wordSize);
    const std::uint64_t page = in.word(header.wordSize);
    const bool plausible = page >= SmallestPage || (page == 1 && count != 0);
    return plausible || !in.ok() ? header.wordSize : 8;
}

/// Signals whose siginfo holds the address that was touched.
bool hasFaultAddress(std::uint32_t signal)
{
    constexpr std::uint32_t Ill = 4;
    constexpr std::uint32_t Bus = 7;
    constexpr std::uint32_t Fpe = 8;
    constexpr std::uint32_t Segv = 11;
    return signal == Ill || signal == Bus || signal == Fpe || signal == Segv;
}

} // namespace

void readProcessInfo(DumpBuilder& builder, const ElfCoreState& state, const ElfNote& note)
{
    const auto layout = std::find_if(
        std::begin(ProcessInfoLayouts), std::end(ProcessInfoLayouts),
        [&](const ProcessInfoLayout& candidate) { return candidate.size == note.bodySize; });
    if (layout == std::end(ProcessInfoLayouts)) {
        builder.field("NT_PRPSINFO", note.bodyOffset, note.bodySize, FieldKind::Text);
        builder.diagnose(note.offset, "NT_PRPSINFO has a size that is not known", true);
        return;
    }
    builder.structure(note.bodyOffset, layout->name);
    builder.field("NT_PRPSINFO.fname", note.bodyOffset + layout->name, NameSize, FieldKind::Text);
    builder.field("NT_PRPSINFO.psargs", note.bodyOffset + layout->arguments, ArgumentsSize,
                  FieldKind::Text);
    const SecretBytes body = builder.read(note.bodyOffset, note.bodySize);
    ByteReader in = state.header.reader(body, note.bodyOffset);
    in.seek(layout->pid);
    Process& process = builder.dump.process;
    process.id = in.u32();
    process.name = fixedText(state.header, body, layout->name, NameSize);
    process.arguments = fixedText(state.header, body, layout->arguments, ArgumentsSize);
    builder.values(note.bodyOffset + layout->arguments,
                   argumentValues(asBytes(process.arguments), {.separator = ' '}));
    while (!process.arguments.empty() && process.arguments.back() == ' ')
        process.arguments.pop_back();
}

void readSignalInfo(DumpBuilder& builder, const ElfCoreState& state, const ElfNote& note)
{
    builder.structure(note.bodyOffset, note.bodySize);
    const SecretBytes body = builder.read(note.bodyOffset, std::min<std::uint64_t>(note.bodySize, 128));
    ByteReader in = state.header.reader(body, note.bodyOffset);
    const std::uint32_t signal = in.u32();
    in.skip(4); // si_errno
    const std::uint32_t code = in.u32();
    if (!in.ok()) {
        builder.diagnose(note.offset, "NT_SIGINFO is cut off", true);
        return;
    }
    // gdb's gcore writes one for each thread; the thread with the signal comes first.
    if (builder.dump.process.signal)
        return;
    if (signal != 0)
        builder.dump.process.signal = signal;
    in.seek(state.header.wordSize == 8 ? 16 : 12);
    const std::uint64_t address = in.word(state.header.wordSize);
    // A code above zero comes from the kernel; a signal that a person sent has no address.
    if (in.ok() && hasFaultAddress(signal) && code != 0 && code < 0x80000000U)
        builder.dump.process.faultAddress = address;
}

void readAuxiliaryVector(DumpBuilder& builder, ElfCoreState& state, const ElfNote& note)
{
    state.auxiliaryBytes = builder.read(note.bodyOffset, std::min(note.bodySize, LargestVector));
    ByteReader in = state.header.reader(state.auxiliaryBytes, note.bodyOffset);
    while (in.holds(2, state.header.wordSize)) {
        const std::uint64_t type = in.word(state.header.wordSize);
        const std::uint64_t value = in.word(state.header.wordSize);
        if (type == 0) {
            builder.structure(note.bodyOffset, in.position());
            // NetBSD has the program's path behind the rows.
            builder.field("NT_AUXV rest", in.fileOffset(), note.bodySize - in.position(),
                          FieldKind::Text);
            return;
        }
        state.auxiliary.emplace(type, value);
    }
    builder.structure(note.bodyOffset, note.bodySize);
    builder.diagnose(in.fileOffset(), "NT_AUXV does not end with a zero type");
}

void readMappedFiles(DumpBuilder& builder, ElfCoreState& state, const ElfNote& note)
{
    const SecretBytes body = builder.read(note.bodyOffset, std::min(note.bodySize, LargestFileNote));
    ByteReader in = state.header.reader(body, note.bodyOffset);
    const unsigned wordSize = fileNoteWordSize(in, state.header);
    const std::uint64_t count = in.word(wordSize);
    const std::uint64_t pageSize = in.word(wordSize);
    if (!in.ok() || !in.holds(count, 3 * std::uint64_t {wordSize})) {
        builder.structure(note.bodyOffset, std::min(note.bodySize, 2 * std::uint64_t {wordSize}));
        builder.field("NT_FILE", in.fileOffset(), note.bodySize, FieldKind::Text);
        builder.diagnose(note.offset, "NT_FILE promises more rows than it holds", true);
        return;
    }
    ByteReader names = in;
    names.skip(count * 3 * wordSize);
    builder.structure(note.bodyOffset, names.position());
    builder.field("NT_FILE names", names.fileOffset(), note.bodySize - names.position(),
                  FieldKind::Text);
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t start = in.word(wordSize);
        const std::uint64_t end = in.word(wordSize);
        const std::uint64_t page = in.word(wordSize);
        if (names.left() == 0) {
            builder.diagnose(names.fileOffset(), "NT_FILE has fewer names than rows", true);
            return;
        }
        std::string path(names.text());
        const auto memory = end > start ? AddressRange::make(start, end - start) : std::nullopt;
        if (!memory) {
            builder.diagnose(note.offset, "a row of NT_FILE has no valid range");
            continue;
        }
        if (builder.full(state.files.size(), limits::Regions, note.offset, "mapped files"))
            return;
        state.files.push_back({*memory, page * pageSize, std::move(path)});
    }
}

} // namespace coredact
