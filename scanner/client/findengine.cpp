// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/client/engineprocess.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>
#include <vector>

#include <unistd.h>

namespace coredact {

std::string folderOfProgram()
{
    std::array<char, 4096> path = {};
    const ssize_t size = readlink("/proc/self/exe", path.data(), path.size());
    const std::string program(path.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    const auto slash = program.rfind('/');
    return slash == std::string::npos ? std::string() : program.substr(0, slash);
}

Result<std::string> findEngine()
{
    std::vector<std::string> places;
    if (const std::string folder = folderOfProgram(); !folder.empty()) {
        places.push_back(folder);
        places.push_back(folder + "/../libexec/coredact");
    }
    const char* path = std::getenv("PATH");
    std::string_view rest = path ? path : "";
    while (!rest.empty()) {
        const std::string_view folder = rest.substr(0, rest.find(':'));
        rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
        if (!folder.empty())
            places.emplace_back(folder);
    }
    for (const std::string& place : places)
        if (const std::string engine = place + "/coredact-engine";
            access(engine.c_str(), X_OK) == 0)
            return engine;
    return Error {ErrorCode::Sandbox, "the program coredact-engine was not found", std::nullopt};
}

} // namespace coredact
