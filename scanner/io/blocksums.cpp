// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/io/blocksums.h"

#include "scanner/base/securebuffer.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>
#include <new>
#include <thread>

#include <openssl/evp.h>
#include <openssl/rand.h>

namespace coredact {

namespace {

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

Result<std::vector<std::uint64_t>> blocksWithData(const Source& source)
{
    std::vector<std::uint64_t> blocks;
    for (std::uint64_t offset = 0; offset < source.size();) {
        const auto run = source.nextData(offset);
        if (!run)
            return run.error();
        if (!*run)
            break;
        std::uint64_t block = (*run)->first() / BlockSums::blockSize;
        if (!blocks.empty() && blocks.back() == block)
            ++block;
        for (; block <= (*run)->last() / BlockSums::blockSize; ++block)
            blocks.push_back(block);
        offset = (*run)->last() + 1;
    }
    return blocks;
}

} // namespace

BlockSums::Sum BlockSums::sumOf(const Key& key, std::uint64_t number, ByteView bytes)
{
    const Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    std::array<std::uint8_t, 12> nonce {};
    for (std::size_t i = 0; i < 8; ++i)
        nonce[i] = static_cast<std::uint8_t>(number >> (8 * i));
    Sum sum {};
    int written = 0;
    std::uint8_t none = 0;
    if (!cipher
        || EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.data(), nonce.data())
            != 1
        || EVP_EncryptUpdate(cipher.get(), nullptr, &written, bytes.data(),
                             static_cast<int>(bytes.size()))
            != 1
        || EVP_EncryptFinal_ex(cipher.get(), &none, &written) != 1
        || EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(sum.size()),
                               sum.data())
            != 1)
        throw std::bad_alloc();
    return sum;
}

Result<BlockSums> BlockSums::of(const Source& source, unsigned threads, const JobControl& control)
{
    auto blocks = blocksWithData(source);
    if (!blocks)
        return blocks.error();
    BlockSums sums;
    if (RAND_bytes(sums.m_key.data(), static_cast<int>(sums.m_key.size())) != 1)
        throw std::bad_alloc();
    sums.m_blocks = std::move(*blocks);
    sums.m_sums.resize(sums.m_blocks.size());
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        SecureBuffer buffer(blockSize);
        for (std::size_t i = next++; i < sums.m_blocks.size() && !control.cancelled(); i = next++) {
            const std::uint64_t offset = sums.m_blocks[i] * blockSize;
            const auto bytes = buffer.bytes().first(
                static_cast<std::size_t>(std::min(blockSize, source.size() - offset)));
            if (source.readAt(offset, bytes))
                sums.m_sums[i] = sumOf(sums.m_key, sums.m_blocks[i], bytes);
        }
    };
    std::vector<std::future<void>> others;
    for (unsigned i = 1; i < (threads != 0 ? threads : std::thread::hardware_concurrency()); ++i)
        others.push_back(std::async(std::launch::async, work));
    work();
    for (std::future<void>& other : others)
        other.get(); // throws what the thread threw
    if (control.cancelled())
        return Error {ErrorCode::Cancelled, "cancelled", std::nullopt};
    return sums;
}

bool BlockSums::agrees(std::uint64_t number, ByteView bytes) const
{
    const auto known = std::lower_bound(m_blocks.begin(), m_blocks.end(), number);
    if (known == m_blocks.end() || *known != number)
        return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
    return m_sums[static_cast<std::size_t>(known - m_blocks.begin())]
        == sumOf(m_key, number, bytes);
}

} // namespace coredact
