// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace coredact {

/// The 2048 English words of BIP 39 in their order, each with a blank behind it.
extern const std::string_view bip39Words;

} // namespace coredact
