// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <iterator>

#include <sys/wait.h>

/// What a process sees of itself: used to show that nothing is left behind.
namespace coredact {

inline std::size_t openDescriptors()
{
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}));
}

/// True when no child is left, neither running nor dead and uncollected.
inline bool noChildIsLeft()
{
    return waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD;
}

} // namespace coredact
