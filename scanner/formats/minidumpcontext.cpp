// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/minidumpstate.h"
#include "scanner/formats/registers.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

/// CONTEXT of one processor: winnt.h, and Breakpad's minidump_cpu_*.h.
struct ContextLayout {
    std::uint16_t processor;
    std::string_view architecture;
    unsigned wordSize;
    std::uint64_t size; ///< of a context that has all parts below
    std::uint64_t registersOffset;
    unsigned registerSize;
    std::string_view pc;
    std::string_view sp;
    std::string_view registers;
    std::array<FieldPart, 3> others; ///< vector registers and the like; unused ones are empty
};

constexpr FieldPart vectors(std::uint64_t begin, std::uint64_t end)
{
    return {begin, end, FieldKind::VectorRegisters};
}
constexpr FieldPart Nothing {0, 0, FieldKind::Opaque};
constexpr FieldPart HomeArguments {0, 0x30, FieldKind::GeneralRegisters};

constexpr std::uint16_t Amd64 = 9;
constexpr std::uint64_t Amd64Size = 1232;

constexpr std::string_view I386Registers
    = "gs! fs! es! ds! edi esi ebx edx ecx eax ebp! eip! cs! eflags! esp! ss!";
constexpr std::string_view Amd64Registers
    = "rax rcx rdx rbx rsp! rbp! rsi rdi r8 r9 r10 r11 r12 r13 r14 r15 rip!";
constexpr std::string_view ArmRegisters
    = "r0 r1 r2 r3 r4 r5 r6 r7! r8 r9 r10 r11! r12 sp! lr! pc! cpsr!";
constexpr std::string_view Arm64Registers
    = "x0 x1 x2 x3 x4 x5 x6 x7 x8 x9 x10 x11 x12 x13 x14 x15 x16 x17 x18 x19 x20 x21 x22 x23 x24 "
      "x25 x26 x27 x28 fp! lr! sp! pc!";
constexpr std::string_view PowerPcRegisters
    = "pc! msr! r0 r1! r2! r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 r13! r14 r15 r16 r17 r18 r19 r20 r21 "
      "r22 r23 r24 r25 r26 r27 r28 r29 r30 r31!";
constexpr std::string_view MipsRegisters
    = "r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 r13 r14 r15 r16 r17 r18 r19 r20 r21 r22 r23 r24 "
      "r25 r26 r27 gp! sp! fp! ra! hi lo hi1 hi2 hi3 lo1 lo2 lo3 dsp! pc!";
constexpr std::string_view SparcRegisters
    = "g0 g1 g2 g3 g4 g5 g6 g7! o0 o1 o2 o3 o4 o5 sp! o7! l0 l1 l2 l3 l4 l5 l6 l7 i0 i1 i2 i3 i4 "
      "i5 fp! i7! ccr! pc! npc!";

constexpr std::array Layouts {
    // FLOATING_SAVE_AREA keeps seven control words first; ExtendedRegisters is FXSAVE.
    ContextLayout {0, "i386", 4, 716, 140, 4, "eip", "esp", I386Registers,
                   {vectors(56, 136), vectors(236, 620), Nothing}},
    ContextLayout {Amd64, "x86_64", 8, Amd64Size, 0x78, 8, "rip", "rsp", Amd64Registers,
                   {HomeArguments, vectors(0x120, 0x2a0), vectors(0x300, 0x4a0)}},
    ContextLayout {5, "arm", 4, 336, 4, 4, "pc", "sp", ArmRegisters,
                   {vectors(80, 336), Nothing, Nothing}},
    ContextLayout {12, "aarch64", 8, 792, 8, 8, "pc", "sp", Arm64Registers,
                   {vectors(272, 784), Nothing, Nothing}},
    ContextLayout {0x8003, "aarch64", 8, 796, 8, 8, "pc", "sp", Arm64Registers,
                   {vectors(284, 796), Nothing, Nothing}},
    ContextLayout {3, "ppc", 4, 140, 4, 4, "pc", "r1", PowerPcRegisters,
                   {vectors(176, 432), vectors(448, ToTheEnd), Nothing}},
    ContextLayout {0x8002, "ppc64", 8, 280, 8, 8, "pc", "r1", PowerPcRegisters,
                   {vectors(312, 568), vectors(584, ToTheEnd), Nothing}},
    ContextLayout {1, "mips", 4, 344, 8, 8, "pc", "sp", MipsRegisters,
                   {vectors(352, 608), Nothing, Nothing}},
    ContextLayout {0x8004, "mips64", 8, 344, 8, 8, "pc", "sp", MipsRegisters,
                   {vectors(352, 608), Nothing, Nothing}},
    ContextLayout {0x8001, "sparc", 4, 288, 8, 8, "pc", "sp", SparcRegisters,
                   {vectors(312, 568), Nothing, Nothing}},
};

