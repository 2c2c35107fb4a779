// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/formats/format.h"
#include "tests/support/filebuilder.h"

#include <algorithm>

namespace coredact::test {

inline Dump dumpOf(const FileBuilder& file)
{
    return *readDump(file.source(), JobControl());
}

inline const Field* fieldNamed(const Dump& dump, std::string_view name, std::size_t which = 0)
{
    for (const Field& field : dump.fields)
        if (field.name == name && which-- == 0)
            return &field;
    return nullptr;
}

inline const Region* regionAt(const Dump& dump, std::uint64_t address)
{
    for (const Region& region : dump.regions)
        if (region.memory.contains(address))
            return &region;
    return nullptr;
}

/// The text of a file range.
inline std::string textAt(const FileBuilder& file, const FileRange& range)
{
    const auto begin
        = file.content().begin() + static_cast<std::ptrdiff_t>(range.first());
    return {begin, begin + static_cast<std::ptrdiff_t>(range.size())};
}

inline bool structural(const Dump& dump, std::uint64_t offset)
{
    return std::any_of(dump.structure.begin(), dump.structure.end(),
                       [&](const FileRange& range) { return range.contains(offset); });
}

/// Whether all of [offset, offset + size) is structure, or none of it.
inline bool allStructural(const Dump& dump, std::uint64_t offset, std::uint64_t size)
{
    for (std::uint64_t i = 0; i < size; ++i)
        if (!structural(dump, offset + i))
            return false;
    return true;
}
inline bool noneStructural(const Dump& dump, const FileRange& range)
{
    for (std::uint64_t at = range.first(); at <= range.last(); ++at)
        if (structural(dump, at))
            return false;
    return true;
}

inline bool told(const Dump& dump, std::string_view part)
{
    return std::any_of(dump.diagnostics.begin(), dump.diagnostics.end(), [&](const auto& d) {
        return d.message.find(part) != std::string::npos;
    });
}

} // namespace coredact::test
