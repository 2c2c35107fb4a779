// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/redact/verify.h"

namespace coredact {

/// "1 range", "2 ranges".
std::string counted(std::uint64_t count, std::string_view one, std::string_view more);

/// Collects what a verification finds; of each check at most a hundred violations are kept.
class VerificationNotes {
public:
    using Told = std::function<void(const Check&)>;

    VerificationNotes() = default;
    /// `told` is called with each check that is concluded.
    explicit VerificationNotes(Told told)
        : m_told(std::move(told))
    {
    }
    void violate(std::string_view check, std::optional<std::uint64_t> offset, std::string message);
    /// A place that the scan of the copy finds.
    void foundAgain(const FileRange& range);
    /// A place where a value is left.
    void left(const FileRange& range);
    std::size_t violationsOf(std::string_view check) const;
    /// A check that passed when nothing was told against it.
    void conclude(std::string_view check, std::string name, std::string detail);
    /// Takes over what another part of the verification noted.
    void take(VerificationNotes&& other);
    /// With `sha256` of the copy.
    VerificationReport finish(std::string sha256) &&;

private:
    Told m_told;
    VerificationReport m_report;
    std::vector<std::pair<std::string, std::size_t>> m_counts;
};

/// Compares the copy with the original, where there is one (else nullptr), and with the plan's
/// fills, byte by byte; tells the SHA-256 of the copy. The fills are worked out here once more.
/// Reports no progress: it runs beside what does.
Result<std::string> verifyBytes(const Source& copy, const Source* original,
                                const RedactionPlan& plan, VerificationNotes& notes,
                                const JobControl& control);

/// The byte that `edit` promises at `offset`, which lies in its range.
std::uint8_t promisedByte(const Edit& edit, std::uint64_t offset);

/// Whether `wanted` lies inside one of sorted, disjoint ranges.
bool liesInside(const std::vector<FileRange>& ranges, const FileRange& wanted);
/// Whether `wanted` has bytes of one of sorted, disjoint ranges.
bool overlapsAny(const std::vector<FileRange>& ranges, const FileRange& wanted);

} // namespace coredact
