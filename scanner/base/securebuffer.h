// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"

#include <memory>
#include <vector>

namespace coredact {

/// Pages of our own for bytes of a dump: left out of core dumps (MADV_DONTDUMP) and wiped when
/// dropped. Movable, not copyable. Contents are zero at first. Throws std::bad_alloc.
class SecureBuffer {
public:
    SecureBuffer() = default;
    explicit SecureBuffer(std::size_t size);
    ~SecureBuffer();
    SecureBuffer(SecureBuffer&& other) noexcept;
    SecureBuffer& operator=(SecureBuffer&& other) noexcept;
    SecureBuffer(const SecureBuffer&) = delete;
    SecureBuffer& operator=(const SecureBuffer&) = delete;

    std::size_t size() const { return m_size; }
    std::uint8_t* data() { return m_data; }
    const std::uint8_t* data() const { return m_data; }
    MutableByteView bytes() { return {m_data, m_size}; }
    ByteView bytes() const { return {m_data, m_size}; }
    void wipe();

private:
    std::uint8_t* m_data = nullptr;
    std::size_t m_size = 0;
};

/// Overwrites memory in a way that the compiler keeps.
void wipe(MutableByteView bytes);

/// Gives memory that is wiped before it is freed; for small values such as one key.
template <typename T>
struct WipingAllocator {
    using value_type = T;
    WipingAllocator() = default;
    template <typename U>
    WipingAllocator(const WipingAllocator<U>&)
    {
    }
    T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
    void deallocate(T* memory, std::size_t count)
    {
        wipe({reinterpret_cast<std::uint8_t*>(memory), count * sizeof(T)});
        std::allocator<T>().deallocate(memory, count);
    }
    bool operator==(const WipingAllocator&) const { return true; }
};

/// A small secret value, wiped when dropped.
using SecretBytes = std::vector<std::uint8_t, WipingAllocator<std::uint8_t>>;

} // namespace coredact
