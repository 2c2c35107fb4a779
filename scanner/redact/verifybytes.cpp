// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/verifybytes.h"

#include "scanner/base/securebuffer.h"
#include "scanner/io/dataruns.h"
#include "scanner/io/digest.h"

#include <algorithm>
#include <cstring>

namespace coredact {

namespace {

constexpr std::uint64_t windowSize = 1U << 20;
constexpr std::size_t mostViolations = 100;

struct Compared {
    const Source& copy;
    const Source* original;
    const RedactionPlan& plan;
};

/// Everything of the copy that may hold other bytes than zeros, or should.
Result<std::vector<FileRange>> partsToRead(const Compared& input)
{
    std::vector<FileRange> parts;
    if (const Status status = addDataRuns(input.copy, parts); !status)
        return status.error();
    if (input.original)
        if (const Status status = addDataRuns(*input.original, parts); !status)
            return status.error();
    for (const Edit& edit : input.plan.edits())
        parts.push_back(edit.range);
    std::vector<FileRange> inside;
    if (const auto file = FileRange::make(0, input.copy.size()))
        for (const FileRange& part : normalised(std::move(parts)))
            if (const auto shared = part.intersection(*file))
                inside.push_back(*shared);
    return inside;
}

class ByteVerifier {
public:
    ByteVerifier(const Compared& input, VerificationNotes& notes, const JobControl& control)
        : m_input(input)
        , m_notes(notes)
        , m_control(control)
        , m_copy(windowSize)
        , m_original(windowSize)
    {
    }

    Result<std::string> run()
    {
        const auto parts = partsToRead(m_input);
        if (!parts)
            return parts.error();
        Sha256 digest;
        std::uint64_t done = 0;
        for (const FileRange& part : *parts) {
            digest.addZeros(part.first() - done);
            for (std::uint64_t at = part.first(); at <= part.last(); at += windowSize) {
                const std::uint64_t size = std::min(windowSize, part.last() - at + 1);
                if (const Status status = look(at, size, digest); !status)
                    return status.error();
            }
            done = part.last() + 1;
        }
        digest.addZeros(m_input.copy.size() - done);
        conclude();
        return digest.hex();
    }

private:
    Status look(std::uint64_t offset, std::uint64_t size, Sha256& digest)
    {
        if (m_control.cancelled())
            return Error {ErrorCode::Cancelled, "the verification was cancelled", std::nullopt};
        const auto copy = m_copy.bytes().first(static_cast<std::size_t>(size));
        if (const Status read = m_input.copy.readAt(offset, copy); !read)
            return read;
        digest.add(copy);
        std::uint64_t comparable = 0; // bytes of the window that the original has too
        if (m_input.original && offset < m_input.original->size()) {
            comparable = std::min(size, m_input.original->size() - offset);
            const auto bytes = m_original.bytes().first(static_cast<std::size_t>(comparable));
            if (const Status read = m_input.original->readAt(offset, bytes); !read)
                return read;
        }
        compare(offset, copy, static_cast<std::size_t>(comparable));
        return {};
    }

    /// Goes through a window from edit to edit.
    void compare(std::uint64_t offset, ByteView copy, std::size_t comparable)
    {
        const auto& edits = m_input.plan.edits();
        while (m_nextEdit < edits.size() && edits[m_nextEdit].range.last() < offset)
            ++m_nextEdit;
        const FileRange window = *FileRange::make(offset, copy.size());
        std::size_t at = 0;
        for (std::size_t i = m_nextEdit; i < edits.size(); ++i) {
            const auto shared = edits[i].range.intersection(window);
            if (!shared)
                break;
            const auto begin = static_cast<std::size_t>(shared->first() - offset);
            compareOutside(offset, copy, at, std::min(begin, comparable));
            at = begin + static_cast<std::size_t>(shared->size());
            compareFill(edits[i], offset, copy.subspan(begin, at - begin), begin);
        }
        compareOutside(offset, copy, at, comparable);
    }

    void compareOutside(std::uint64_t offset, ByteView copy, std::size_t begin, std::size_t end)
    {
        if (begin >= end)
            return;
        m_compared += end - begin;
        const ByteView original = m_original.bytes();
        if (std::memcmp(copy.data() + begin, original.data() + begin, end - begin) == 0)
            return;
        for (std::size_t i = begin; i < end; ++i)
            if (copy[i] != original[i])
                m_notes.violate("bytes", offset + i, "a byte outside the plan was changed");
    }

    void compareFill(const Edit& edit, std::uint64_t offset, ByteView bytes, std::size_t begin)
    {
        m_filled += bytes.size();
        for (std::size_t i = 0; i < bytes.size(); ++i)
            if (bytes[i] != promisedByte(edit, offset + begin + i))
                m_notes.violate("fill", offset + begin + i,
                                "a planned byte does not hold its fill");
    }

