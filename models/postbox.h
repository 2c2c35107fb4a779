// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace coredact {

/// Carries work from other threads to the thread of one object, many pieces at a time and in
/// order. Copies share the box; after `close()` what is put in is dropped, so that senders may
/// outlive the object.
class Postbox {
public:
    explicit Postbox(QObject* target);

    void put(std::function<void()> work) const; ///< any thread
    void close(); ///< in the target's thread, before it goes

private:
    struct Shared {
        std::mutex mutex;
        QObject* target = nullptr;
        std::vector<std::function<void()>> waiting;
    };
    static void empty(const std::shared_ptr<Shared>& shared);

    std::shared_ptr<Shared> m_shared;
};

} // namespace coredact
