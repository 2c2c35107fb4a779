// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/rule.h"

namespace coredact {

/// The rule of secrets that a token's HMAC proves.
const RuleInfo& tokenSecretRule();
const RuleInfo& cookieSecretRule();
const RuleInfo& fernetKeyRule();

} // namespace coredact
