// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/knownkeys.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

struct KnownKey {
    std::string_view spkiSha256;
    std::string_view origin;
};

/// Sorted by digest.
constexpr std::array<KnownKey, 0> knownKeys {};

} // namespace

std::string_view knownKeyOrigin(std::string_view spkiSha256)
{
    const auto it = std::lower_bound(
        knownKeys.begin(), knownKeys.end(), spkiSha256,
        [](const KnownKey& key, std::string_view digest) { return key.spkiSha256 < digest; });
    return it != knownKeys.end() && it->spkiSha256 == spkiSha256 ? it->origin : "";
}

} // namespace coredact
