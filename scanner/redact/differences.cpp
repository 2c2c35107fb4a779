// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/differences.h"

#include "scanner/base/securebuffer.h"
#include "scanner/dump/dump.h"
#include "scanner/io/dataruns.h"

#include <algorithm>
#include <cstring>

namespace coredact {

namespace {

constexpr std::uint64_t windowSize = 1U << 20;
constexpr std::size_t blockSize = 256;

class Comparer {
public:
    Comparer(const Source& one, const Source& other, const JobControl& control)
        : m_one(one)
        , m_other(other)
        , m_control(control)
        , m_first(windowSize)
        , m_second(windowSize)
    {
    }

    Result<Differences> run()
    {
        std::vector<FileRange> parts;
        for (const Source* source : {&m_one, &m_other})
            if (const Status status = addDataRuns(*source, parts); !status)
                return status.error();
        for (const FileRange& part : normalised(std::move(parts))) {
            const std::uint64_t end = part.last() + 1;
            for (std::uint64_t at = part.first(); at < end && m_found.complete; at += windowSize)
                if (const Status status = compare(at, std::min(windowSize, end - at)); !status)
                    return status.error();
        }
        return std::move(m_found);
    }

private:
    Status compare(std::uint64_t offset, std::uint64_t size)
    {
        if (m_control.cancelled())
            return Error {ErrorCode::Cancelled, "the comparison was cancelled", std::nullopt};
        m_control.report({"compare", offset, m_one.size()});
        const auto first = m_first.bytes().first(static_cast<std::size_t>(size));
        const auto second = m_second.bytes().first(static_cast<std::size_t>(size));
        if (const Status status = m_one.readAt(offset, first); !status)
            return status;
        if (const Status status = m_other.readAt(offset, second); !status)
            return status;
        for (std::size_t at = 0; at < first.size(); at += blockSize) {
            const std::size_t block = std::min(blockSize, first.size() - at);
            if (std::memcmp(first.data() + at, second.data() + at, block) != 0)
                compareBlock(offset + at, first.subspan(at, block), second.subspan(at, block));
        }
        return {};
    }

    void compareBlock(std::uint64_t offset, ByteView first, ByteView second)
    {
        for (std::size_t at = 0; at < first.size(); ++at) {
            if (first[at] == second[at])
                continue;
            std::size_t end = at + 1;
            while (end < first.size() && first[end] != second[end])
                ++end;
            add(*FileRange::between(offset + at, offset + end - 1));
            at = end;
        }
    }

    void add(const FileRange& range)
    {
        std::vector<FileRange>& ranges = m_found.ranges;
        if (!ranges.empty() && range.first() == ranges.back().last() + 1)
            ranges.back() = *FileRange::between(ranges.back().first(), range.last());
        else if (ranges.size() < mostDifferences)
            ranges.push_back(range);
        else
            m_found.complete = false;
    }

    const Source& m_one;
    const Source& m_other;
    const JobControl& m_control;
    SecureBuffer m_first;
    SecureBuffer m_second;
    Differences m_found;
};

} // namespace

Result<Differences> differencesBetween(const Source& one, const Source& other,
                                       const JobControl& control)
{
    if (one.size() != other.size())
        return Error {ErrorCode::Usage,
                      "the files have different sizes: " + std::to_string(one.size()) + " and "
                          + std::to_string(other.size()) + " bytes",
                      std::nullopt};
    return Comparer(one, other, control).run();
}

} // namespace coredact
