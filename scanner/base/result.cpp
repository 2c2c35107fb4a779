// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/base/result.h"

#include <system_error>

namespace coredact {

Error systemError(std::string what, int errorNumber)
{
    return {ErrorCode::System, std::move(what) + ": " + std::generic_category().message(errorNumber),
            std::nullopt};
}

} // namespace coredact
