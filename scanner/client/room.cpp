// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/client/room.h"

#include "scanner/client/client.h"

#include <sys/statvfs.h>
#include <sys/sysinfo.h>

namespace coredact {
namespace {

std::uint64_t freeMemory()
{
    struct sysinfo system = {};
    return sysinfo(&system) == 0 ? std::uint64_t {system.freeram} * system.mem_unit : 0;
}

std::uint64_t freeAround(int file)
{
    struct statvfs system = {};
    return fstatvfs(file, &system) == 0 ? std::uint64_t {system.f_bavail} * system.f_frsize : 0;
}

} // namespace

Result<Room> makeRoom(const std::string& folder)
{
    if (auto file = unlinkedFile(folder); file) {
        const std::uint64_t free = freeAround(file->number());
        return Room {std::move(*file), free / 10 * 9};
    }
    auto memory = memoryFile();
    if (!memory)
        return memory.error();
    return Room {std::move(*memory), freeMemory() / 4};
}

} // namespace coredact
