// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/client/engineprocess.h"

#include <cstdlib>
#include <filesystem>
#include <tuple>

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

namespace coredact {
namespace {

constexpr off_t mostBytes = off_t {64} << 20;

std::filesystem::path variable(const char* name)
{
    const char* value = std::getenv(name);
    return value ? value : "";
}

bool copyInto(int target, int source, off_t size)
{
    off_t offset = 0;
    while (offset < size) {
        const ssize_t count
            = sendfile(target, source, &offset, static_cast<std::size_t>(size - offset));
        if (count <= 0)
            return false;
    }
    return true;
}

/// Where the user has no compiled rules, or older ones than the program came with, those of the
/// program take their place. Engines check what they read, also while it is being written.
void beginWith(const std::string& shipped, int cache)
{
    const Descriptor source(open(shipped.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    struct stat there = {};
    struct stat here = {};
    if (!source || fstat(source.number(), &there) != 0 || fstat(cache, &here) != 0
        || !S_ISREG(there.st_mode) || !S_ISREG(here.st_mode) || there.st_size == 0
        || there.st_size > mostBytes)
        return;
    const bool same = there.st_dev == here.st_dev && there.st_ino == here.st_ino;
    const bool older = std::tie(here.st_mtim.tv_sec, here.st_mtim.tv_nsec)
        < std::tie(there.st_mtim.tv_sec, there.st_mtim.tv_nsec);
    if (same || (here.st_size > 0 && !older))
        return;
    if (ftruncate(cache, 0) == 0 && !copyInto(cache, source.number(), there.st_size))
        (void)!ftruncate(cache, 0);
}

} // namespace

std::string shippedRuleCache()
{
    const std::string folder = folderOfProgram();
    return folder.empty() ? std::string() : folder + "/../share/coredact/rules.cache";
}

Descriptor openRuleCache(const std::string& shipped)
{
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
    Descriptor cache(
        open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600));
    if (cache)
        beginWith(shipped, cache.number());
    return cache;
}

} // namespace coredact
