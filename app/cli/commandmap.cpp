// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

#include "app/cli/choices.h"
#include "app/cli/messages.h"
#include "app/cli/reportfile.h"
#include "scanner/report/outcome.h"

namespace coredact::cli {

namespace {

struct Options {
    std::string path;
    std::string format = "text";
};

int run(const Options& options, StopSignal& stop)
{
    ProgressLine progress(ProgressMode::OnTerminal);
    Surroundings around {stop, progress};
    const auto opened = openForWork(options.path, around);
    if (!opened)
        return failed(around, opened.error());
    progress.clear();
    const report::ScannedDump dump = scannedDump(*opened);
    const Status given = giveReport({}, options.format == "json" ? report::mapToJson(dump)
                                                                 : report::mapToText(dump), {});
    if (!given)
        return failed(around, given.error());
    for (const Diagnostic& diagnostic : dump.dump.diagnostics) {
        if (diagnostic.incomplete)
            return static_cast<int>(report::Outcome::Incomplete);
    }
    return static_cast<int>(report::Outcome::Clean);
}

} // namespace

Run addMap(CLI::App& program)
{
    auto options = std::make_shared<Options>();
    CLI::App* command = program.add_subcommand("map", "Show what a dump holds: process, threads, "
                                                      "modules, memory");
    command->add_option("file", options->path, "The dump")->required()->type_name("FILE");
    addTextOrJson(*command, options->format);
    command->footer("Nothing is scanned. Exit code 3: the file is damaged or cut off.\n\n"
                    "Examples:\n"
                    "  coredact-cli map core.1234\n"
                    "  coredact-cli map --format json crash.dmp | jq .threads\n\n"
                    + std::string(exitCodeHelp));
    return [options](StopSignal& stop) { return run(*options, stop); };
}

} // namespace coredact::cli
