// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/registers.h"

#include <algorithm>

namespace coredact {

std::vector<NamedRegister> namedRegisters(std::string_view list, std::uint64_t offset,
                                          unsigned size)
{
    std::vector<NamedRegister> registers;
    while (!list.empty()) {
        std::string_view name = list.substr(0, list.find(' '));
        list.remove_prefix(std::min(list.size(), name.size() + 1));
        const bool structural = name.back() == '!';
        if (structural)
            name.remove_suffix(1);
        registers.push_back({name, offset, structural});
        offset += size;
    }
    return registers;
}

std::vector<FieldPart> generalParts(std::span<const NamedRegister> registers, unsigned size)
{
    std::vector<FieldPart> parts;
    for (const NamedRegister& r : registers) {
        if (r.structural)
            continue;
        if (!parts.empty() && parts.back().end == r.offset)
            parts.back().end += size;
        else
            parts.push_back({r.offset, r.offset + size, FieldKind::GeneralRegisters});
    }
    return parts;
}

void divide(DumpBuilder& builder, std::uint64_t offset, std::uint64_t size,
            std::vector<FieldPart> parts, const std::string& name)
{
    std::sort(parts.begin(), parts.end(),
              [](const FieldPart& a, const FieldPart& b) { return a.begin < b.begin; });
    std::uint64_t position = 0;
    for (const FieldPart& part : parts) {
        const std::uint64_t begin = std::min(part.begin, size);
        const std::uint64_t end = std::min(part.end, size);
        builder.structure(offset + position, begin - position);
        builder.field(name, offset + begin, end - begin, part.kind);
        position = end;
    }
    builder.structure(offset + position, size - position);
}

bool readRegisters(Thread& thread, ByteReader in, std::span<const NamedRegister> registers,
                   unsigned size, std::string_view pc, std::string_view sp)
{
    for (const NamedRegister& r : registers) {
        in.seek(r.offset);
        const std::uint64_t value = in.word(size);
        if (!in.ok())
            return false;
        thread.registers.push_back({std::string(r.name), value});
        if (r.name == pc)
            thread.pc = value;
        if (r.name == sp)
            thread.sp = value;
    }
    return true;
}

} // namespace coredact
