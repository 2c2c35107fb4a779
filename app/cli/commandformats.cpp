// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

#include "app/cli/choices.h"
#include "app/cli/messages.h"
#include "app/cli/reportfile.h"
#include "scanner/client/copyname.h"
#include "scanner/formats/format.h"

#include <nlohmann/json.hpp>

namespace coredact::cli {

namespace {

std::string formatsText()
{
    std::string text = "Formats\n";
    for (const Format& format : formats()) {
        std::string line = "  " + std::string(format.id);
        line.resize(std::max<std::size_t>(line.size() + 2, 16), ' ');
        text += line + std::string(format.title) + "\n";
    }
    text += "\nContainers, also inside one another\n ";
    for (const std::string_view name : containerNames())
        text += " " + std::string(name);
    return text + "\n\nA file of no known format is scanned as raw bytes.\n";
}

std::string formatsJson()
{
    nlohmann::ordered_json document {{"schema", "coredact-formats/1"}};
    document["formats"] = nlohmann::ordered_json::array();
    for (const Format& format : formats())
        document["formats"].push_back({{"id", format.id}, {"title", format.title}});
    document["containers"] = nlohmann::ordered_json::array();
    for (const std::string_view name : containerNames())
        document["containers"].push_back(name);
    return document.dump(2) + "\n";
}

} // namespace

Run addFormats(CLI::App& program)
{
    auto format = std::make_shared<std::string>("text");
    CLI::App* command
        = program.add_subcommand("formats", "The formats and containers that can be opened");
    addTextOrJson(*command, *format);
    command->footer(std::string(exitCodeHelp));
    return [format](StopSignal& stop) {
        ProgressLine progress(ProgressMode::Never);
        Surroundings around {stop, progress};
        const Status given
            = giveReport({}, *format == "json" ? formatsJson() : formatsText(), {});
        return given ? 0 : failed(around, given.error());
    };
}

} // namespace coredact::cli