const ContextLayout* layoutOf(std::uint16_t processor)
{
    const auto layout = std::find_if(Layouts.begin(), Layouts.end(), [&](const ContextLayout& l) {
        return l.processor == processor;
    });
    return layout == Layouts.end() ? nullptr : &*layout;
}

/// Behind an amd64 CONTEXT may lie a CONTEXT_EX that tells where the XSAVE area is: its own
/// header of 64 bytes stays, the registers behind it may go.
std::vector<FieldPart> extendedParts(const MinidumpState& state, ByteView bytes)
{
    constexpr std::uint64_t XsaveHeaderSize = 64;
    constexpr std::uint64_t ExtensionSize = 24;
    ByteReader in = state.reader(bytes);
    in.seek(Amd64Size + 16); // CONTEXT_EX: All, Legacy, XState, each offset and length
    const std::uint64_t offset = in.u32();
    const std::uint64_t size = in.u32();
    const std::uint64_t begin = Amd64Size + offset + XsaveHeaderSize;
    if (!in.ok() || offset < ExtensionSize || size < XsaveHeaderSize || begin >= bytes.size())
        return {vectors(Amd64Size + ExtensionSize, ToTheEnd)};
    return {vectors(begin, begin + (size - XsaveHeaderSize))};
}

} // namespace

std::string processorName(std::uint16_t processor)
{
    const ContextLayout* layout = layoutOf(processor);
    return layout ? std::string(layout->architecture) : "processor " + std::to_string(processor);
}

unsigned processorWordSize(std::uint16_t processor)
{
    const ContextLayout* layout = layoutOf(processor);
    return layout ? layout->wordSize : 8;
}

void readContext(DumpBuilder& builder, const MinidumpState& state, const MinidumpContext& context,
                 Thread& thread)
{
    if (context.size == 0)
        return;
    const std::string name = "context, thread " + std::to_string(thread.id);
    const ContextLayout* layout = state.processor ? layoutOf(*state.processor) : nullptr;
    const SecretBytes bytes = builder.read(context.offset, std::min(context.size, limits::Text));
    if (bytes.size() < context.size)
        builder.diagnose(context.offset, "a thread's registers are cut off", true);
    if (!layout || context.size < layout->size) {
        builder.field(name, context.offset, context.size, FieldKind::GeneralRegisters);
        if (layout)
            builder.diagnose(context.offset, "a thread's registers have an unknown layout", true);
        return;
    }
    const auto registers
        = namedRegisters(layout->registers, layout->registersOffset, layout->registerSize);
    thread.registers.clear();
    readRegisters(thread, state.reader(bytes, context.offset), registers, layout->registerSize,
                  layout->pc, layout->sp);
    std::vector<FieldPart> parts = generalParts(registers, layout->registerSize);
    for (const FieldPart& part : layout->others)
        if (part.begin < part.end)
            parts.push_back(part);
    if (layout->processor == Amd64 && context.size > Amd64Size)
        for (const FieldPart& part : extendedParts(state, bytes))
            parts.push_back(part);
    divide(builder, context.offset, context.size, std::move(parts), name);
}

} // namespace coredact
