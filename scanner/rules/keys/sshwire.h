// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/detector.h"
#include "scanner/rules/keys/bignumber.h"

namespace coredact {

/// Reads SSH's strings (RFC 4251 5): a 32-bit length and as many bytes. After a failure nothing
/// more is read; ask `ok()` at the end.
class WireReader {
public:
    WireReader(ByteView bytes, std::size_t position)
        : m_bytes(bytes)
        , m_position(position)
    {
    }

    std::uint32_t number()
    {
        if (!m_ok || m_position > m_bytes.size() || m_bytes.size() - m_position < 4) {
            m_ok = false;
            return 0;
        }
        std::uint32_t value = 0;
        for (int i = 0; i < 4; ++i)
            value = value << 8 | m_bytes[m_position++];
        return value;
    }

    Span string(std::size_t atMost = 12288)
    {
        const std::size_t size = number();
        if (!m_ok || size > atMost || size > m_bytes.size() - m_position) {
            m_ok = false;
            return {};
        }
        m_position += size;
        return {m_position - size, m_position};
    }

    ByteView view(Span span) const { return m_bytes.subspan(span.begin, span.end - span.begin); }
    BigNumber integer(Span span) const { return BigNumber::fromBigEndian(view(span)); }
    std::size_t position() const { return m_position; }
    bool ok() const { return m_ok; }

private:
    ByteView m_bytes;
    std::size_t m_position;
    bool m_ok = true;
};

} // namespace coredact
