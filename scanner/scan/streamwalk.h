// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/streamfinder.h"
#include "scanner/scan/streamreader.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace coredact {

/// How much of the compressed streams of one dump is unpacked, in bytes. Where a stream takes more
/// than it gives, what it takes counts.
struct StreamLimits {
    std::uint64_t stream = 64U << 20; ///< of one stream
    /// Of all that stand inside one, those inside these, and the one itself once more.
    std::uint64_t inside = 256U << 20;
    /// Unpacked only to learn where a longer one ends, when something was found in it.
    std::uint64_t measured = std::uint64_t(1) << 30;
    std::uint64_t total = std::uint64_t(8) << 30;
    std::size_t streams = 1U << 20; ///< how many, those inside others apart
};

/// A compressed stream and those inside it.
struct StreamTree {
    StreamStart start; ///< its offset is in the bytes that it stands in
    unsigned phases = 0; ///< see TextFeed
    Unpacked unpacked {};
    std::uint64_t cost = 0; ///< what counts for the total, together with those inside
    std::vector<StreamTree> inside {};
    bool insideLeft = false; ///< those inside were not all unpacked to their ends
};

/// Adds a stream inside; of more than can be taken the first ones stay.
void addInside(StreamTree& stream, const StreamStart& start);

/// Is shown what a walk unpacks. Each stream is shown to its end before those inside it.
class StreamVisitor {
public:
    virtual ~StreamVisitor() = default;
    /// A window of what `stream` gives. `encoding`: of its bytes ("base64+gzip"). May call
    /// `addInside`. False stops.
    virtual bool look(StreamTree& stream, const StreamReader::Part& part,
                      const std::string& encoding)
        = 0;
    /// What is shown until `leave` is of a stream inside the last one that was entered.
    virtual void enter() { }
    virtual void leave(const StreamTree& /*stream*/) { }
};

/// Gives the bytes that a stream or its text begins with, as often as it is called.
using FeedMaker = std::function<std::unique_ptr<Feed>()>;

/// The packed bytes of a stream that may stand in a text.
std::unique_ptr<Feed> packedBytes(const StreamTree& stream, const FeedMaker& open);

/// Unpacks streams and those inside them; one for each thread. What is shown depends on the
/// stream's bytes and the limits only.
class StreamWalk {
public:
    StreamWalk(const WindowShape& shape, const StreamLimits& limits);

    void take(StreamTree& stream, const FeedMaker& open, StreamVisitor& visitor);
    /// Packed bytes of a stream, of which up to `limit` unpacked ones are given.
    std::uint64_t packedSize(const StreamTree& stream, const FeedMaker& open, std::uint64_t limit);

private:
    bool takeOne(StreamTree& stream, const FeedMaker& open, const std::string& around,
                 std::uint64_t limit, std::size_t level, StreamVisitor& visitor);
    bool takeInside(StreamTree& stream, const FeedMaker& open, const std::string& encoding,
                    std::size_t level, StreamVisitor& visitor);
    StreamReader& readerAt(std::size_t level);

    WindowShape m_shape;
    StreamLimits m_limits;
    std::vector<std::unique_ptr<StreamReader>> m_readers; ///< by level
    std::uint64_t m_left = 0; ///< of what may be unpacked inside the stream at hand
};

} // namespace coredact
