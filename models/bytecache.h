// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"
#include "scanner/client/protocol.h"

#include <QObject>

#include <functional>
#include <list>
#include <unordered_map>

namespace coredact {

/// The few windows of the dump that are on screen, in wiped buffers; the rest is asked from the
/// engine when somebody looks. Lives in the thread of the window.
class ByteCache : public QObject {
    Q_OBJECT

public:
    static constexpr std::uint32_t windowSize = 1U << 16;
    static constexpr std::size_t mostWindows = 64;

    /// Sends a Read; the answer comes back through `arrive` or `fail`. False: nobody to ask.
    using Ask = std::function<bool(std::uint64_t offset, std::uint32_t size)>;

    enum class State { Here, Asked, Unreadable };
    struct Look {
        State state = State::Unreadable;
        ByteView bytes; ///< from the offset to the window's end; valid until the next call
    };

    explicit ByteCache(QObject* parent = nullptr);

    /// Wipes everything and serves another file.
    void reset(std::uint64_t fileSize, Ask ask);
    std::uint64_t fileSize() const { return m_fileSize; }
    /// What is known at the offset; asks the engine where nothing is.
    Look at(std::uint64_t offset);
    /// Copies [offset, offset + target.size()); false (and asked) unless all of it is here.
    bool read(std::uint64_t offset, MutableByteView target);

    void arrive(std::uint64_t offset, ByteView bytes);
    void fail(std::uint64_t offset);
    /// Windows that were asked for or unreadable are asked again; for a new engine.
    void forgetFailures(Ask ask);

signals:
    /// The window at `offset` is here now, or known to be unreadable.
    void arrived(quint64 offset, quint32 size);

private:
    struct Kept {
        std::uint64_t index = 0;
        State state = State::Asked;
        SecureBuffer buffer;
        std::size_t size = 0;
    };
    std::uint32_t sizeOf(std::uint64_t index) const;
    Kept& touch(std::uint64_t index);

    std::uint64_t m_fileSize = 0;
    Ask m_ask;
    std::list<Kept> m_windows; ///< last used first
    std::unordered_map<std::uint64_t, std::list<Kept>::iterator> m_byIndex;
};

} // namespace coredact
