// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
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

/// Calls `make()` once for each thread, and what that answers with each number below `count`, in
/// rising order. Throws what a thread threw.
template <typename Make> void inParallel(std::size_t count, unsigned threads, const Make& make)
{
    if (count == 0)
        return;
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    std::exception_ptr failure;
    inThreads(std::min<std::size_t>(threads, count), [&](std::size_t) {
        try {
            auto take = make();
            for (std::size_t i = next.fetch_add(1); i < count; i = next.fetch_add(1))
                take(i);
        } catch (...) {
            const std::lock_guard lock(mutex);
            failure = std::current_exception();
        }
    });
    if (failure)
        std::rethrow_exception(failure);
}

} // namespace coredact
