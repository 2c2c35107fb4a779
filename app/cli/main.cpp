// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "scanner/report/report.h"
#include "scanner/sandbox/sandbox.h"

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdio>
#include <new>

#include <unistd.h>

namespace {

using namespace coredact::cli;

constexpr int usageError = 2;

int runChosen(const CLI::App& program, const std::vector<std::pair<std::string, Run>>& commands)
{
    auto stop = StopSignal::make();
    if (!stop) {
        std::fprintf(stderr, "coredact-cli: %s\n", stop.error().message.c_str());
        return usageError;
    }
    for (const auto& [name, run] : commands) {
        if (program.got_subcommand(name))
            return run(**stop);
    }
    return usageError;
}

/// What is wrong with a first word that names no command; empty where nothing is.
std::string unknownCommand(const std::string& word,
                           const std::vector<std::pair<std::string, Run>>& commands)
{
    std::string names;
    for (const auto& [name, run] : commands) {
        if (word == name)
            return {};
        names += (names.empty() ? "" : ", ") + name;
    }
    if (word.empty())
        return "a command is missing; the commands are " + names;
    if (word.front() == '-')
        return {};
    const std::string shown = coredact::report::escaped(word);
    std::string said = shown + " is no command; the commands are " + names;
    if (::access(word.c_str(), F_OK) == 0)
        said += ". To look into that file: coredact-cli scan " + shown;
    return said;
}

/// "coredact-cli rules show": as much of it as was given.
std::string chosenCommand(const CLI::App* at)
{
    std::string words;
    for (;; at = at->get_subcommands().front()) {
        words += (words.empty() ? "" : " ") + at->get_name();
        if (at->get_subcommands().empty())
            return words;
    }
}

int parseAndRun(int argc, char** argv)
{
    CLI::App program {"Finds the secrets in crash dumps and writes verified copies without them.",
                      "coredact-cli"};
    program.set_version_flag("--version", "coredact " COREDACT_VERSION);
    program.require_subcommand(1);
    program.failure_message([](const CLI::App* app, const CLI::Error& error) {
        return std::string("coredact-cli: ") + error.what() + "\nTry '" + chosenCommand(app)
            + " --help'.\n";
    });
    program.footer("Examples:\n"
                   "  coredact-cli scan core.1234\n"
                   "  coredact-cli redact core.1234 -o for-vendor.core\n"
                   "  coredact-cli verify for-vendor.core\n\n"
                   "Each command explains itself with --help.\n\n"
                   + std::string(exitCodeHelp));
    const std::vector<std::pair<std::string, Run>> commands {
        {"scan", addScan(program)},       {"redact", addRedact(program)},
        {"verify", addVerify(program)},   {"map", addMap(program)},
        {"watch", addWatch(program)},     {"rules", addRules(program)},
        {"formats", addFormats(program)}, {"keygen", addKeygen(program)},
    };
    if (const std::string wrong = unknownCommand(argc > 1 ? argv[1] : "", commands);
        !wrong.empty()) {
        std::fprintf(stderr, "coredact-cli: %s\nTry 'coredact-cli --help'.\n", wrong.c_str());
        return usageError;
    }
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        // Help and version are no errors; everything else is a wrong usage, whatever CLI11 says.
        return program.exit(error) == 0 ? 0 : usageError;
    }
    return runChosen(program, commands);
}

} // namespace

int main(int argc, char** argv)
try {
    coredact::sandbox::openStandardFiles();
    for (const std::string& gap : coredact::sandbox::leaveNoCore())
        std::fprintf(stderr, "coredact-cli: %s\n", gap.c_str());
    std::signal(SIGPIPE, SIG_IGN); // a reader that went away is a write error
    return parseAndRun(argc, argv);
} catch (const std::bad_alloc&) {
    std::fputs("coredact-cli: not enough memory\n", stderr);
    return usageError;
} catch (const std::exception& error) {
    std::fprintf(stderr, "coredact-cli: %s\n", error.what());
    return usageError;
}
