// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/result.h"

#include <string>
#include <vector>

namespace coredact::cli {

/// Writes a text as the file `path`, mode 0600, whole or not at all; an earlier file of that name
/// is replaced at once. What is no regular file (a pipe, /dev/stdout) is written to directly.
/// ErrorCode::Refused when `path` is one of `inputs` through any link: reports must not replace
/// what they are about.
Status writeReport(const std::string& path, const std::string& text,
                   const std::vector<std::string>& inputs);

/// To `path`, or to standard output where that is "" or "-".
Status giveReport(const std::string& path, const std::string& text,
                  const std::vector<std::string>& inputs);

/// The whole of a file of at most `limit` bytes; more is ErrorCode::TooLarge. `what` names it in
/// errors: "the baseline".
Result<std::string> readText(const std::string& path, std::string_view what, std::uint64_t limit);

} // namespace coredact::cli