    void conclude()
    {
        if (m_input.original)
            m_notes.conclude("bytes", "bytes outside the plan are unchanged",
                             counted(m_compared, "byte", "bytes") + " compared, holes left out");
        if (m_filled != m_input.plan.bytes())
            m_notes.violate("fill", std::nullopt, "the copy ends before the last planned byte");
        m_notes.conclude("fill", "every planned byte holds its fill",
                         counted(m_filled, "byte", "bytes") + " in "
                             + counted(m_input.plan.edits().size(), "range", "ranges"));
    }

    Compared m_input;
    VerificationNotes& m_notes;
    const JobControl& m_control;
    SecureBuffer m_copy;
    SecureBuffer m_original;
    std::size_t m_nextEdit = 0;
    std::uint64_t m_compared = 0;
    std::uint64_t m_filled = 0;
};

auto firstReaching(const std::vector<FileRange>& ranges, std::uint64_t offset)
{
    return std::lower_bound(
        ranges.begin(), ranges.end(), offset,
        [](const FileRange& range, std::uint64_t wanted) { return range.last() < wanted; });
}

} // namespace

std::string counted(std::uint64_t count, std::string_view one, std::string_view more)
{
    return std::to_string(count) + " " + std::string(count == 1 ? one : more);
}

void VerificationNotes::violate(std::string_view check, std::optional<std::uint64_t> offset,
                                std::string message)
{
    auto count = std::find_if(m_counts.begin(), m_counts.end(),
                              [&](const auto& one) { return one.first == check; });
    if (count == m_counts.end())
        count = m_counts.insert(m_counts.end(), {std::string(check), 0});
    if (++count->second <= mostViolations)
        m_report.violations.push_back({std::string(check), offset, std::move(message)});
}

std::size_t VerificationNotes::violationsOf(std::string_view check) const
{
    for (const auto& [name, count] : m_counts)
        if (name == check)
            return count;
    return 0;
}

void VerificationNotes::conclude(std::string_view check, std::string name, std::string detail)
{
    const std::size_t violations = violationsOf(check);
    if (violations != 0)
        detail += "; " + counted(violations, "violation", "violations");
    m_report.checks.push_back({std::move(name), violations == 0, std::move(detail)});
    if (m_told)
        m_told(m_report.checks.back());
}

void VerificationNotes::foundAgain(const FileRange& range)
{
    constexpr std::size_t most = 4096;
    if (m_report.foundAgain.size() < most)
        m_report.foundAgain.push_back(range);
}

void VerificationNotes::left(const FileRange& range)
{
    constexpr std::size_t most = 65536;
    if (m_report.left.size() < most)
        m_report.left.push_back(range);
}

void VerificationNotes::take(VerificationNotes&& other)
{
    const auto append = [](auto& all, auto&& more) {
        std::move(more.begin(), more.end(), std::back_inserter(all));
    };
    append(m_report.checks, std::move(other.m_report.checks));
    append(m_report.violations, std::move(other.m_report.violations));
    append(m_report.foundAgain, std::move(other.m_report.foundAgain));
    append(m_report.left, std::move(other.m_report.left));
    append(m_counts, std::move(other.m_counts));
}

VerificationReport VerificationNotes::finish(std::string sha256) &&
{
    m_report.sha256 = std::move(sha256);
    return std::move(m_report);
}

Result<std::string> verifyBytes(const Source& copy, const Source* original,
                                const RedactionPlan& plan, VerificationNotes& notes,
                                const JobControl& control)
{
    return ByteVerifier({copy, original, plan}, notes, control).run();
}

std::uint8_t promisedByte(const Edit& edit, std::uint64_t offset)
{
    if (edit.fill == Fill::Token && !edit.token.empty()) {
        const std::uint64_t position = (offset - edit.range.first()) % edit.token.size();
        return static_cast<std::uint8_t>(edit.token.at(static_cast<std::size_t>(position)));
    }
    return edit.fill == Fill::Zero ? 0x00 : edit.fill == Fill::A5 ? 0xa5 : 0x58;
}

bool liesInside(const std::vector<FileRange>& ranges, const FileRange& wanted)
{
    const auto reaching = firstReaching(ranges, wanted.first());
    return reaching != ranges.end() && reaching->contains(wanted);
}

bool overlapsAny(const std::vector<FileRange>& ranges, const FileRange& wanted)
{
    const auto reaching = firstReaching(ranges, wanted.first());
    return reaching != ranges.end() && reaching->overlaps(wanted);
}

} // namespace coredact
