// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/io/rangesums.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>

#include <openssl/evp.h>
#include <openssl/rand.h>

namespace coredact {

namespace {

constexpr std::size_t pageSize = 4096;

bool constant(ByteView bytes)
{
    return bytes.size() < 2 || std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
}

void require(int answer)
{
    if (answer != 1)
        throw std::bad_alloc();
}

Error changed(std::uint64_t offset)
{
    return {ErrorCode::Changed, "the file changed since it was scanned", offset};
}

} // namespace

struct RangeSums::Maker::State {
    std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> cipher {EVP_CIPHER_CTX_new(),
                                                                            &EVP_CIPHER_CTX_free};
    std::uint64_t pages = 0;
    std::uint64_t size = 0;
    /// For each page of one repeated byte its number and the byte. The sum takes them in last,
    /// with how many bytes and such pages there were, so that no two files give the same input.
    std::vector<std::uint8_t> constants {};

    void update(ByteView bytes) const
    {
        int written = 0;
        require(EVP_EncryptUpdate(cipher.get(), nullptr, &written, bytes.data(),
                                  static_cast<int>(bytes.size())));
    }
    void note(std::uint64_t number)
    {
        for (unsigned i = 0; i < 8; ++i)
            constants.push_back(static_cast<std::uint8_t>(number >> 8 * i));
    }
};

RangeSums::Maker::Maker(const RangeSums& sums)
    : m_state(std::make_unique<State>())
{
    if (!m_state->cipher)
        throw std::bad_alloc();
    require(EVP_EncryptInit_ex(m_state->cipher.get(), EVP_aes_256_gcm(), nullptr, sums.m_key.data(),
                               nullptr));
}

RangeSums::Maker::~Maker() = default;
RangeSums::Maker::Maker(Maker&& other) noexcept = default;

void RangeSums::Maker::begin(std::uint64_t first)
{
    std::array<std::uint8_t, 12> nonce {};
    for (std::size_t i = 0; i < 8; ++i)
        nonce[i] = static_cast<std::uint8_t>(first >> (8 * i));
    require(EVP_EncryptInit_ex(m_state->cipher.get(), nullptr, nullptr, nullptr, nonce.data()));
    m_state->pages = 0;
    m_state->size = 0;
    m_state->constants.clear();
}

void RangeSums::Maker::addPage(ByteView page)
{
    if (constant(page)) {
        m_state->note(m_state->pages);
        m_state->constants.push_back(page.front());
    } else {
        m_state->update(page);
    }
    ++m_state->pages;
    m_state->size += page.size();
}

RangeSums::Sum RangeSums::Maker::end()
{
    const std::uint64_t noted = m_state->constants.size();
    m_state->note(noted);
    m_state->note(m_state->size);
    m_state->update(m_state->constants);
    Sum sum {};
    int written = 0;
    std::uint8_t none = 0;
    require(EVP_EncryptFinal_ex(m_state->cipher.get(), &none, &written));
    require(EVP_CIPHER_CTX_ctrl(m_state->cipher.get(), EVP_CTRL_GCM_GET_TAG,
                                static_cast<int>(sum.size()), sum.data()));
    return sum;
}

RangeSums::Sum RangeSums::Maker::of(const FileRange& range, ByteView bytes)
{
    begin(range.first());
    for (; !bytes.empty(); bytes = bytes.subspan(std::min(pageSize, bytes.size())))
        addPage(bytes.first(std::min(pageSize, bytes.size())));
    return end();
}

RangeSums::RangeSums() { require(RAND_bytes(m_key.data(), static_cast<int>(m_key.size()))); }

void RangeSums::addUnreadable(const FileRange& range)
{
    Sum random {};
    require(RAND_bytes(random.data(), static_cast<int>(random.size())));
    add(range, random);
}

void RangeSums::settle()
{
    std::sort(m_entries.begin(), m_entries.end(), [](const Entry& first, const Entry& second) {
        return first.range.first() < second.range.first();
    });
}

RangeSums::Check::Check(const RangeSums& sums)
    : m_sums(sums)
    , m_maker(sums)
    , m_page(pageSize)
{
}

std::uint64_t RangeSums::Check::untilNext() const
{
    if (m_underWay)
        return m_sums.m_entries[m_next].range.last() - m_offset + 1;
    if (m_next == m_sums.m_entries.size())
        return std::numeric_limits<std::uint64_t>::max();
    return m_sums.m_entries[m_next].range.first() - m_offset;
}

Status RangeSums::Check::pass(ByteView bytes)
{
    while (!bytes.empty()) {
        if (!m_underWay && untilNext() == 0) {
            m_maker.begin(m_offset);
            m_underWay = true;
        }
        const auto part = bytes.first(
            static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), untilNext())));
        if (m_underWay)
            addToRange(part);
        else if (!constant(part) || part.front() != 0)
            return changed(m_offset);
        m_offset += part.size();
        bytes = bytes.subspan(part.size());
        if (m_underWay && m_offset > m_sums.m_entries[m_next].range.last())
            if (Status same = endRange(); !same)
                return same;
    }
    return {};
}

Status RangeSums::Check::passZeros(std::uint64_t count)
{
    static constexpr std::array<std::uint8_t, pageSize> zeros {};
    while (count > 0) {
        const std::uint64_t gap = m_underWay ? 0 : std::min(count, untilNext());
        m_offset += gap;
        count -= gap;
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(count, zeros.size()));
        if (Status same = pass(ByteView(zeros).first(size)); !same)
            return same;
        count -= size;
    }
    return {};
}

void RangeSums::Check::addToRange(ByteView bytes)
{
    while (!bytes.empty()) {
        const std::size_t size = std::min(bytes.size(), pageSize - m_held);
        if (size == pageSize) {
            m_maker.addPage(bytes.first(size));
        } else {
            std::memcpy(m_page.data() + m_held, bytes.data(), size);
            m_held += size;
            if (m_held == pageSize) {
                m_maker.addPage(m_page.bytes());
                m_held = 0;
            }
        }
        bytes = bytes.subspan(size);
    }
}

Status RangeSums::Check::endRange()
{
    if (m_held > 0)
        m_maker.addPage(m_page.bytes().first(m_held));
    m_held = 0;
    m_underWay = false;
    const Entry& entry = m_sums.m_entries[m_next++];
    if (m_maker.end() != entry.sum)
        return changed(entry.range.first());
    return {};
}

} // namespace coredact
