// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/bytecache.h"

#include <algorithm>

namespace coredact {

ByteCache::ByteCache(QObject* parent)
    : QObject(parent)
{
}

void ByteCache::reset(std::uint64_t fileSize, Ask ask)
{
    m_byIndex.clear();
    m_windows.clear();
    m_fileSize = fileSize;
    m_ask = std::move(ask);
}

std::uint32_t ByteCache::sizeOf(std::uint64_t index) const
{
    const std::uint64_t begin = index * windowSize;
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(windowSize, m_fileSize - begin));
}

ByteCache::Kept& ByteCache::touch(std::uint64_t index)
{
    if (const auto known = m_byIndex.find(index); known != m_byIndex.end()) {
        m_windows.splice(m_windows.begin(), m_windows, known->second);
        return m_windows.front();
    }
    while (m_windows.size() >= mostWindows) {
        m_byIndex.erase(m_windows.back().index);
        m_windows.pop_back();
    }
    m_windows.push_front(Kept {index, State::Unreadable, {}, 0});
    m_byIndex[index] = m_windows.begin();
    if (m_ask && m_ask(index * windowSize, sizeOf(index)))
        m_windows.front().state = State::Asked;
    return m_windows.front();
}

ByteCache::Look ByteCache::at(std::uint64_t offset)
{
    if (offset >= m_fileSize)
        return {};
    const Kept& kept = touch(offset / windowSize);
    if (kept.state != State::Here)
        return {kept.state, {}};
    const auto within = static_cast<std::size_t>(offset % windowSize);
    if (within >= kept.size)
        return {State::Unreadable, {}};
    return {State::Here, kept.buffer.bytes().subspan(within, kept.size - within)};
}

bool ByteCache::read(std::uint64_t offset, MutableByteView target)
{
    bool whole = true;
    while (!target.empty()) {
        if (offset >= m_fileSize)
            return false;
        const Look look = at(offset);
        const std::uint64_t toWindowEnd = windowSize - offset % windowSize;
        const auto step
            = static_cast<std::size_t>(std::min<std::uint64_t>(toWindowEnd, target.size()));
        if (look.state == State::Here && look.bytes.size() >= step)
            std::copy_n(look.bytes.begin(), step, target.begin());
        else
            whole = false;
        target = target.subspan(step);
        offset += step;
    }
    return whole;
}

void ByteCache::arrive(std::uint64_t offset, ByteView bytes)
{
    const auto known = m_byIndex.find(offset / windowSize);
    if (offset % windowSize != 0 || known == m_byIndex.end())
        return; // scrolled away meanwhile
    Kept& kept = *known->second;
    kept.size = std::min<std::size_t>(bytes.size(), sizeOf(kept.index));
    kept.state = kept.size == 0 ? State::Unreadable : State::Here;
    kept.buffer = SecureBuffer(kept.size);
    std::copy_n(bytes.begin(), kept.size, kept.buffer.bytes().begin());
    emit arrived(offset, sizeOf(kept.index));
}

void ByteCache::fail(std::uint64_t offset)
{
    const auto known = m_byIndex.find(offset / windowSize);
    if (known == m_byIndex.end())
        return;
    known->second->state = State::Unreadable;
    emit arrived(offset, sizeOf(known->second->index));
}

void ByteCache::forgetFailures(Ask ask)
{
    m_ask = std::move(ask);
    for (auto kept = m_windows.begin(); kept != m_windows.end();) {
        if (kept->state == State::Here) {
            ++kept;
            continue;
        }
        m_byIndex.erase(kept->index);
        kept = m_windows.erase(kept);
    }
    emit arrived(0, windowSize);
}

} // namespace coredact
