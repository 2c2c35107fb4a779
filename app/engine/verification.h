// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/descriptor.h"
#include "scanner/base/jobcontrol.h"
#include "scanner/client/protocol.h"

namespace coredact::engine {

/// Checks a written copy as the request says; `given` are its descriptors. The memory file with
/// the values is emptied. `concluded`: as VerifyInput has it.
Result<protocol::Verified> verifyWritten(const protocol::Verify& request,
                                         std::vector<Descriptor>& given, const RuleSet& rules,
                                         const std::function<void(const Check&)>& concluded,
                                         const JobControl& control);

} // namespace coredact::engine
