// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace coredact::cli {

/// A name for a redacted copy that tells nothing of the host, the user or the process that the
/// original's name may hold: "redacted-k3v09x2a.core.zst".
std::string copyName(const std::string& format, const std::vector<std::string>& containers);

/// The containers that dumps and copies may come in.
std::vector<std::string_view> containerNames();

} // namespace coredact::cli
