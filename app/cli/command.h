// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/stopsignal.h"

#include <functional>
#include <string_view>

namespace CLI {
class App;
}

/// The commands, one file each. Each adds its options to the program's and gives what runs it.
namespace coredact::cli {

/// Runs the command with the options that were parsed; gives the exit code.
using Run = std::function<int(StopSignal&)>;

Run addScan(CLI::App& program);
Run addRedact(CLI::App& program);
Run addVerify(CLI::App& program);
Run addMap(CLI::App& program);
Run addWatch(CLI::App& program);
Run addRules(CLI::App& program);
Run addFormats(CLI::App& program);
Run addKeygen(CLI::App& program);

/// The end of every command's help.
inline constexpr std::string_view exitCodeHelp
    = "Exit codes:\n"
      "  0  nothing found, or done and verified\n"
      "  1  findings at or above the threshold\n"
      "  2  usage or I/O error\n"
      "  3  the scan is incomplete: something could not be read or decoded\n"
      "  4  verification failed, no copy was written\n"
      "Where several are true the highest is given; 130 after an interrupt.\n";

} // namespace coredact::cli
