// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/findingsmodel.h"

#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace coredact {

/// For each finding that was named while the scan ran, the id of the finding of the final list
/// that has its rule and one of its places. One that is not in the list any more (another rule
/// claimed its bytes) has no entry.
std::map<std::string, std::string> finalNames(const std::vector<FindingPtr>& provisional,
                                              std::span<const Finding> final);

/// The findings that a scan tells before its final list. Where a scan ends early and the next one
/// tells them in another order, each has its name again, and with it what was decided of it.
class Provisional {
public:
    /// The finding with a name, where it has none: that of one told before with its rule, its
    /// encoding and its first place, else a new one.
    FindingPtr named(const Finding& finding);
    const std::vector<FindingPtr>& all() const { return m_all; } ///< as they were named
    void clear();

private:
    /// Rule, encoding, and first piece: its offset and size.
    using Place = std::tuple<std::string, std::string, std::uint64_t, std::uint64_t>;

    std::map<Place, std::string> m_names;
    std::vector<FindingPtr> m_all;
};

} // namespace coredact
