// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/elfcorestate.h"
#include "scanner/formats/elfmachine.h"
#include "scanner/formats/registers.h"

namespace coredact {

namespace {

constexpr std::uint64_t LargestStatus = 4096;

constexpr std::uint16_t I386 = 3;
constexpr std::uint16_t PowerPc64 = 21;
constexpr std::uint16_t S390 = 22;
constexpr std::uint16_t Arm = 40;
constexpr std::uint16_t X86_64 = 62;
constexpr std::uint16_t Aarch64 = 183;

/// FXSAVE keeps FCW to MXCSR_MASK before byte 32, and what software and XSAVE use from 416 on.
constexpr FieldPart FxsaveRegisters {32, 416, FieldKind::VectorRegisters};
constexpr std::uint64_t XsaveHeaderEnd = 576;

/// The bytes of a register note that may be overwritten: registers, and no control words. Layouts
/// from each architecture's `user.h` and `ptrace.h`; a note that is not listed is all registers.
std::vector<FieldPart> vectorParts(const ElfHeader& header, std::string_view name)
{
    const bool intel = header.machine == X86_64 || header.machine == I386;
    if (name == "NT_X86_XSTATE")
        return {FxsaveRegisters, {XsaveHeaderEnd, ToTheEnd, FieldKind::VectorRegisters}};
    if (name == "NT_PRXFPREG" || (name == "NT_FPREGSET" && header.machine == X86_64))
        return {FxsaveRegisters};
    if (name == "NT_FPREGSET" && intel)
        return {{28, 108, FieldKind::VectorRegisters}}; // after seven control words of FSAVE
    if (name == "NT_FPREGSET" && header.machine == Aarch64)
        return {{0, 512, FieldKind::VectorRegisters}}; // then FPSR, FPCR
    if (name == "NT_FPREGSET" && header.machine == Arm)
        return {{0, 96, FieldKind::VectorRegisters}}; // then FPSR, FPCR and types
    if (name == "NT_FPREGSET" && header.machine == PowerPc64)
        return {{0, 256, FieldKind::VectorRegisters}}; // then FPSCR
    if (name == "NT_FPREGSET" && header.machine == S390)
        return {{8, ToTheEnd, FieldKind::VectorRegisters}}; // after the control word
    if (name == "NT_PPC_VMX")
        return {{0, 512, FieldKind::VectorRegisters}}; // then VSCR, VRSAVE
    if (name == "NT_ARM_VFP")
        return {{0, 256, FieldKind::VectorRegisters}}; // then FPSCR
    if (name == "NT_ARM_SVE" || name == "NT_ARM_SSVE" || name == "NT_ARM_ZA")
        return {{16, ToTheEnd, FieldKind::VectorRegisters}}; // after sizes and flags
    return {{0, ToTheEnd, FieldKind::VectorRegisters}};
}

/// The bit that tells the mode is no part of the address: ARM's lowest (Thumb), the top one of a
/// 31-bit s390 program status word.
std::uint64_t withoutMode(const StatusLayout& layout, std::uint64_t pc)
{
    if (layout.architecture == "s390")
        return pc & 0x7fffffffU;
    return layout.architecture == "arm" ? pc & ~std::uint64_t {1} : pc;
}

} // namespace

std::string threadFieldName(const DumpBuilder& builder, std::string_view name)
{
    std::string text(name);
    if (!builder.dump.threads.empty())
        text += ", thread " + std::to_string(builder.dump.threads.back().id);
    return text;
}

void readThread(DumpBuilder& builder, const ElfCoreState& state, const ElfNote& note)
{
    if (builder.full(builder.dump.threads.size(), limits::Threads, note.offset, "threads"))
        return;
    const StatusLayout* layout = statusLayout(state.header, note.bodySize);
    const bool wide = state.header.wordSize == 8;
    const SecretBytes body = builder.read(note.bodyOffset, std::min(note.bodySize, LargestStatus));
    ByteReader in = state.header.reader(body, note.bodyOffset);
    in.skip(12); // pr_info
    const std::uint16_t signal = in.u16();
    in.seek(layout ? layout->pidOffset : (wide ? 32 : 24));
    Thread thread;
    thread.id = in.u32();
    if (!in.ok()) {
        builder.diagnose(note.offset, "a thread's status is too short to hold its id", true);
        return;
    }
    // The kernel writes the signal into every thread's status; the first one is it that crashed.
    if (builder.dump.threads.empty() && signal != 0)
        thread.signal = signal;
    std::vector<FieldPart> parts;
    if (layout) {
        const auto registers = namedRegisters(layout->registers, layout->registersOffset,
                                              layout->registerSize);
        parts = generalParts(registers, layout->registerSize);
        in = state.header.reader(body, note.bodyOffset);
        if (!readRegisters(thread, in, registers, layout->registerSize, layout->pc, layout->sp))
            builder.diagnose(note.offset, "a thread's registers are cut off", true);
        thread.pc = withoutMode(*layout, thread.pc);
    }
    builder.dump.threads.push_back(std::move(thread));
    divide(builder, note.bodyOffset, note.bodySize, std::move(parts),
           threadFieldName(builder, "NT_PRSTATUS"));
}

void addVectorRegisters(DumpBuilder& builder, const ElfCoreState& state, const ElfNote& note,
                        std::string_view name)
{
    divide(builder, note.bodyOffset, note.bodySize, vectorParts(state.header, name),
           threadFieldName(builder, name));
}

} // namespace coredact
