// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace coredact {

/// A name for a redacted copy that tells nothing of the host, the user or the process that the
/// original's name may hold: "redacted-k3v09x2a.core.zst". `format` and `containers` as opening
/// the dump told them.
std::string copyName(const std::string& format, const std::vector<std::string>& containers);

/// `count` characters of [a-z0-9] from the system's generator of random bytes.
std::string randomName(std::size_t count);

/// The containers that dumps and copies may come in.
std::vector<std::string_view> containerNames();

} // namespace coredact
