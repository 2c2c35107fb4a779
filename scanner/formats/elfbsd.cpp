// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/elfcorestate.h"
#include "scanner/formats/registers.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace coredact {

namespace {

// Layouts from the systems' sys/exec_elf.h, sys/procfs.h, sys/user.h and machine/reg.h.

constexpr std::uint16_t I386 = 3;
constexpr std::uint16_t X86_64 = 62;
constexpr std::uint16_t Aarch64 = 183;

constexpr std::uint64_t LargestNote = 4096;
constexpr std::uint64_t LargestMap = 64U << 20;

/// A note with one thread's general registers.
struct RegisterNote {
    std::string_view owner;
    std::uint32_t type;
    std::uint16_t machine;
    std::uint64_t offset; ///< of the first register
    unsigned registerSize;
    std::string_view pc;
    std::string_view sp;
    std::string_view registers;
};

constexpr std::string_view Netbsd = "NetBSD-CORE";
constexpr std::string_view Openbsd = "OpenBSD";
constexpr std::string_view Freebsd = "FreeBSD";

constexpr std::string_view ArmRegisters
    = "x0 x1 x2 x3 x4 x5 x6 x7 x8 x9 x10 x11 x12 x13 x14 x15 x16 x17 x18 x19 x20 x21 x22 x23 x24 "
      "x25 x26 x27 x28 x29! x30! sp! pc! pstate! tpidr!";

constexpr std::array RegisterNotes {
    RegisterNote {Netbsd, 33, X86_64, 0, 8, "rip", "rsp",
                  "rdi rsi rdx rcx r8 r9 r10 r11 r12 r13 r14 r15 rbp! rbx rax gs! fs! es! ds! "
                  "trapno! err! rip! cs! rflags! rsp! ss!"},
    RegisterNote {Netbsd, 32, Aarch64, 0, 8, "pc", "sp", ArmRegisters},
    RegisterNote {Openbsd, 20, X86_64, 0, 8, "rip", "rsp",
                  "rdi rsi rdx rcx r8 r9 r10 r11 r12 r13 r14 r15 rbp! rbx rax rsp! rip! rflags! "
                  "cs! ss! ds! es! fs! gs!"},
    RegisterNote {Freebsd, 1, X86_64, 48, 8, "rip", "rsp",
                  "r15 r14 r13 r12 r11 r10 r9 r8 rdi rsi rbp! rbx rdx rcx rax trap! err! rip! cs! "
                  "rflags! rsp! ss!"},
    RegisterNote {Freebsd, 1, Aarch64, 48, 8, "pc", "sp",
                  "x0 x1 x2 x3 x4 x5 x6 x7 x8 x9 x10 x11 x12 x13 x14 x15 x16 x17 x18 x19 x20 x21 "
                  "x22 x23 x24 x25 x26 x27 x28 x29! x30! sp! pc! pstate!"},
    RegisterNote {Freebsd, 1, I386, 28, 4, "eip", "esp",
                  "fs! es! ds! edi esi ebp! isp! ebx edx ecx eax trapno! err! eip! cs! eflags! "
                  "esp! ss! gs!"},
};

/// "NetBSD-CORE@2" is of the thread 2.
struct Owner {
    std::string_view system;
    std::uint64_t thread = 0;
};
Owner ownerOf(std::string_view text)
{
    Owner owner {text.substr(0, text.find('@'))};
    if (owner.system.size() < text.size())
        std::from_chars(text.data() + owner.system.size() + 1, text.data() + text.size(),
                        owner.thread);
    return owner;
}

class BsdNotes {
public:
    BsdNotes(DumpBuilder& builder, ElfCoreState& state, const ElfNote& note)
        : m_builder(builder)
        , m_state(state)
        , m_note(note)
        , m_owner(ownerOf(note.owner))
        , m_wide(state.header.wordSize == 8)
    {
    }

    bool read()
    {
        if (m_owner.system == Netbsd)
            readNetbsd();
        else if (m_owner.system == Openbsd)
            readOpenbsd();
        else if (m_owner.system == Freebsd)
            readFreebsd();
        else
            return false;
        return true;
    }

private:
    void readNetbsd()
    {
        constexpr std::uint32_t FirstOfMachine = 32;
        if (m_note.type == 1)
            readProcess({80, 124, 156});
        else if (m_note.type == 2)
            readVector(0, 2014); // AT_SUN_EXECNAME
        else if (m_note.type == 24) // PT_LWPSTATUS: ends with the thread's name
            text("LWPSTATUS");
        else if (m_note.type >= FirstOfMachine)
            readRegisterNote(m_note.type <= FirstOfMachine + 1);
        else
            unknown();
    }

    void readOpenbsd()
    {
        if (m_note.type == 10)
            readProcess({32, 72, 0});
        else if (m_note.type == 11)
            readVector(0, 0);
        else if (m_note.type == 20)
            readRegisterNote(true);
        else if (m_note.type == 21 || m_note.type == 22)
            readRegisterNote(false);
        else if (m_note.type == 23) // the cookie of SPARC's saved register windows
            m_builder.field("WCOOKIE", m_note.bodyOffset, m_note.bodySize, FieldKind::Random);
        else
            unknown();
    }

