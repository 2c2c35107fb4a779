// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/report/report.h"

#include <set>
#include <string>

namespace coredact::cli {

/// What an earlier report found. A finding is known when the baseline has one of the same rule
/// with the same identity, in whatever dump, where that is of one secret only; or one of the same rule at the same place in a dump
/// of the same size, format and process. A new secret of a new dump is therefore never known.
class Baseline {
public:
    /// Reads a JSON report (coredact-scan/1) of at most 256 MiB.
    static Result<Baseline> fromFile(const std::string& path);
    static Result<Baseline> fromText(std::string_view text);

    bool knows(const report::ScannedDump& dump, const Finding& finding) const;
    /// Sets `known` of a dump.
    void mark(report::ScannedDump& dump) const;

private:
    std::set<std::string> m_identities;
    std::set<std::string> m_places;
};

} // namespace coredact::cli
