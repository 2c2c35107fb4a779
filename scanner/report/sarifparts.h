// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/report/jsonparts.h"

#include <map>

/// The smaller objects of a SARIF log.
namespace coredact::report {

/// A dump, by its path and its place in the run's list of artifacts.
struct Artifact {
    const std::string& path;
    std::size_t index = 0;
};

/// "error", "warning" or "note".
std::string_view levelOf(Severity severity);

/// A relative or absolute path as a URI reference (RFC 3986), bytes percent-encoded.
std::string uriOf(const std::string& path);

Json artifactJson(const ScannedDump& dump);
/// Where one piece of a secret lies: in the file, in memory, and in which region.
Json pieceLocation(const Artifact& artifact, const Occurrence& occurrence, std::size_t piece);

/// What was scanned, what could not be, and what is odd about the file, as notifications.
void addCoverage(Json& notifications, const ScannedDump& dump, const Artifact& artifact);
/// The descriptors of those notifications.
Json notificationKinds();

/// The rules of a report, and one made for each rule id that only a finding names.
class RuleTable {
public:
    explicit RuleTable(const Report& report);

    std::size_t indexOf(const std::string& id) const;
    const Json& json() const { return m_rules; }

private:
    void add(const RuleInfo& rule);

    std::map<std::string, std::size_t, std::less<>> m_index;
    Json m_rules = Json::array();
};

} // namespace coredact::report
