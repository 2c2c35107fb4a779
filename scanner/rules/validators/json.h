// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace coredact {

/// The JSON object in a base64 text (either alphabet); nothing where there is none.
std::optional<nlohmann::json> jsonInBase64(std::string_view text);

/// A member that is text or a number, fit for a report; "" where there is none.
std::string shownMember(const nlohmann::json& object, const char* name);

} // namespace coredact
