// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/validators/json.h"

#include "scanner/rules/codec.h"
#include "scanner/rules/validator.h"

namespace coredact {

std::optional<nlohmann::json> jsonInBase64(std::string_view text)
{
    const auto bytes = decodeBase64(text);
    if (!bytes)
        return std::nullopt;
    auto value = nlohmann::json::parse(bytes->begin(), bytes->end(), nullptr, false);
    if (!value.is_object())
        return std::nullopt;
    return value;
}

std::string shownMember(const nlohmann::json& object, const char* name)
{
    const auto it = object.find(name);
    if (it == object.end())
        return {};
    if (const auto* text = it->get_ptr<const std::string*>())
        return shown(*text);
    if (it->is_number_integer())
        return std::to_string(it->get<std::int64_t>());
    if (it->is_number_float())
        return std::to_string(
            static_cast<std::int64_t>(std::min(std::max(it->get<double>(), -1e15), 1e15)));
    return {};
}

} // namespace coredact
