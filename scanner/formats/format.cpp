// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/format.h"

#include <array>

namespace coredact {

#define FORMAT(name) extern const Format name##Format;
#include "scanner/formats/formats.def"
#undef FORMAT

std::span<const Format> formats()
{
    static const std::array known {
#define FORMAT(name) name##Format,
#include "scanner/formats/formats.def"
#undef FORMAT
    };
    return known;
}

Result<Dump> readDump(const Source& source, const JobControl& control)
{
    for (const Format& format : formats()) {
        if (control.cancelled())
            return Error {ErrorCode::Cancelled, "stopped", std::nullopt};
        if (format.recognises(source))
            return format.read(source, control);
    }
    return Error {ErrorCode::Unsupported, "no format recognises the file", std::nullopt};
}

} // namespace coredact
