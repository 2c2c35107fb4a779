// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/textruns.h"

#include <algorithm>
#include <array>

namespace coredact {

/// Bytes that one mask tells of, a bit each.
inline constexpr std::size_t maskedBytes = 64;

/// Masks of blocks one after the other, and room for two of what is no run behind them.
using MaskRow = std::array<std::uint64_t, 33 + 2>;
inline constexpr std::size_t fullRow = 33;

/// Puts runs together from rows of masks.
class RunBuilder {
public:
    RunBuilder(std::size_t begin, std::size_t least, std::vector<Zone>& zones)
        : m_at(begin)
        , m_least(least)
        , m_first(zones.size())
        , m_zones(zones)
    {
    }

    /// The next `count` masks of a row; it has one more, which the next row begins with.
    void add(const MaskRow& masks, std::size_t count);

private:
    static constexpr std::size_t none = SIZE_MAX;

    void takeFrom(std::uint64_t bits, std::uint64_t begins, std::size_t at);
    void take(std::size_t begin, std::size_t end);

    std::size_t m_at; ///< of the next row
    std::size_t m_least;
    std::size_t m_first;
    std::vector<Zone>& m_zones;
    std::size_t m_begin = none; ///< of the run that reaches the end of the last block
};

/// Adds the runs of `part` that are at least as long as `least`, in order, those near one another
/// as one zone. `masksOf(at, masks, count)` fills masks of whole blocks, `lastMask(at, size)`
/// answers that of fewer bytes.
template <typename MasksOf, typename LastMask>
void findRuns(ByteView bytes, const Zone& part, std::size_t least, const MasksOf& masksOf,
              const LastMask& lastMask, std::vector<Zone>& zones)
{
    RunBuilder builder(part.begin, least, zones);
    MaskRow masks;
    std::size_t held = 0; // masks that the row has
    std::size_t at = part.begin;
    while (at < part.end) {
        // A last block that is not full is filled from what stands behind, where something does.
        const std::size_t left = part.end - at;
        const std::size_t wanted = (left + maskedBytes - 1) / maskedBytes;
        const std::size_t whole = (bytes.size() - at) / maskedBytes;
        const std::size_t count = std::min({fullRow - held, wanted, whole});
        if (count == 0)
            masks[held++] = lastMask(at, left);
        masksOf(at, masks.data() + held, count);
        held += count;
        if (count == wanted && left % maskedBytes != 0)
            masks[held - 1] &= (std::uint64_t {1} << left % maskedBytes) - 1;
        at = count == 0 ? part.end : std::min(part.end, at + count * maskedBytes);
        if (held == fullRow) {
            builder.add(masks, held - 1);
            masks[0] = masks[held - 1];
            held = 1;
        }
    }
    masks[held] = 0;
    masks[held + 1] = 0;
    builder.add(masks, held + 1);
}

} // namespace coredact
