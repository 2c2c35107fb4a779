// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytereader.h"
#include "scanner/base/securebuffer.h"

namespace coredact {

/// Makes the pseudonyms of one export: "CDR~" and up to twelve letters and digits that are an
/// HMAC-SHA256 under a random key of 32 bytes. Who has the copy can tell equal secrets from
/// different ones, and nothing else: the key lives as long as this object and is written nowhere.
class TokenMaker {
public:
    TokenMaker();

    /// The token of `name`, at most `size` bytes long; `size` is at least 8.
    std::string token(std::string_view name, std::uint64_t size) const;

private:
    SecretBytes m_key;
};

/// ASCII text in UTF-16, as bytes.
std::string inUtf16(std::string_view text, ByteOrder order);

} // namespace coredact
