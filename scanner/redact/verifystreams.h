// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/coverage.h"
#include "scanner/io/source.h"
#include "scanner/redact/needles.h"

#include <atomic>
#include <string>

namespace coredact {

/// A needle in a compressed stream of a copy.
struct LeftInStream {
    std::uint64_t offset; ///< of the stream
    std::string codec; ///< "gzip"; "gzip+base64+zlib" where it stands in a stream inside
    Needles::Match match;
};

/// Looks for needles in the compressed streams of a copy, and in those inside them: those that
/// stand in one piece of the file, as they are or in base64, complete or unpacked far enough to be
/// none by chance. Takes 64 MiB of each and 8 GiB of all. A little less than the scan looks into,
/// so that both never disagree. Any thread.
class StreamSearch {
public:
    static constexpr std::uint64_t mostOfAll = std::uint64_t {8} << 30;

    /// Copy, needles and `kept`, whose streams are not looked into, must outlive it. `most`: bytes
    /// given or taken, whichever is more, behind which no further stream is looked into.
    StreamSearch(const Source& copy, const Seeker& seeker, const std::vector<FileRange>& kept,
                 std::uint64_t most = mostOfAll);

    /// Streams may go on to the end of one of these pieces only.
    void setPieces(const Coverage& coverage);
    /// Adds the first needle of each stream that begins in [begin, end) of `bytes`, whose first
    /// one is at `offset` of the file. 17 bytes after `end` must be readable.
    Status look(const std::uint8_t* bytes, std::size_t begin, std::size_t end, std::uint64_t offset,
                std::vector<LeftInStream>& left) const;
    /// How many streams were unpacked, and whether all of them were to their end.
    std::size_t streams() const { return m_streams; }
    bool all() const { return m_all; }

private:
    Status lookInto(std::uint64_t begin, bool inText, std::vector<LeftInStream>& left) const;
    const FileRange* pieceAt(std::uint64_t offset) const;

    const Source& m_copy;
    const Seeker& m_seeker;
    const std::vector<FileRange>& m_kept;
    std::uint64_t m_most;
    std::vector<FileRange> m_pieces;
    mutable std::atomic<std::uint64_t> m_cost = 0; ///< bytes given or taken
    mutable std::atomic<std::size_t> m_streams = 0;
    mutable std::atomic<bool> m_all = true;
};

} // namespace coredact
