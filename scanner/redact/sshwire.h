// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"

#include <optional>
#include <string>
#include <vector>

/// SSH's way of writing things down (RFC 4251, section 5), and base64 around it.
namespace coredact::sshwire {

/// Numbers and strings one after the other.
class Writer {
public:
    Writer& raw(ByteView bytes);
    Writer& raw(std::string_view text) { return raw(asBytes(text)); }
    Writer& number(std::uint32_t value);
    Writer& string(ByteView bytes);
    Writer& string(std::string_view text) { return string(asBytes(text)); }
    const SecretBytes& bytes() const { return m_bytes; }

private:
    SecretBytes m_bytes;
};

/// Reads the same; after a read that failed all others give nothing too.
class Reader {
public:
    explicit Reader(ByteView bytes)
        : m_left(bytes)
    {
    }
    /// True, and past it, when `text` comes next.
    bool raw(std::string_view text);
    std::optional<std::uint32_t> number();
    std::optional<ByteView> string();
    ByteView left() const { return m_left; }

private:
    ByteView m_left;
    bool m_failed = false;
};

/// With padding, on one line.
SecretBytes toBase64(ByteView bytes);
/// Nothing unless the text is exactly what `toBase64` writes.
std::optional<SecretBytes> fromBase64(std::string_view text);

/// "-----BEGIN LABEL-----", base64 in lines of 70 characters, "-----END LABEL-----".
SecretBytes armoured(std::string_view label, ByteView bytes);
/// What stands between those lines; blanks and line ends do not count.
std::optional<SecretBytes> unarmoured(std::string_view label, ByteView text);

} // namespace coredact::sshwire
