// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/jobcontrol.h"
#include "scanner/dump/dump.h"
#include "scanner/io/source.h"
#include "scanner/redact/minimise.h"

#include <string>
#include <vector>

namespace coredact::engine {

/// A dump that was handed over, and what was understood of it.
struct OpenedDump {
    Source file; ///< as it lies there
    Source plain; ///< decompressed; the same as `file` where it is no container
    std::vector<std::string> containers; ///< outermost first
    Dump dump;
    std::vector<KeptRange> kept; ///< of a minimised form, which `plain` and `dump` are then
};

/// Takes a file apart: containers are opened into `room`, an empty unlinked file, up to
/// `byteBudget` bytes. A container whose content cannot be had is a dump of its own bytes, with a
/// diagnostic; one that is too large is an error. The minimised form goes into `room` too, or
/// into memory where a container takes that.
Result<OpenedDump> takeDump(Descriptor file, Descriptor room, std::uint64_t byteBudget, Form form,
                            const JobControl& control);

/// Whether a copy can be made: not of a file whose content is packed and was not unpacked, since
/// its secrets would stay in the copy.
Status mayBeCopied(const OpenedDump& dump);

/// What libmagic says of the dump by the database in `database`; "" when it cannot say.
std::string contentTypeOf(const Source& plain, const Descriptor& database);

} // namespace coredact::engine
