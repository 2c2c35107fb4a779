// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/postbox.h"

namespace coredact {

Postbox::Postbox(QObject* target)
    : m_shared(std::make_shared<Shared>())
{
    m_shared->target = target;
}

void Postbox::put(std::function<void()> work) const
{
    const std::lock_guard lock(m_shared->mutex);
    if (!m_shared->target)
        return;
    m_shared->waiting.push_back(std::move(work));
    if (m_shared->waiting.size() == 1) {
        QMetaObject::invokeMethod(
            m_shared->target, [shared = m_shared] { empty(shared); }, Qt::QueuedConnection);
    }
}

void Postbox::empty(const std::shared_ptr<Shared>& shared)
{
    std::vector<std::function<void()>> work;
    {
        const std::lock_guard lock(shared->mutex);
        work.swap(shared->waiting);
    }
    for (const auto& piece : work) {
        {
            const std::lock_guard lock(shared->mutex);
            if (!shared->target)
                return;
        }
        piece();
    }
}

void Postbox::close()
{
    const std::lock_guard lock(m_shared->mutex);
    m_shared->target = nullptr;
    m_shared->waiting.clear();
}

} // namespace coredact
