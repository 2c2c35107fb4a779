// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/base/securebuffer.h"

#include <cstring>
#include <new>
#include <utility>

#include <sys/mman.h>

namespace coredact {

SecureBuffer::SecureBuffer(std::size_t size)
    : m_size(size)
{
    if (size == 0)
        return;
    void* pages = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        throw std::bad_alloc();
    madvise(pages, size, MADV_DONTDUMP);
    m_data = static_cast<std::uint8_t*>(pages);
}

SecureBuffer::~SecureBuffer()
{
    if (!m_data)
        return;
    wipe();
    munmap(m_data, m_size);
}

SecureBuffer::SecureBuffer(SecureBuffer&& other) noexcept
    : m_data(std::exchange(other.m_data, nullptr))
    , m_size(std::exchange(other.m_size, 0))
{
}

SecureBuffer& SecureBuffer::operator=(SecureBuffer&& other) noexcept
{
    std::swap(m_data, other.m_data);
    std::swap(m_size, other.m_size);
    return *this;
}

void SecureBuffer::wipe()
{
    coredact::wipe(bytes());
}

void wipe(MutableByteView bytes)
{
    if (!bytes.empty())
        explicit_bzero(bytes.data(), bytes.size());
}

} // namespace coredact
