// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/elfmachine.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

constexpr std::uint16_t MipsMachine = 8;
constexpr std::uint64_t LeastMipsN32Status = 440;

constexpr std::string_view X86_64 = "r15 r14 r13 r12 rbp! rbx r11 r10 r9 r8 rax rcx rdx rsi rdi "
                                    "orig_rax! rip! cs! eflags! rsp! ss! fs_base! gs_base! ds! "
                                    "es! fs! gs!";
constexpr std::string_view I386
    = "ebx ecx edx esi edi ebp! eax ds! es! fs! gs! orig_eax! eip! cs! eflags! esp! ss!";
constexpr std::string_view Aarch64
    = "x0 x1 x2 x3 x4 x5 x6 x7 x8 x9 x10 x11 x12 x13 x14 x15 x16 x17 x18 x19 x20 x21 x22 x23 x24 "
      "x25 x26 x27 x28 x29! x30! sp! pc! pstate!";
constexpr std::string_view Arm
    = "r0 r1 r2 r3 r4 r5 r6 r7! r8 r9 r10 r11! r12 sp! lr! pc! cpsr! orig_r0!";
constexpr std::string_view PowerPc
    = "r0 r1! r2! r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 r13! r14 r15 r16 r17 r18 r19 r20 r21 r22 r23 "
      "r24 r25 r26 r27 r28 r29 r30 r31! pc! msr! orig_r3! ctr lr! xer! cr!";
constexpr std::string_view S390
    = "pswm! pswa! r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11! r12 r13 r14! r15!";
constexpr std::string_view Mips
    = "r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 r13 r14 r15 r16 r17 r18 r19 r20 r21 r22 r23 r24 "
      "r25 r26 r27 gp! sp! fp! ra! lo hi pc! badvaddr! status! cause!";
constexpr std::string_view RiscV
    = "pc! ra! sp! gp! tp! t0 t1 t2 fp! s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 "
      "s11 t3 t4 t5 t6";
constexpr std::string_view LoongArch
    = "r0 ra! tp! sp! r4 r5 r6 r7 r8 r9 r10 r11 r12 r13 r14 r15 r16 r17 r18 r19 r20 r21 fp! r23 "
      "r24 r25 r26 r27 r28 r29 r30 r31 orig_a0! pc! badv!";
constexpr std::string_view Sparc64
    = "g0 g1 g2 g3 g4 g5 g6 g7! o0 o1 o2 o3 o4 o5 sp! o7! l0 l1 l2 l3 l4 l5 l6 l7 i0 i1 i2 i3 i4 "
      "i5 fp! i7! state! pc! npc! y!";
constexpr std::string_view M68k
    = "d1 d2 d3 d4 d5 d6 d7 a0 a1 a2 a3 a4 a5 fp! d0 sp! orig_d0! sr! pc! fmtvec!";
constexpr std::string_view Alpha
    = "r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 r13 r14 r15! r16 r17 r18 r19 r20 r21 r22 r23 r24 "
      "r25 ra! r27 r28 gp! sp! pc! unique!";
constexpr std::string_view Parisc
    = "r0 r1 rp! r3! r4 r5 r6 r7 r8 r9 r10 r11 r12 r13 r14 r15 r16 r17 r18 r19 r20 r21 r22 r23 r24 "
      "r25 r26 dp! r28 r29 sp! r31 sr0! sr1! sr2! sr3! sr4! sr5! sr6! sr7! pc! npc!";

constexpr std::array Layouts {
    StatusLayout {62, 8, false, "x86_64", 32, 112, 8, "rip", "rsp", X86_64},
    StatusLayout {62, 4, false, "x32", 24, 72, 8, "rip", "rsp", X86_64},
    StatusLayout {3, 4, false, "i386", 24, 72, 4, "eip", "esp", I386},
    StatusLayout {183, 8, false, "aarch64", 32, 112, 8, "pc", "sp", Aarch64},
    StatusLayout {40, 4, false, "arm", 24, 72, 4, "pc", "sp", Arm},
    StatusLayout {21, 8, false, "ppc64", 32, 112, 8, "pc", "r1", PowerPc},
    StatusLayout {20, 4, false, "ppc", 24, 72, 4, "pc", "r1", PowerPc},
    StatusLayout {22, 8, false, "s390x", 32, 112, 8, "pswa", "r15", S390},
    StatusLayout {22, 4, false, "s390", 24, 72, 4, "pswa", "r15", S390},
    StatusLayout {8, 8, false, "mips64", 32, 112, 8, "pc", "sp", Mips},
    StatusLayout {8, 4, false, "mips", 24, 96, 4, "pc", "sp", Mips},
    StatusLayout {8, 4, true, "mipsn32", 24, 72, 8, "pc", "sp", Mips},
    StatusLayout {243, 8, false, "riscv64", 32, 112, 8, "pc", "sp", RiscV},
    StatusLayout {243, 4, false, "riscv32", 24, 72, 4, "pc", "sp", RiscV},
    StatusLayout {258, 8, false, "loongarch64", 32, 112, 8, "pc", "sp", LoongArch},
    StatusLayout {43, 8, false, "sparc64", 32, 112, 8, "pc", "sp", Sparc64},
    StatusLayout {4, 4, false, "m68k", 22, 70, 4, "pc", "sp", M68k},
    StatusLayout {0x9026, 8, false, "alpha", 32, 112, 8, "pc", "sp", Alpha},
    StatusLayout {15, 4, false, "hppa", 24, 72, 4, "pc", "sp", Parisc},
};

} // namespace

const StatusLayout* statusLayout(const ElfHeader& header, std::uint64_t statusSize)
{
    const bool newAbi = header.machine == MipsMachine && header.wordSize == 4
        && statusSize >= LeastMipsN32Status;
    const auto layout = std::find_if(Layouts.begin(), Layouts.end(), [&](const auto& candidate) {
        return candidate.machine == header.machine && candidate.wordSize == header.wordSize
            && candidate.newAbi == newAbi;
    });
    return layout == Layouts.end() ? nullptr : &*layout;
}

std::string architectureName(const ElfHeader& header)
{
    const StatusLayout* layout = statusLayout(header);
    // QEMU: a guest that is not in long mode is i386, but where it has more than 4 GiB, the file has
    // 64-bit words.
    const auto any = std::find_if(Layouts.begin(), Layouts.end(), [&](const auto& candidate) {
        return candidate.machine == header.machine;
    });
    if (!layout && any == Layouts.end())
        return "machine " + std::to_string(header.machine);
    std::string name(layout ? layout->architecture : any->architecture);
    if (name == "ppc64" && header.order == ByteOrder::Little)
        name += "le";
    return name;
}

} // namespace coredact
