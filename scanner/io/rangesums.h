// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"
#include "scanner/base/range.h"
#include "scanner/base/result.h"
#include "scanner/base/securebuffer.h"

#include <array>
#include <memory>
#include <vector>

namespace coredact {

/// Sums of ranges of a file, to tell later whether the bytes are still the same although size and
/// times are. Each is a GMAC (NIST SP 800-38D) under a key that is made here and never leaves the
/// process, with the range's first offset as nonce: who does not know the key cannot change bytes
/// so that their sum stays, and a sum says nothing of the bytes. Pages of one repeated byte enter
/// by that byte alone, so that they cost no more than a look.
///
/// Filled by one thread, then settled, then read by any.
class RangeSums {
public:
    using Sum = std::array<std::uint8_t, 16>;

    /// Throws std::bad_alloc when there is no randomness for a key.
    RangeSums();

    /// Makes sums, from any thread and one after the other. The sums must outlive it.
    class Maker {
    public:
        explicit Maker(const RangeSums& sums);
        ~Maker();
        Maker(Maker&& other) noexcept;

        /// The sum of a range whose bytes are these.
        Sum of(const FileRange& range, ByteView bytes);

        /// The same for bytes that come piece by piece: `begin`, then pages of 4096 bytes of which
        /// the last may be shorter, then `end`.
        void begin(std::uint64_t first);
        void addPage(ByteView page);
        Sum end();

    private:
        struct State;
        std::unique_ptr<State> m_state;
    };

    void add(const FileRange& range, const Sum& sum) { m_entries.push_back({range, sum}); }
    /// A range that could not be read: its sum agrees with nothing.
    void addUnreadable(const FileRange& range);
    /// Puts the ranges in order. They must not overlap.
    void settle();

    /// Compares a file, from its beginning to its end, with the sums. Bytes that have none must
    /// be zeros.
    class Check {
    public:
        explicit Check(const RangeSums& sums);
        /// The next bytes of the file. Fails with ErrorCode::Changed and the offset of a range that
        /// differs once its last byte has passed.
        Status pass(ByteView bytes);
        /// The next `count` bytes of the file are zeros.
        Status passZeros(std::uint64_t count);

    private:
        /// How many bytes are left of the range that is under way, or of the gap before the next.
        std::uint64_t untilNext() const;
        void addToRange(ByteView bytes);
        Status endRange();

        const RangeSums& m_sums;
        Maker m_maker;
        std::size_t m_next = 0; ///< index of the range that is under way, or comes next
        bool m_underWay = false;
        std::uint64_t m_offset = 0;
        SecureBuffer m_page; ///< the beginning of a page whose rest is still to come
        std::size_t m_held = 0;
    };

private:
    struct Entry {
        FileRange range;
        Sum sum;
    };

    std::array<std::uint8_t, 32> m_key {};
    std::vector<Entry> m_entries;
};

} // namespace coredact
