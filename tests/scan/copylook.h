// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/propagate.h"
#include "tests/redact/planting.h"

namespace coredact::test {

inline std::vector<Copy> copiesIn(const Source& source, const Dump& dump,
                                  const std::vector<SecretValue>& values, unsigned threads = 1)
{
    const auto copies = findCopies(source, dump, values, {threads}, JobControl());
    return copies ? *copies : std::vector<Copy>();
}

inline std::vector<Copy> copiesIn(const PlantedFile& file, const std::vector<SecretValue>& values)
{
    return copiesIn(file.source(), file.dump(), values);
}

/// The bytes of a file that no copy covers, the others replaced by NUL.
inline QByteArray leftOf(const PlantedFile& file, const std::vector<Copy>& copies)
{
    QByteArray left = file.bytes();
    for (const Copy& copy : copies)
        for (const FileRange& piece : copy.pieces)
            for (std::uint64_t at = piece.first(); at <= piece.last(); ++at)
                left[static_cast<qsizetype>(at)] = '\0';
    return left;
}

inline bool covers(const std::vector<Copy>& copies, const FileRange& wanted)
{
    std::vector<FileRange> pieces;
    for (const Copy& copy : copies)
        pieces.insert(pieces.end(), copy.pieces.begin(), copy.pieces.end());
    for (const FileRange& piece : normalised(pieces))
        if (piece.contains(wanted))
            return true;
    return false;
}

} // namespace coredact::test
