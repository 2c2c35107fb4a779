// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"
#include "scanner/dump/addressspace.h"
#include "scanner/dump/dump.h"
#include "scanner/formats/privatevalues.h"
#include "scanner/io/source.h"

#include <set>

namespace coredact {

/// Limits that keep the memory for any file bounded; what goes past one is told and left out.
namespace limits {
constexpr std::uint64_t Segments = 1U << 20;
constexpr std::uint64_t Regions = 1U << 20;
constexpr std::uint64_t Threads = 1U << 17;
constexpr std::uint64_t Modules = 1U << 17;
constexpr std::uint64_t Fields = 1U << 20;
constexpr std::uint64_t Diagnostics = 1000;
constexpr std::uint64_t MetadataBytes = 256U << 20; ///< read while opening, all together
constexpr std::uint64_t Text = 1U << 16; ///< one string
}

/// What a reader writes its understanding into: keeps the invariants of Dump, so that a reader
/// may hand on positions as the file has them. Reads metadata in bounded pieces.
/// Not thread-safe. The source must outlive it.
class DumpBuilder {
public:
    DumpBuilder(const Source& source, std::string format);

    Dump dump; ///< readers fill process, modules, threads and regions directly
    const Source& source() const { return m_source; }

    /// Up to `size` bytes from `offset`, fewer where the file ends or cannot be read (which is
    /// told). Nothing once MetadataBytes are used up, which is told once.
    SecretBytes read(std::uint64_t offset, std::uint64_t size);
    bool exhausted() const { return m_exhausted; }
    /// The same by address, as far as the memory is saved without a gap.
    SecretBytes readMemory(const AddressSpace& memory, std::uint64_t address, std::uint64_t size);

    /// Marks bytes that no plan may edit; the part inside the file counts.
    void structure(std::uint64_t offset, std::uint64_t size);
    void field(std::string name, std::uint64_t offset, std::uint64_t size, FieldKind kind);
    /// Marks parts of the text at `offset` as values of arguments or environment.
    void values(std::uint64_t offset, const std::vector<TextPart>& parts);
    void memoryValues(const AddressSpace& memory, std::uint64_t address,
                      const std::vector<TextPart>& parts);
    /// A field that lies in memory; the part that is saved without a gap counts.
    void memoryField(std::string_view name, const AddressSpace& memory, std::uint64_t address,
                     std::uint64_t size, FieldKind kind);
    /// Saved memory. False when nothing of it is in the file, or when the address wraps (told).
    bool segment(std::uint64_t address, std::uint64_t size, std::uint64_t offset, Access access);
    void diagnose(std::uint64_t offset, std::string message, bool incomplete = false);
    /// True when `count` has reached `limit`, which is told once for each `what`.
    bool full(std::uint64_t count, std::uint64_t limit, std::uint64_t offset,
              std::string_view what);

    /// Sorts what must be sorted, counts saved bytes, and gives the dump away.
    Dump finish();

private:
    std::optional<FileRange> inside(std::uint64_t offset, std::uint64_t size) const;
    SecretBytes fetch(std::uint64_t offset, std::uint64_t size);

    const Source& m_source;
    std::uint64_t m_budget = limits::MetadataBytes;
    std::uint64_t m_untold = 0; ///< diagnostics past the limit
    bool m_exhausted = false;
    std::set<std::string, std::less<>> m_toldFull;
    SecretBytes m_block; ///< the bytes around the last small read
    std::uint64_t m_blockOffset = 0;
};

} // namespace coredact
