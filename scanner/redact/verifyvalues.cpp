// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/verifyvalues.h"

#include "scanner/base/securebuffer.h"
#include "scanner/dump/coverage.h"
#include "scanner/io/dataruns.h"
#include "scanner/redact/needles.h"
#include "scanner/redact/verifystreams.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <future>
#include <mutex>
#include <thread>

namespace coredact {

namespace {

constexpr std::size_t windowSize = 1U << 20;
constexpr std::size_t page = 4096;
constexpr std::size_t overlap = Needles::longest; ///< bytes that two readings share
constexpr std::size_t readable = 32; ///< bytes that may be looked at after the last one
constexpr std::size_t mostOfATask = 1000; ///< places told of one window
constexpr std::size_t byChance = 4; ///< bytes beside a whole value that go on as one does
constexpr std::size_t shortestWhole = 16; ///< bytes of a value beside which some do
constexpr std::size_t mostMemory = 128U << 20; ///< of needles that are looked for at once
constexpr unsigned mostWordBits = 23; ///< of the number of a place of eight bytes
constexpr std::size_t ofAByte = 2048; ///< what one of a value takes in all encodings, about

/// Some bytes and where each lies in the file.
struct Joined {
    SecretBytes bytes;
    std::vector<std::uint64_t> offsets;

    void keepLast(std::size_t count)
    {
        if (bytes.size() <= count)
            return;
        const auto spare = static_cast<std::ptrdiff_t>(bytes.size() - count);
        bytes.erase(bytes.begin(), bytes.begin() + spare);
        offsets.erase(offsets.begin(), offsets.begin() + spare);
    }
};

/// A needle that stands in the copy.
struct Left {
    std::uint64_t offset;
    Needles::Match match;
};

class ValueVerifier {
public:
    /// `seeker`: of the input's values from number `firstValue` on; outlives this.
    ValueVerifier(const VerifyInput& input, const Seeker& seeker, std::size_t firstValue,
                  VerificationNotes& notes, const JobControl& control)
        : m_copy(input.copy)
        , m_original(input.original)
        , m_seeker(seeker)
        , m_values(input.values)
        , m_firstValue(firstValue)
        , m_notes(notes)
        , m_control(control)
        , m_streams(m_copy, m_seeker, m_kept)
        , m_threads(input.threads != 0 ? input.threads
                                       : std::max(1U, std::thread::hardware_concurrency()))
    {
        for (const Finding& finding : input.kept)
            for (const Occurrence& occurrence : finding.occurrences)
                for (const Piece& piece : occurrence.pieces)
                    m_kept.push_back(piece.file);
        m_kept.insert(m_kept.end(), input.left.begin(), input.left.end());
        m_kept = normalised(std::move(m_kept));
        for (const Edit& edit : input.plan.edits())
            m_filled.push_back(edit.range);
    }

    Status run(const Dump& dump)
    {
        const Coverage parts = coverage(dump);
        m_streams.setPieces(parts);
        if (const Status inFile = searchFile(); !inFile)
            return inFile;
        for (const Extent& extent : parts.extents)
            if (extent.pieces.size() > 1)
                if (const Status joins = searchJoins(extent); !joins)
                    return joins;
        return m_original ? searchFillsEdges(dump) : Status();
    }

    std::string streams() const
    {
        return counted(m_streams.streams(), "compressed stream", "compressed streams")
            + (m_streams.all() ? "" : ", not all of them to their ends");
    }

private:
    struct Task {
        std::uint64_t begin; ///< positions of needles, up to windowSize or the run's end
        FileRange run; ///< of data
        std::vector<Left> left {}; ///< what stands there
        std::vector<LeftInStream> inStreams {}; ///< what the streams hold that begin there
    };

    Status searchFile()
    {
        std::vector<Task> tasks;
        std::vector<FileRange> runs;
        if (const Status added = addDataRuns(m_copy, runs); !added)
            return added;
        for (const FileRange& run : runs)
            for (std::uint64_t at = run.first(); at <= run.last(); at += windowSize)
                tasks.push_back({at, run});
        if (const Status status = work(tasks); !status)
            return status;
        for (const Task& task : tasks) {
            for (const Left& left : task.left) {
                tell(left.offset, left.match);
                m_notes.left(*FileRange::make(left.offset, left.match.size));
            }
            for (const LeftInStream& left : task.inStreams)
                tell(left.offset, left.match, " in a compressed stream (" + left.codec + ")");
        }
        return {};
    }