    void readFreebsd()
    {
        switch (m_note.type) {
        case 1:
            return readStatus();
        case 2:
            return readRegisterNote(false);
        case 3:
            return readProcessInfo();
        case 7:
            return readThreadName();
        case 8:
            return text("PROCSTAT_PROC");
        case 9:
            return text("PROCSTAT_FILES");
        case 10:
            return readMap();
        case 11: // groups
        case 12: // umask
        case 13: // limits
        case 14: // release
        case 15: // address of ps_strings
        case 0x200: // segment bases
            return m_builder.structure(m_note.bodyOffset, m_note.bodySize);
        case 16:
            return readVector(4, 15); // AT_EXECPATH
        case 17:
            return text("PTLWPINFO");
        case 0x202:
            return addVectorRegisters(m_builder, m_state, m_note, "NT_X86_XSTATE");
        default:
            return unknown();
        }
    }

    void text(std::string_view name)
    {
        m_builder.field(threadFieldName(m_builder, name), m_note.bodyOffset, m_note.bodySize,
                        FieldKind::Text);
    }

    void unknown()
    {
        m_builder.field("note of type " + std::to_string(m_note.type), m_note.bodyOffset,
                        m_note.bodySize, FieldKind::Opaque);
    }

    SecretBytes body() const
    {
        return m_builder.read(m_note.bodyOffset, std::min(m_note.bodySize, LargestNote));
    }

    void cutOff() { m_builder.diagnose(m_note.offset, "a note is too short for its type", true); }

    /// PROCINFO: where the process's id, its name and the thread with the signal are.
    struct ProcessPlaces {
        std::uint64_t id;
        std::uint64_t name;
        std::uint64_t signalThread; ///< 0: not told
    };
    void readProcess(const ProcessPlaces& places)
    {
        constexpr std::uint64_t NameSize = 32;
        const SecretBytes bytes = body();
        ByteReader in = m_state.header.reader(bytes, m_note.bodyOffset);
        in.skip(8);
        const std::uint32_t signal = in.u32();
        in.seek(places.id);
        m_builder.dump.process.id = in.u32();
        in.seek(places.name);
        ByteReader name = m_state.header.reader(in.bytes(NameSize));
        if (!in.ok())
            return cutOff();
        m_builder.dump.process.name = std::string(name.text());
        if (signal != 0)
            m_builder.dump.process.signal = signal;
        if (places.signalThread != 0) {
            in.seek(places.signalThread);
            m_state.signalThread = in.u32();
        }
        m_builder.structure(m_note.bodyOffset, places.name);
        m_builder.field("PROCINFO.name", m_note.bodyOffset + places.name, NameSize,
                        FieldKind::Text);
        const std::uint64_t end = places.name + NameSize;
        m_builder.structure(m_note.bodyOffset + end, m_note.bodySize - end);
    }

    /// Rows behind `start` bytes. Only the numbers below 10 mean the same on all systems; the
    /// one that tells the program's name becomes Linux's.
    void readVector(std::uint64_t start, std::uint64_t nameType)
    {
        ElfNote rows = m_note;
        rows.bodyOffset += std::min(start, rows.bodySize);
        rows.bodySize -= std::min(start, rows.bodySize);
        m_builder.structure(m_note.bodyOffset, start);
        readAuxiliaryVector(m_builder, m_state, rows);
        const std::uint64_t name = m_state.auxiliaryValue(nameType);
        m_state.auxiliary.erase(m_state.auxiliary.upper_bound(auxiliary::Entry),
                                m_state.auxiliary.end());
        if (name != 0 && nameType != 0)
            m_state.auxiliary.emplace(auxiliary::ProgramName, name);
    }

    void addThread(std::uint64_t id)
    {
        auto& threads = m_builder.dump.threads;
        if ((!threads.empty() && threads.back().id == id)
            || m_builder.full(threads.size(), limits::Threads, m_note.offset, "threads"))
            return;
        threads.emplace_back().id = id;
        if (m_state.signalThread == id)
            threads.back().signal = m_builder.dump.process.signal;
    }

    void readRegisterNote(bool general)
    {
        if (m_owner.thread != 0)
            addThread(m_owner.thread);
        if (!general)
            return addVectorRegisters(m_builder, m_state, m_note, "NT_FPREGSET");
        const auto layout = std::find_if(
            RegisterNotes.begin(), RegisterNotes.end(), [&](const RegisterNote& candidate) {
                return candidate.owner == m_owner.system && candidate.type == m_note.type
                    && candidate.machine == m_state.header.machine;
            });
        const std::string name = threadFieldName(m_builder, "registers");
        if (layout == RegisterNotes.end() || m_builder.dump.threads.empty())
            return m_builder.field(name, m_note.bodyOffset, m_note.bodySize,
                                   FieldKind::GeneralRegisters);
        const auto registers
            = namedRegisters(layout->registers, layout->offset, layout->registerSize);
        const SecretBytes bytes = body();
        if (!readRegisters(m_builder.dump.threads.back(),
                           m_state.header.reader(bytes, m_note.bodyOffset), registers,
                           layout->registerSize, layout->pc, layout->sp))
            m_builder.diagnose(m_note.offset, "a thread's registers are cut off", true);
        divide(m_builder, m_note.bodyOffset, m_note.bodySize,
               generalParts(registers, layout->registerSize), name);
    }

