// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <system_error>
#include <thread>
#include <vector>

namespace coredact {

/// Calls `work(0)` in this thread and `work(1)` to `work(count - 1)` in others, and waits for all
/// of them. Where the system gives no more threads there are fewer: `work` is to take from what
/// all of them share, so that those there are do everything. `work` throws nothing.
template <typename Work> void inThreads(std::size_t count, const Work& work)
{
    std::vector<std::jthread> others;
    others.reserve(count);
    try {
        for (std::size_t i = 1; i < count; ++i)
            others.emplace_back(work, i);
    } catch (const std::system_error&) {
        // A limit of the user or the container.
    }
    work(std::size_t {0});
}

} // namespace coredact
