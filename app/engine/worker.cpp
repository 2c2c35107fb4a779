// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/worker.h"

namespace coredact::engine {

Worker::Worker()
    : m_thread([this] { work(); })
{
}

Worker::~Worker()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_ending = true;
        m_tasks.clear();
    }
    m_changed.notify_all();
    m_thread.join();
}

void Worker::add(std::function<void()> task)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_tasks.push_back(std::move(task));
    }
    m_changed.notify_all();
}

void Worker::work()
{
    std::unique_lock lock(m_mutex);
    while (true) {
        m_changed.wait(lock, [this] { return m_ending || !m_tasks.empty(); });
        if (m_ending)
            return;
        const std::function<void()> task = std::move(m_tasks.front());
        m_tasks.pop_front();
        lock.unlock();
        task();
        lock.lock();
    }
}

} // namespace coredact::engine