    /// FreeBSD's prstatus: version, three sizes, release, signal, thread, registers.
    void readStatus()
    {
        const SecretBytes bytes = body();
        ByteReader in = m_state.header.reader(bytes, m_note.bodyOffset);
        in.skip(m_wide ? 36 : 20);
        const std::uint32_t signal = in.u32();
        const std::uint32_t id = in.u32();
        if (!in.ok())
            return cutOff();
        // The first thread is the one that crashed; the kernel writes its signal into all.
        if (m_builder.dump.threads.empty() && signal != 0)
            m_builder.dump.process.signal = signal;
        addThread(id);
        readRegisterNote(true);
    }

    /// FreeBSD's prpsinfo: version, size, name of 17 and arguments of 81 bytes, id.
    void readProcessInfo()
    {
        constexpr std::uint64_t NameSize = 17;
        constexpr std::uint64_t ArgumentsSize = 81;
        const std::uint64_t name = m_wide ? 16 : 8;
        const std::uint64_t arguments = name + NameSize;
        const std::uint64_t end = arguments + ArgumentsSize;
        const SecretBytes bytes = body();
        ByteReader in = m_state.header.reader(bytes, m_note.bodyOffset);
        in.seek(name);
        ByteReader nameText = m_state.header.reader(in.bytes(NameSize));
        ByteReader argumentsText = m_state.header.reader(in.bytes(ArgumentsSize));
        if (!in.ok())
            return cutOff();
        m_builder.dump.process.name = std::string(nameText.text());
        m_builder.dump.process.arguments = std::string(argumentsText.text());
        m_builder.values(
            m_note.bodyOffset + arguments,
            argumentValues(asBytes(m_builder.dump.process.arguments), {.separator = ' '}));
        m_builder.structure(m_note.bodyOffset, name);
        m_builder.field("NT_PRPSINFO.fname", m_note.bodyOffset + name, NameSize, FieldKind::Text);
        m_builder.field("NT_PRPSINFO.psargs", m_note.bodyOffset + arguments, ArgumentsSize,
                        FieldKind::Text);
        m_builder.structure(m_note.bodyOffset + end, m_note.bodySize - end);
        in.seek((end + 3) / 4 * 4);
        const std::uint32_t id = in.u32(); // older writers end before it
        if (in.ok())
            m_builder.dump.process.id = id;
    }

    void readThreadName()
    {
        text("NT_THRMISC");
        const SecretBytes bytes = body();
        if (!m_builder.dump.threads.empty())
            m_builder.dump.threads.back().name = std::string(m_state.header.reader(bytes).text());
    }

    /// kinfo_vmentry: rows of their own sizes, each with the path of what is mapped.
    void readMap()
    {
        constexpr std::uint64_t PathOffset = 136;
        const SecretBytes bytes
            = m_builder.read(m_note.bodyOffset, std::min(m_note.bodySize, LargestMap));
        m_builder.field("PROCSTAT_VMMAP", m_note.bodyOffset, m_note.bodySize, FieldKind::Text);
        ByteReader in = m_state.header.reader(bytes, m_note.bodyOffset);
        in.skip(4); // size of the structure in the running kernel
        while (in.left() >= PathOffset) {
            ByteReader row = in;
            const std::uint64_t size = row.u32();
            if (size < PathOffset || size > in.left())
                return cutOff();
            in.skip(size);
            row.skip(4); // type
            const std::uint64_t start = row.u64();
            const std::uint64_t end = row.u64();
            const std::uint64_t offset = row.u64();
            row.skip(PathOffset - 32);
            const ByteView path = row.bytes(size - PathOffset);
            const auto memory = end > start ? AddressRange::make(start, end - start) : std::nullopt;
            std::string name(m_state.header.reader(path).text());
            if (memory && !name.empty()
                && !m_builder.full(m_state.files.size(), limits::Regions, m_note.offset,
                                   "mapped files"))
                m_state.files.push_back({*memory, offset, std::move(name)});
        }
    }

    DumpBuilder& m_builder;
    ElfCoreState& m_state;
    const ElfNote& m_note;
    Owner m_owner;
    bool m_wide;
};

} // namespace

bool readBsdNote(DumpBuilder& builder, ElfCoreState& state, const ElfNote& note)
{
    return BsdNotes(builder, state, note).read();
}

} // namespace coredact
