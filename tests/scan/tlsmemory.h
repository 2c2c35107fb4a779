// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/aes/schedule.h"
#include "scanner/rules/keys/tlskeys.h"
#include "scanner/rules/keys/tlssession.h"
#include "tests/support/scanning.h"

#include <openssl/rand.h>

#include <random>

/// Memory of a process that speaks TLS, made for each run, and what a scan finds in it.
namespace coredact::test {

using Bytes = std::vector<std::uint8_t>;

inline SecretBytes drawn(std::size_t size)
{
    SecretBytes bytes(size);
    RAND_bytes(bytes.data(), static_cast<int>(size));
    return bytes;
}

/// Memory of a process: pieces at multiples of 16, with noise between them.
class Memory {
public:
    static constexpr std::uint64_t base = 0x555555550000;

    explicit Memory(std::uint64_t start = base)
        : m_start(start)
    {
        pad(4096);
    }
    std::uint64_t put(ByteView piece)
    {
        pad(48 + (16 - m_bytes.size() % 16) % 16);
        const std::uint64_t address = m_start + m_bytes.size();
        m_bytes.insert(m_bytes.end(), piece.begin(), piece.end());
        return address;
    }
    ScanResult scanned(unsigned threads = 1, std::size_t window = std::size_t {1} << 20)
    {
        pad(4096);
        Dump dump = rawDump(m_bytes.size());
        dump.wordSize = 8;
        dump.segments.push_back({*AddressRange::make(m_start, m_bytes.size()),
                                 *FileRange::make(0, m_bytes.size()),
                                 {true, true, false},
                                 RegionKind::Heap,
                                 "[heap]"});
        return test::scanned(m_bytes, dump, cut(threads, window));
    }

private:
    void pad(std::size_t size)
    {
        for (; size > 0; --size)
            m_bytes.push_back(static_cast<std::uint8_t>(m_dice() | 0x80U));
    }

    std::uint64_t m_start;
    Bytes m_bytes;
    std::mt19937 m_dice {7};
};

inline void append(Bytes& bytes, ByteView more)
{
    bytes.insert(bytes.end(), more.begin(), more.end());
}

inline void append(Bytes& bytes, std::uint64_t value, std::size_t size)
{
    for (std::size_t i = 0; i < size; ++i)
        bytes.push_back(static_cast<std::uint8_t>(value >> 8 * i & 0xff));
}

/// A secret in a field of 64 bytes.
inline Bytes field(ByteView secret)
{
    Bytes bytes(secret.begin(), secret.end());
    bytes.resize(64);
    return bytes;
}

inline SecretBytes scheduleOf(ByteView secret, std::string_view label = "key")
{
    return expandAesKey(tlsExpandLabel(secret, label, secret.size() == 48 ? 32 : 16));
}

inline std::vector<const Finding*> findingsOf(const ScanResult& result, std::string_view rule,
                                              const SecretBytes& value)
{
    std::vector<const Finding*> found;
    for (std::size_t i = 0; i < result.findings.size(); ++i)
        if (result.findings[i].rule == rule && result.values[i].value == value)
            found.push_back(&result.findings[i]);
    return found;
}

inline bool isVerified(const ScanResult& result, std::string_view rule, const SecretBytes& value)
{
    const auto found = findingsOf(result, rule, value);
    return found.size() == 1 && found[0]->confidence == Confidence::Verified;
}

} // namespace coredact::test
