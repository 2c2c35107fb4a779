// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/report/report.h"

#include <string>
#include <vector>

namespace coredact::cli {

/// The regular files that a command is about.
struct FoundFiles {
    std::vector<std::string> files; ///< as they were given, or below a folder that was
    std::vector<report::SkippedFile> skipped;
};

/// The files that `paths` name, and those in the folders among them, at any depth, each folder's
/// names in byte order. A link that is given is followed; one inside a folder is not, and is told
/// as skipped, as is everything else that is no regular file. What cannot be read is a failure.
FoundFiles filesUnder(const std::vector<std::string>& paths);

} // namespace coredact::cli
