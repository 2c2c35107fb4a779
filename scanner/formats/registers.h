// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/formats/dumpbuilder.h"

#include <span>
#include <vector>

namespace coredact {

/// A register in a thread's saved state.
struct NamedRegister {
    std::string_view name;
    std::uint64_t offset; ///< in the saved state
    /// A debugger needs it for its frames: program counter, stack and frame pointer, return
    /// address, flags, segments.
    bool structural;
};

/// From names with a blank between, "!" behind a structural one; each `size` bytes wide, the
/// first at `offset`. The names point into `list`.
std::vector<NamedRegister> namedRegisters(std::string_view list, std::uint64_t offset,
                                          unsigned size);

/// Bytes [begin, end) of a thread's saved state that may be overwritten.
struct FieldPart {
    std::uint64_t begin;
    std::uint64_t end;
    FieldKind kind;
};
constexpr std::uint64_t ToTheEnd = ~std::uint64_t {0};

/// The runs of registers that are not structural.
std::vector<FieldPart> generalParts(std::span<const NamedRegister> registers, unsigned size);

/// Marks the parts of [offset, offset + size) of the file as fields, all of the rest as
/// structure. Parts are cut to the size; they must not overlap.
void divide(DumpBuilder& builder, std::uint64_t offset, std::uint64_t size,
            std::vector<FieldPart> parts, const std::string& name);

/// Reads registers of `size` bytes into the thread; `pc` and `sp` are names. False when the
/// bytes end before the last one; those before are kept.
bool readRegisters(Thread& thread, ByteReader in, std::span<const NamedRegister> registers,
                   unsigned size, std::string_view pc, std::string_view sp);

} // namespace coredact
