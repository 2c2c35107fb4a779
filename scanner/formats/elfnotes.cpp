// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/elfnotes.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

constexpr std::uint64_t HeaderSize = 12;
constexpr std::uint64_t LongestName = 256;

// Numbers from Linux include/uapi/linux/elf.h.
constexpr std::array Kinds {
    NoteKind {"CORE", 1, "NT_PRSTATUS", NoteUse::Status},
    NoteKind {"CORE", 2, "NT_FPREGSET", NoteUse::Vectors},
    NoteKind {"CORE", 3, "NT_PRPSINFO", NoteUse::ProcessInfo},
    NoteKind {"CORE", 6, "NT_AUXV", NoteUse::AuxiliaryVector},
    NoteKind {"CORE", 0x46494c45, "NT_FILE", NoteUse::MappedFiles},
    NoteKind {"CORE", 0x53494749, "NT_SIGINFO", NoteUse::SignalInfo},
    NoteKind {"LINUX", 0x46e62b7f, "NT_PRXFPREG", NoteUse::Vectors},
    NoteKind {"LINUX", 0x100, "NT_PPC_VMX", NoteUse::Vectors},
    NoteKind {"LINUX", 0x101, "NT_PPC_SPE", NoteUse::Vectors},
    NoteKind {"LINUX", 0x102, "NT_PPC_VSX", NoteUse::Vectors},
    NoteKind {"LINUX", 0x103, "NT_PPC_TAR", NoteUse::General},
    NoteKind {"LINUX", 0x104, "NT_PPC_PPR", NoteUse::Structure},
    NoteKind {"LINUX", 0x105, "NT_PPC_DSCR", NoteUse::Structure},
    NoteKind {"LINUX", 0x200, "NT_386_TLS", NoteUse::Structure},
    NoteKind {"LINUX", 0x201, "NT_386_IOPERM", NoteUse::Structure},
    NoteKind {"LINUX", 0x202, "NT_X86_XSTATE", NoteUse::Vectors},
    NoteKind {"LINUX", 0x204, "NT_X86_SHSTK", NoteUse::Structure},
    NoteKind {"LINUX", 0x205, "NT_X86_XSAVE_LAYOUT", NoteUse::Structure},
    NoteKind {"LINUX", 0x300, "NT_S390_HIGH_GPRS", NoteUse::General},
    NoteKind {"LINUX", 0x301, "NT_S390_TIMER", NoteUse::Structure},
    NoteKind {"LINUX", 0x302, "NT_S390_TODCMP", NoteUse::Structure},
    NoteKind {"LINUX", 0x303, "NT_S390_TODPREG", NoteUse::Structure},
    NoteKind {"LINUX", 0x304, "NT_S390_CTRS", NoteUse::Structure},
    NoteKind {"LINUX", 0x305, "NT_S390_PREFIX", NoteUse::Structure},
    NoteKind {"LINUX", 0x306, "NT_S390_LAST_BREAK", NoteUse::Structure},
    NoteKind {"LINUX", 0x307, "NT_S390_SYSTEM_CALL", NoteUse::Structure},
    NoteKind {"LINUX", 0x308, "NT_S390_TDB", NoteUse::General},
    NoteKind {"LINUX", 0x309, "NT_S390_VXRS_LOW", NoteUse::Vectors},
    NoteKind {"LINUX", 0x30a, "NT_S390_VXRS_HIGH", NoteUse::Vectors},
    NoteKind {"LINUX", 0x400, "NT_ARM_VFP", NoteUse::Vectors},
    NoteKind {"LINUX", 0x401, "NT_ARM_TLS", NoteUse::Structure},
    NoteKind {"LINUX", 0x402, "NT_ARM_HW_BREAK", NoteUse::Structure},
    NoteKind {"LINUX", 0x403, "NT_ARM_HW_WATCH", NoteUse::Structure},
    NoteKind {"LINUX", 0x404, "NT_ARM_SYSTEM_CALL", NoteUse::Structure},
    NoteKind {"LINUX", 0x405, "NT_ARM_SVE", NoteUse::Vectors},
    NoteKind {"LINUX", 0x406, "NT_ARM_PAC_MASK", NoteUse::Structure},
    NoteKind {"LINUX", 0x407, "NT_ARM_PACA_KEYS", NoteUse::Keys},
    NoteKind {"LINUX", 0x408, "NT_ARM_PACG_KEYS", NoteUse::Keys},
    NoteKind {"LINUX", 0x409, "NT_ARM_TAGGED_ADDR_CTRL", NoteUse::Structure},
    NoteKind {"LINUX", 0x40a, "NT_ARM_PAC_ENABLED_KEYS", NoteUse::Structure},
    NoteKind {"LINUX", 0x40b, "NT_ARM_SSVE", NoteUse::Vectors},
    NoteKind {"LINUX", 0x40c, "NT_ARM_ZA", NoteUse::Vectors},
    NoteKind {"LINUX", 0x40d, "NT_ARM_ZT", NoteUse::Vectors},
    NoteKind {"LINUX", 0x800, "NT_MIPS_DSP", NoteUse::Vectors},
    NoteKind {"LINUX", 0x801, "NT_MIPS_FP_MODE", NoteUse::Structure},
    NoteKind {"LINUX", 0x802, "NT_MIPS_MSA", NoteUse::Vectors},
    NoteKind {"LINUX", 0x900, "NT_RISCV_CSR", NoteUse::Structure},
    NoteKind {"LINUX", 0x901, "NT_RISCV_VECTOR", NoteUse::Vectors},
    NoteKind {"LINUX", 0xa00, "NT_LOONGARCH_CPUCFG", NoteUse::Structure},
    NoteKind {"LINUX", 0xa01, "NT_LOONGARCH_CSR", NoteUse::Structure},
    NoteKind {"LINUX", 0xa02, "NT_LOONGARCH_LSX", NoteUse::Vectors},
    NoteKind {"LINUX", 0xa03, "NT_LOONGARCH_LASX", NoteUse::Vectors},
    NoteKind {"GDB", 0xff000000, "NT_GDB_TDESC", NoteUse::Text},
    NoteKind {"VMCOREINFO", 0, "VMCOREINFO", NoteUse::Text},
};