    /// Threads take task after task; what they find does not depend on who takes which.
    Status work(std::vector<Task>& tasks) const
    {
        std::atomic<std::size_t> next = 0;
        const auto takeTasks = [&]() -> Status {
            SecureBuffer buffer(windowSize + 2 * overlap + readable);
            std::vector<std::uint32_t> candidates;
            for (std::size_t i = next++; i < tasks.size(); i = next++) {
                if (m_control.cancelled())
                    return cancelled();
                if (const Status status = searchWindow(tasks[i], buffer, candidates); !status)
                    return status;
            }
            return {};
        };
        std::vector<std::future<Status>> others;
        for (unsigned i = 1; i < m_threads; ++i)
            others.push_back(std::async(std::launch::async, takeTasks));
        Status status = takeTasks();
        for (std::future<Status>& other : others)
            if (const Status here = other.get(); !here && status)
                status = here;
        return status;
    }

    /// What begins in the task's part may end later. Of the hole before a run the last bytes
    /// count too: a needle may begin with zeros.
    Status searchWindow(Task& task, SecureBuffer& buffer,
                        std::vector<std::uint32_t>& candidates) const
    {
        const std::uint64_t first = task.begin - std::min<std::uint64_t>(task.begin, overlap);
        const std::uint64_t end = std::min(m_copy.size(), task.begin + windowSize + overlap);
        const auto bytes = buffer.bytes().first(static_cast<std::size_t>(end - first));
        if (const Status read = m_copy.readAt(first, bytes); !read)
            return read;
        const auto stop = static_cast<std::size_t>(
            std::min<std::uint64_t>(task.begin + windowSize, task.run.last() + 1) - first);
        const auto ownBegin = static_cast<std::size_t>(task.begin - first);
        for (auto at
             = static_cast<std::size_t>(task.begin == task.run.first() ? 0 : task.begin - first);
             at < stop;) {
            const std::size_t next = std::min(stop, (at / page + 1) * page);
            // No needle is one repeated byte: only those that reach beyond the page can stand here.
            if (next - at > overlap && isConstant(bytes, at, next))
                at = next - overlap;
            m_seeker.candidates(bytes.data(), at, next, candidates);
            for (const std::uint32_t position : candidates) {
                const auto match = m_seeker.at(bytes, position);
                if (match && !isExcused(first + position, *match) && task.left.size() < mostOfATask)
                    task.left.push_back({first + position, *match});
            }
            if (const Status looked
                = m_streams.look(bytes.data(), std::max(at, ownBegin), std::max(next, ownBegin),
                                 first, task.inStreams);
                !looked)
                return looked;
            at = next;
        }
        const std::lock_guard lock(m_mutex);
        m_done += stop;
        m_control.report({"verify values", std::min(m_done, m_copy.size()), m_copy.size()});
        return {};
    }

    /// A match in a kept place; one that a fill completed by chance, so that less than a window
    /// is left; or a text that stands alone only since its neighbour was filled.
    bool isExcused(std::uint64_t offset, const Needles::Match& match) const
    {
        const FileRange place = *FileRange::make(offset, match.size);
        const FileRange around = *FileRange::between(
            place.first() - std::min<std::uint64_t>(place.first(), match.beside),
            place.last() + match.beside);
        return liesInside(m_kept, place)
            || (overlapsAny(m_filled, around) && !liesInside(m_filled, place));
    }

    static bool isConstant(ByteView bytes, std::size_t begin, std::size_t end)
    {
        return std::memcmp(bytes.data() + begin, bytes.data() + begin + 1, end - begin - 1) == 0;
    }

    /// The places where pieces of memory meet that lie apart in the file.
    Status searchJoins(const Extent& extent)
    {
        Joined joined;
        for (const FileRange& piece : extent.pieces) {
            const std::size_t before = joined.bytes.size();
            if (const Status read
                = append(joined, piece.first(), std::min<std::uint64_t>(piece.size(), overlap));
                !read)
                return read;
            searchJoined(joined, before);
            if (piece.size() > 2 * overlap) {
                joined = {};
                if (const Status read = append(joined, piece.last() - (overlap - 1), overlap);
                    !read)
                    return read;
            } else if (piece.size() > overlap) {
                if (const Status read
                    = append(joined, piece.first() + overlap, piece.size() - overlap);
                    !read)
                    return read;
            }
            joined.keepLast(overlap);
        }
        return {};
    }

