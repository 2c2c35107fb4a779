// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/dump/lanes.h"

#include <array>

namespace coredact {

namespace {

constexpr std::uint64_t registers = 16; ///< the upper sixteen of AVX-512 are saved in one piece
constexpr std::uint64_t lane = 16;
constexpr std::uint64_t upperHalf = 32;

/// Of an area as FXSAVE writes it the part that may be overwritten: x87's registers, then XMM's.
constexpr std::uint64_t legacySize = 384;
constexpr std::uint64_t firstXmm = 128;
/// From there to the extended area, whose header lies between: in a note, and at least in a
/// minidump's context, which has the area behind all else.
constexpr std::uint64_t gapInNote = 544;
constexpr std::uint64_t leastGapInContext = 1032;

/// Where the upper halves begin in the extended area, and how many bytes it has at least if it is
/// laid out so: on processors with bounds registers, which lie between, and on those without.
struct UpperHalves {
    std::uint64_t leastSize;
    std::uint64_t begin;
};
constexpr std::array upperHalves {UpperHalves {1088 + 1024, 1152 - 576},
                                  UpperHalves {832 + 1024, 896 - 576}};

Seam joined(std::uint64_t before, std::uint64_t after, std::uint64_t afterSize)
{
    return {*FileRange::make(before, lane), *FileRange::make(after, afterSize)};
}

/// Whether these are the legacy and the extended area of one thread's state.
bool belongTogether(const Field& legacy, const Field& extended)
{
    if (legacy.kind != FieldKind::VectorRegisters || extended.kind != FieldKind::VectorRegisters
        || legacy.name != extended.name || legacy.file.size() != legacySize
        || extended.file.first() < legacy.file.first())
        return false;
    const std::uint64_t gap = extended.file.first() - legacy.file.first();
    return gap == gapInNote || gap >= leastGapInContext;
}

void addSeams(const Field& legacy, const Field& extended, std::vector<Seam>& seams)
{
    const std::uint64_t xmm = legacy.file.first() + firstXmm;
    const std::uint64_t ymm = extended.file.first();
    const std::uint64_t size = extended.file.size();
    std::uint64_t zmm = 0;
    for (const UpperHalves& layout : upperHalves)
        if (zmm == 0 && size >= layout.leastSize)
            zmm = ymm + layout.begin;
    for (std::uint64_t i = 0; i < registers && (i + 1) * lane <= size; ++i) {
        Seam lower = joined(xmm + i * lane, ymm + i * lane, lane);
        if (zmm != 0) {
            seams.push_back(joined(ymm + i * lane, zmm + i * upperHalf, upperHalf));
            lower.beyond = seams.back().after;
        }
        seams.push_back(lower);
    }
}

} // namespace

std::vector<Seam> laneSeams(const Dump& dump)
{
    constexpr std::size_t partsOfState = 3;
    std::vector<Seam> seams;
    for (std::size_t i = 0; i < dump.fields.size(); ++i)
        for (std::size_t j = i + 1; j < dump.fields.size() && j <= i + partsOfState; ++j)
            if (belongTogether(dump.fields[i], dump.fields[j])) {
                addSeams(dump.fields[i], dump.fields[j], seams);
                break;
            }
    return seams;
}

} // namespace coredact