constexpr NoteKind UnknownKind {"", 0, "", NoteUse::Unknown};

constexpr std::uint64_t padded(std::uint64_t size)
{
    return (size + 3) & ~std::uint64_t {3};
}

} // namespace

const NoteKind& noteKind(const ElfNote& note)
{
    const auto kind = std::find_if(Kinds.begin(), Kinds.end(), [&](const NoteKind& candidate) {
        return note.is(candidate.owner, candidate.type);
    });
    return kind == Kinds.end() ? UnknownKind : *kind;
}

void forEachNote(DumpBuilder& builder, const ElfHeader& header, std::uint64_t offset,
                 std::uint64_t size, const std::function<void(const ElfNote&)>& visit)
{
    if (offset >= builder.dump.size)
        return;
    const std::uint64_t end = offset + std::min(size, builder.dump.size - offset);
    while (end - offset >= HeaderSize && !builder.exhausted()) {
        const SecretBytes head = builder.read(offset, HeaderSize);
        ByteReader in = header.reader(head, offset);
        const std::uint64_t nameSize = in.u32();
        const std::uint64_t bodySize = in.u32();
        const std::uint32_t type = in.u32();
        if (!in.ok())
            return;
        std::uint64_t left = end - offset - HeaderSize;
        if (nameSize > LongestName || padded(nameSize) > left) {
            builder.diagnose(offset, "a note's name has an impossible size; "
                                     "the notes from here on are not understood", true);
            return;
        }
        const bool padding = nameSize == 0 && bodySize == 0 && type == 0;
        if (!padding)
            builder.structure(offset, HeaderSize + nameSize);

        ElfNote note;
        const SecretBytes name = builder.read(offset + HeaderSize, nameSize);
        note.owner = header.reader(name).text();
        note.type = type;
        note.offset = offset;
        note.bodyOffset = offset + HeaderSize + padded(nameSize);
        left -= padded(nameSize);
        note.bodySize = std::min(bodySize, left);
        if (!padding)
            visit(note);
        if (bodySize > left) {
            builder.diagnose(offset, "a note reaches past the end of its segment", true);
            return;
        }
        offset = note.bodyOffset + std::min(padded(bodySize), left);
    }
}

} // namespace coredact