    Status append(Joined& joined, std::uint64_t offset, std::uint64_t size)
    {
        const std::size_t before = joined.bytes.size();
        joined.bytes.resize(before + static_cast<std::size_t>(size));
        for (std::uint64_t i = 0; i < size; ++i)
            joined.offsets.push_back(offset + i);
        return m_copy.readAt(offset, MutableByteView(joined.bytes).subspan(before));
    }

    /// Needles that begin before `join` and end after it.
    void searchJoined(const Joined& joined, std::size_t join)
    {
        for (std::size_t i = 0; i < join; ++i) {
            const auto match = m_seeker.at(joined.bytes, i);
            if (!match || i + match->size <= join)
                continue;
            const auto first = joined.offsets.begin() + static_cast<std::ptrdiff_t>(i);
            const auto last = first + static_cast<std::ptrdiff_t>(match->size);
            const auto among = [](const std::vector<FileRange>& ranges) {
                return [&ranges](std::uint64_t offset) {
                    return liesInside(ranges, *FileRange::make(offset, 1));
                };
            };
            const bool completed = std::any_of(first, last, among(m_filled))
                && !std::all_of(first, last, among(m_filled));
            if (std::all_of(first, last, among(m_kept)) || completed)
                continue;
            tell(joined.offsets[i], *match);
            for (auto offset = first; offset != last; ++offset)
                m_notes.left(*FileRange::make(*offset, 1));
        }
    }

    /// What stood in the original across the begin or the end of a fill was filled in part only,
    /// though the search for copies fills it whole, but for what goes on beside a whole copy by
    /// chance.
    Status searchFillsEdges(const Dump& dump)
    {
        std::vector<FileRange> filled = normalised(std::vector(m_filled));
        std::vector<FileRange> covered = filled;
        covered.insert(covered.end(), m_kept.begin(), m_kept.end());
        covered.insert(covered.end(), dump.structure.begin(), dump.structure.end());
        covered = normalised(std::move(covered));
        for (const FileRange& range : filled) {
            if (m_control.cancelled())
                return cancelled();
            for (const std::uint64_t edge : {range.first(), range.last() + 1})
                if (const Status looked = searchEdge(edge, covered); !looked)
                    return looked;
        }
        return {};
    }

    Status searchEdge(std::uint64_t edge, const std::vector<FileRange>& covered)
    {
        if (edge > m_original->size())
            return {};
        const std::uint64_t first = edge - std::min<std::uint64_t>(edge, 2 * overlap);
        const std::uint64_t end = std::min(m_original->size(), edge + 2 * overlap);
        SecretBytes bytes(static_cast<std::size_t>(end - first));
        if (const Status read = m_original->readAt(first, bytes); !read)
            return read;
        const auto middle = static_cast<std::size_t>(edge - first);
        for (std::size_t i = middle - std::min(middle, overlap); i < middle; ++i) {
            const auto match = m_seeker.at(bytes, i);
            if (!match || i + match->size <= middle)
                continue;
            const auto isLeft = [&](std::size_t k) {
                // Wide text beside zeros reads in both byte orders, and is filled in one.
                return !liesInside(covered, *FileRange::make(first + k, 1))
                    && (bytes[k] != 0 || match->encoding.find("utf-") == std::string_view::npos);
            };
            std::vector<std::size_t> left;
            for (std::size_t k = i; k < i + match->size; ++k)
                if (isLeft(k))
                    left.push_back(k);
            if (left.empty() || (left.size() <= byChance && standsWhole(edge, match->value)))
                continue;
            tell(first + left.front(), *match, " beside a fill");
            m_notes.left(*FileRange::make(first + i, match->size));
        }
        return {};
    }

    /// Whether the original has all of a value, as it is, from a fill's edge on or up to it. What
    /// goes on beyond it as a piece of another writing does so by chance, and is no part of it.
    bool standsWhole(std::uint64_t edge, std::size_t number) const
    {
        const SecretValue& value = m_values[m_firstValue + number];
        return standsAt(edge, value.value)
            || std::any_of(value.derived.begin(), value.derived.end(),
                           [&](const DerivedValue& one) { return standsAt(edge, one.bytes); });
    }

