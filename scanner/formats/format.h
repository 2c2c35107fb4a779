// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/jobcontrol.h"
#include "scanner/dump/dump.h"
#include "scanner/io/source.h"

#include <span>
#include <string_view>

namespace coredact {

/// One dump format. `read` opens as far as the file goes: damage becomes a Diagnostic, and an
/// Error is only for a file that could not be read at all or a cancelled job.
struct Format {
    std::string_view id; ///< stable: "elf-core"
    std::string_view title; ///< "ELF core (Linux, BSD)"
    bool (*recognises)(const Source& source);
    Result<Dump> (*read)(const Source& source, const JobControl& control);
};

/// The formats of `formats.def`, in its order; the last one, raw, recognises everything.
std::span<const Format> formats();

/// Reads a file with the first format that recognises it.
Result<Dump> readDump(const Source& source, const JobControl& control);

} // namespace coredact
