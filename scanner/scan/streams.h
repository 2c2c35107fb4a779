// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/collector.h"
#include "scanner/scan/streamwalk.h"

#include <mutex>

namespace coredact {

class FormIndex;
class PresentWords;

/// The compressed streams of one dump: gathered while it is scanned, then unpacked from memory
/// order, however long they are, and looked at like the rest, with the streams that stand inside
/// them. What is found in one stands for the whole of it, header to trailer, or the whole text that
/// it is written in: with a part of it filled the rest could still be unpacked.
/// What comes out does not depend on threads and windows. The parts it is made of must outlive it.
class Streams {
public:
    Streams(const Source& source, const DataRuns& data, const Coverage& coverage,
            const WindowShape& shape, const StreamLimits& limits = {});

    /// Any thread.
    void add(std::span<const StreamStart> starts);
    /// Unpacks all that were added and gives what detectors and text rules see in them.
    void look(const RuleSet& rules, Collector& collector, unsigned threads,
              const JobControl& control);
    /// Where the values of an index stand in streams that `look` took, one place for each value and stream.
    /// What is found goes to `copies`, behind what is there.
    void addCopies(const FormIndex& index, unsigned threads, const JobControl& control,
                   std::vector<Copy>& copies) const;
    /// Adds each word that stands in them to those that `addCopies` can find.
    void addWords(PresentWords& words, unsigned threads, const JobControl& control) const;
    /// What was not unpacked though it is a stream.
    const std::vector<IncompleteRange>& incomplete() const { return m_incomplete; }
    /// What could not be read while streams were unpacked. Not while they are.
    const std::vector<Unreadable>& unreadable() const { return m_unreadable; }

private:
    struct Stream {
        StreamTree tree;
        std::size_t extent = 0;
        std::uint64_t position = 0; ///< in the extent
    };

    FeedMaker feedOf(const Stream& stream) const;
    std::vector<FileRange> memberOf(const Stream& stream, StreamWalk& walk) const;
    void keepFirst();
    void locate();
    std::size_t settle();
    void tellOf(const StreamTree& tree);

    const Source& m_source;
    const DataRuns& m_data;
    const Coverage& m_coverage;
    WindowShape m_shape;
    StreamLimits m_limits;
    std::mutex m_mutex;
    std::vector<StreamStart> m_starts; ///< under the mutex
    std::optional<std::uint64_t> m_firstLeft; ///< where the first start is that was dropped
    std::vector<Stream> m_streams;
    std::vector<IncompleteRange> m_incomplete;
    mutable std::mutex m_unreadableMutex;
    mutable std::vector<Unreadable> m_unreadable; ///< under the mutex
};

} // namespace coredact
