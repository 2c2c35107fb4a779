// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/validator.h"

#include <algorithm>
#include <array>
#include <utility>

namespace coredact {

#define VALIDATOR(name) Validation name##Validator(const Candidate& candidate);
#include "scanner/rules/validators/validators.def"
#undef VALIDATOR

Validator validatorNamed(std::string_view name)
{
    static constexpr auto known = std::to_array<std::pair<std::string_view, Validator>>({
#define VALIDATOR(name) {#name, name##Validator},
#include "scanner/rules/validators/validators.def"
#undef VALIDATOR
    });
    const auto it = std::find_if(known.begin(), known.end(),
                                 [&](const auto& item) { return item.first == name; });
    return it == known.end() ? nullptr : it->second;
}

bool bip39Screen(ByteView bytes);
bool discordScreen(ByteView bytes);
bool foreignpasswordScreen(ByteView bytes);
bool nearloginScreen(ByteView bytes);
bool nearvalueScreen(ByteView bytes);

Screen screenNamed(std::string_view name)
{
    return name == "bip39"          ? bip39Screen
        : name == "discord"         ? discordScreen
        : name == "foreignpassword" ? foreignpasswordScreen
        : name == "nearlogin"       ? nearloginScreen
        : name == "nearvalue"       ? nearvalueScreen
                                    : nullptr;
}

std::string shown(std::string_view text, std::size_t most)
{
    std::string out(text.substr(0, most));
    for (char& c : out)
        if (c < 0x20 || c > 0x7e)
            c = '?';
    return out;
}

} // namespace coredact
