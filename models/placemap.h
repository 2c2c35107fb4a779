// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/addressspace.h"
#include "scanner/dump/dump.h"
#include "scanner/scan/finding.h"

#include <QString>

#include <memory>

namespace coredact {

/// The kinds of places that people tell apart; what the filter and the colours go by.
enum class PlaceKind { Heap, Stack, File, Anonymous, Registers, Notes, Elsewhere };
constexpr int placeKindCount = 7;

QString placeKindText(PlaceKind kind); ///< "heap", "registers", ...

/// Says of file offsets and addresses of one dump what lies there. Immutable; keeps the dump, which
/// a document that opens its file anew lets go. Look-ups are O(log n).
class PlaceMap {
public:
    explicit PlaceMap(std::shared_ptr<const Dump> dump); ///< not null

    PlaceKind kindAt(std::uint64_t fileOffset) const;
    std::optional<std::uint64_t> addressOf(std::uint64_t fileOffset) const;
    /// Where the byte of an address lies in the file; nothing when it was not saved.
    std::optional<std::uint64_t> offsetOf(std::uint64_t address) const;
    /// The mapped region that holds an address, or nullptr.
    const Region* regionAt(std::uint64_t address) const;
    const Module* moduleAt(std::uint64_t address) const;
    /// Where the nearest region begins whose first saved byte lies after, or before, the address.
    std::optional<std::uint64_t> regionAfter(std::uint64_t address) const;
    std::optional<std::uint64_t> regionBefore(std::uint64_t address) const;
    /// "libcrypto.so.3+1a40", "[heap]+40", "" where nothing is known. Safe to show.
    QString describe(std::uint64_t address) const;
    const AddressSpace& memory() const { return m_memory; }

private:
    struct Run {
        FileRange file;
        PlaceKind kind;
    };
    std::shared_ptr<const Dump> m_dump;
    AddressSpace m_memory;
    std::vector<Run> m_fields; ///< sorted by first
    std::vector<Run> m_segments; ///< sorted by first
    std::vector<std::uint64_t> m_begins; ///< of what is saved of each region; sorted
};

/// The last part of a path: "/usr/lib/libc.so.6" gives "libc.so.6"; also for backslashes.
std::string_view fileName(std::string_view path);

} // namespace coredact
