// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/rule.h"

#include <optional>
#include <string_view>

namespace coredact {

/// The bytes of which a secret's text is a writing, as the program holds them that has read it: of
/// hexadecimal digits (32 to 2048 of them, in one line or several) and of padded base64 (of 16 to
/// 64 bytes), also behind "base64:". Nothing for other text.
std::optional<DerivedValue> bytesWrittenBy(std::string_view text);

} // namespace coredact
