// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytereader.h"
#include "scanner/base/securebuffer.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace coredact::protocol {

/// Writes the part of CBOR (RFC 8949) that messages are made of: integers, byte strings, lists,
/// true, false and null, each of known length. The bytes may hold secrets and are wiped with it.
class CborWriter {
public:
    void number(std::uint64_t value) { head(0, value); }
    void signedNumber(std::int64_t value);
    void bytes(ByteView value);
    void list(std::uint64_t count) { head(4, count); }
    void boolean(bool value);
    void null();

    SecretBytes take() { return std::move(m_bytes); }

private:
    void head(std::uint8_t type, std::uint64_t value);

    SecretBytes m_bytes;
};

/// Reads the same, from bytes of somebody who is not trusted. The first thing that is not what
/// was asked for makes the reader fail; from then on everything is zero and empty. Lists are
/// bounded by the bytes that are left, and all lists of a message together by `maximumItems`.
class CborReader {
public:
    /// A place of a secret takes nine, so that some seven million of them fit, as into the bytes
    /// of the longest message.
    static constexpr std::uint64_t maximumItems = 1U << 26;

    explicit CborReader(ByteView bytes)
        : m_reader(bytes, ByteOrder::Big)
    {
    }

    std::uint64_t number();
    std::int64_t signedNumber();
    ByteView bytes();
    /// The number of items that follow.
    std::uint64_t list();
    bool boolean();
    /// Takes a null, where the next item is one.
    bool takeNull();

    /// The message is wrong in a way that only the caller sees; `why` is told in the error.
    void fail(std::string_view why);
    bool ok() const { return m_failure.empty(); }
    bool atEnd() const { return ok() && m_reader.left() == 0; }
    Error error() const;

private:
    std::uint64_t head(std::uint8_t type, std::string_view wanted);

    ByteReader m_reader;
    std::uint64_t m_items = 0;
    std::string m_failure;
    std::uint64_t m_failedAt = 0;
};

} // namespace coredact::protocol
