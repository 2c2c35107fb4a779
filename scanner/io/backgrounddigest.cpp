// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/io/backgrounddigest.h"

namespace coredact {

BackgroundDigest::BackgroundDigest()
{
    for (std::size_t i = 0; i < buffers; ++i)
        m_buffers.emplace_back(bufferSize);
    m_thread = std::thread([this] { work(); });
}

BackgroundDigest::~BackgroundDigest()
{
    if (!m_thread.joinable())
        return;
    {
        const std::lock_guard lock(m_mutex);
        m_dropped = true;
    }
    m_changed.notify_all();
    m_thread.join();
}

MutableByteView BackgroundDigest::buffer()
{
    // Buffers are taken in turn: one is free when fewer than all others wait.
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_waiting < buffers; });
    return m_buffers[m_next].bytes();
}

void BackgroundDigest::add(std::size_t size)
{
    put({m_next, size});
    m_next = (m_next + 1) % buffers;
}

void BackgroundDigest::addZeros(std::uint64_t count) { put({buffers, count}); }

std::string BackgroundDigest::hex()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ended = true;
    }
    m_changed.notify_all();
    m_thread.join();
    return m_digest.hex();
}

void BackgroundDigest::put(Part part)
{
    {
        const std::lock_guard lock(m_mutex);
        m_parts.push_back(part);
        m_waiting += part.buffer < buffers ? 1 : 0;
    }
    m_changed.notify_all();
}

void BackgroundDigest::work()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_changed.wait(lock, [this] { return m_dropped || m_ended || !m_parts.empty(); });
        if (m_dropped || m_parts.empty())
            return;
        const Part part = m_parts.front();
        lock.unlock();
        if (part.buffer < buffers)
            m_digest.add(ByteView(m_buffers[part.buffer].bytes())
                             .first(static_cast<std::size_t>(part.size)));
        else
            m_digest.addZeros(part.size);
        lock.lock();
        m_parts.pop_front();
        m_waiting -= part.buffer < buffers ? 1 : 0;
        m_changed.notify_all();
    }
}

} // namespace coredact
