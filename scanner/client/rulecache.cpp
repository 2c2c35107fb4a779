// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/client/engineprocess.h"

#include <cstdlib>
#include <filesystem>

#include <fcntl.h>

namespace coredact {

Descriptor openRuleCache()
{
    const auto variable = [](const char* name) {
        const char* value = std::getenv(name);
        return std::filesystem::path(value ? value : "");
    };
    std::filesystem::path folder = variable("XDG_CACHE_HOME");
    if (!folder.is_absolute()) {
        const std::filesystem::path home = variable("HOME");
        if (!home.is_absolute())
            return {};
        folder = home / ".cache";
    }
    folder /= "coredact";
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
        return {};
    const std::string file = folder / "rules.cache";
    return Descriptor(
        open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600));
}

} // namespace coredact
