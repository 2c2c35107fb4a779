// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/bytemasks.h"
#include "scanner/scan/viewbuffer.h"

namespace coredact {

/// The UTF-16 and UTF-32 text of a window, narrowed to bytes: runs of at least 6 printable ASCII
/// characters with zeros between them, and letters and signs that ASCII does not have behind these:
/// those of Latin-1 as one byte, others in UTF-8. Such a run of UTF-16 reads as either byte order;
/// it counts as little-endian where its characters stand at even file offsets or something else
/// than a zero stands before it, as big-endian otherwise. In decoded views, which have no
/// alignment, as little-endian unless a zero is their first byte. UTF-32 counts as big-endian where
/// three zeros stand before it and its first character is the last of four bytes that are aligned
/// in the file.
class WideViews {
public:
    explicit WideViews(const Window& window);

    /// Takes the runs that show in the next 64 bytes of the window, which begin at `at`. Finds
    /// where they are as long as counts without a branch for each byte: where runs of half as many
    /// characters end, and one before them. The last character of a big-endian run need not have a
    /// zero after it, so five are enough for a look.
    void look(std::size_t at, const ByteMasks& masks)
    {
        const std::uint64_t pairs = moved(masks.text, m_text, 1) & masks.zero;
        if ((pairs | m_pairs) != 0) {
            const std::uint64_t two = pairs & moved(pairs, m_pairs, 2);
            const std::uint64_t four = two & moved(two, m_two, 4);
            if (const std::uint64_t five = four & moved(pairs, m_pairs, 8); five != 0)
                takePairs(at, five);
            lookAt32(at, masks, pairs);
            m_two = two;
        } else {
            m_two = m_units = m_twoUnits = 0;
        }
        m_text = masks.text;
        m_zero = masks.zero;
        m_pairs = pairs;
    }

    ViewBuffer little;
    ViewBuffer big;
    ViewBuffer little32;
    ViewBuffer big32;
    /// Runs of `little` without their first character, where it may be the last one of a text of
    /// single bytes: "abcx\0" right before "g\0h\0" reads as "xgh".
    ViewBuffer behindText;

private:
    void lookAt32(std::size_t at, const ByteMasks& masks, std::uint64_t pairs)
    {
        const std::uint64_t units
            = moved(pairs, m_pairs, 2) & moved(masks.zero, m_zero, 1) & masks.zero;
        const std::uint64_t two = units & moved(units, m_units, 4);
        const std::uint64_t four = two & moved(two, m_twoUnits, 8);
        if (const std::uint64_t six = four & moved(two, m_twoUnits, 16); six != 0)
            takeUnits(at, six);
        m_units = units;
        m_twoUnits = two;
    }
    void takePairs(std::size_t at, std::uint64_t ends);
    void takeUnits(std::size_t at, std::uint64_t ends);
    std::size_t takeRun(std::size_t begin);
    std::size_t takeRun32(std::size_t begin);
    bool isBigEndian(std::size_t begin) const;
    bool isBigEndian32(std::size_t begin) const;
    std::size_t takeForeign(std::size_t begin, std::size_t end, bool isBig);
    std::uint32_t codeAt(std::size_t at, bool isBig) const;
    std::size_t endOfForeign(std::size_t end, bool isBig) const;
    void put(ViewBuffer& buffer, std::size_t begin, std::size_t count, std::size_t width);
    void putForeign(ViewBuffer& buffer, std::size_t begin, std::size_t end, bool isBig);

    Window m_window;
    ByteView m_bytes;
    // The last block's masks, and where runs of so many characters end.
    std::uint64_t m_text = 0;
    std::uint64_t m_zero = 0;
    std::uint64_t m_pairs = 0;
    std::uint64_t m_two = 0;
    std::uint64_t m_units = 0;
    std::uint64_t m_twoUnits = 0;
    std::size_t m_end = 0; ///< what lies before it was taken
    std::size_t m_end32 = 0;
};

} // namespace coredact
