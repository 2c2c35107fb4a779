// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"
#include "scanner/io/digest.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace coredact {

/// SHA-256 in a thread of its own, of bytes that its user reads into buffers meanwhile. Used by
/// one thread.
class BackgroundDigest {
public:
    static constexpr std::size_t bufferSize = 1U << 20;

    BackgroundDigest();
    /// Leaves what was not hashed yet.
    ~BackgroundDigest();
    BackgroundDigest(const BackgroundDigest&) = delete;
    BackgroundDigest& operator=(const BackgroundDigest&) = delete;

    /// A buffer of `bufferSize` bytes to fill; waits until one is free.
    MutableByteView buffer();
    /// Adds the first `size` bytes of that buffer. They may be read until the next call of
    /// `buffer`, but not changed.
    void add(std::size_t size);
    void addZeros(std::uint64_t count);
    /// Waits for all of it; call once.
    std::string hex();

private:
    static constexpr std::size_t buffers = 8;
    struct Part {
        std::size_t buffer; ///< `buffers` for zeros
        std::uint64_t size;
    };

    void put(Part part);
    void work();

    std::vector<SecureBuffer> m_buffers;
    std::size_t m_next = 0; ///< the buffer that the user has
    std::mutex m_mutex; ///< for what follows
    std::condition_variable m_changed;
    std::deque<Part> m_parts; ///< not hashed yet; the first is being hashed
    std::size_t m_waiting = 0; ///< parts that hold a buffer
    bool m_ended = false;
    bool m_dropped = false;
    Sha256 m_digest; ///< in the thread, until it has ended
    std::thread m_thread;
};

} // namespace coredact