    bool standsAt(std::uint64_t edge, ByteView value) const
    {
        if (value.size() < shortestWhole)
            return false;
        SecretBytes bytes(value.size());
        const auto isThere = [&](std::uint64_t first) {
            return m_original->readAt(first, bytes) && std::ranges::equal(bytes, value);
        };
        return (edge + value.size() <= m_original->size() && isThere(edge))
            || (edge >= value.size() && isThere(edge - value.size()));
    }

    static Error cancelled()
    {
        return {ErrorCode::Cancelled, "the verification was cancelled", std::nullopt};
    }

    void tell(std::uint64_t offset, const Needles::Match& match, const std::string& where = {})
    {
        m_notes.violate("values", offset,
                        "part of value " + std::to_string(m_firstValue + match.value + 1)
                            + " is left, as " + std::string(match.encoding) + where);
    }

    const Source& m_copy;
    const Source* m_original;
    const Seeker& m_seeker;
    std::span<const SecretValue> m_values;
    std::size_t m_firstValue;
    VerificationNotes& m_notes;
    const JobControl& m_control;
    std::vector<FileRange> m_kept;
    std::vector<FileRange> m_filled;
    StreamSearch m_streams;
    unsigned m_threads;
    mutable std::mutex m_mutex; ///< for the progress
    mutable std::uint64_t m_done = 0;
};

std::size_t writtenBytes(const SecretValue& value)
{
    std::size_t bytes = value.value.size();
    for (const DerivedValue& derived : value.derived)
        bytes += derived.bytes.size();
    return bytes;
}

/// Whether finding out first which words the copy holds spares more than it takes.
bool areMany(std::span<const SecretValue> values, std::uint64_t copySize)
{
    constexpr std::uint64_t ofABatch = std::uint64_t {64} << 20; // as many bytes as it takes long
    std::uint64_t needles = 0;
    for (const SecretValue& value : values)
        needles += writtenBytes(value) * ofAByte;
    const std::uint64_t batches = needles / mostMemory;
    return batches >= 2 && copySize / batches <= ofABatch;
}

} // namespace

Status verifyValues(const VerifyInput& input, const Dump& dump, VerificationNotes& notes,
                    const JobControl& control)
{
    if (input.values.empty())
        return {};
    const std::span<const SecretValue> values = input.values;
    const CommonParts common(values);
    std::string streams = counted(0, "compressed stream", "compressed streams");
    WordFilter words;
    std::vector<FileRange> runs;
    if (const Status added = addDataRuns(input.copy, runs); !added)
        return added;
    std::uint64_t data = 0; // bytes
    for (const FileRange& run : runs)
        data += run.size();
    const bool gathers = areMany(values, data);
    if (gathers) {
        words.reserve(static_cast<std::size_t>(data / 4), mostWordBits);
        const WordGatherer gatherer(words);
        ValueVerifier all(input, gatherer, 0, notes, control);
        if (const Status gathered = all.run(dump); !gathered)
            return gathered;
        streams = all.streams();
    }
    std::size_t windows = 0;
    for (std::size_t first = 0; first < values.size();) {
        Needles needles(common, gathers ? &words : nullptr);
        std::size_t next = first;
        while (next < values.size()
               && (next == first
                   || needles.memory() + writtenBytes(values[next]) * ofAByte < mostMemory))
            needles.add(values[next++]);
        needles.build();
        windows += needles.size();
        if (!needles.empty()) {
            ValueVerifier verifier(input, needles, first, notes, control);
            if (const Status searched = verifier.run(dump); !searched)
                return searched;
            if (!gathers)
                streams = verifier.streams(); // the same for each batch
        }
        first = next;
    }
    // Of what is not sought elsewhere the value is not kept.
    const auto sought = std::count_if(values.begin(), values.end(), [](const SecretValue& secret) {
        return !secret.value.empty();
    });
    notes.conclude("values", "no redacted value is left in any encoding",
                   counted(static_cast<std::size_t>(sought), "value", "values") + ", "
                       + counted(windows, "window", "windows") + ", " + streams);
    return {};
}

} // namespace coredact
